"""The settings of the page."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class WebSettings:
    """This page, for a helper and for who has no headset."""

    enabled: bool = setting(False, "Whether `assistant run` serves the page")
    host: str = setting(
        "127.0.0.1", "The address it listens on; 0.0.0.0: all; any but this machine's own wants the token, over TLS"
    )
    port: int = setting(8765, "Its port; 0: one that is free", high=65535)
    names: str = setting("", "Further names that it is called by, such as headset.home, with spaces between")
    certificate: str = setting("", "Its certificate, a PEM file; empty: it makes one itself")
    key: str = setting("", "That certificate's key, a PEM file")
    viewers: int = setting(3, "How many may look through the camera at once", low=1, high=16)
    fps: float = setting(8.0, "Pictures a second that each of them is shown", unit="a second", low=0.5, high=30)
