"""The buttons' settings."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """The wearer's buttons, each by the number of its GPIO pin (BCM)."""

    gpio: int = setting(-1, "The button that asks what is seen; -1: there is none", low=-1, high=27)
    louder_gpio: int = setting(-1, "The one that makes the voice louder; -1: there is none", low=-1, high=27)
    quieter_gpio: int = setting(-1, "The one that makes it quieter; -1: there is none", low=-1, high=27)
