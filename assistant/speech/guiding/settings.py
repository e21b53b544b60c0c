"""The settings of the sound that leads to the face."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class GuidingSettings:
    """The sound that leads to the face."""

    always: bool = setting(
        False,
        "Whether the sound also begins unasked when somebody is seen who is not in the middle; not in the mode `ask`, "
        "and not while muted",
    )
    stereo: bool = setting(
        True,
        "Whether the wearer hears left and right with different ears; if not, one long pulse means left, and two short "
        "ones mean right",
    )
    height: bool = setting(
        True,
        "Whether the sound also leads up and down; for a camera at the chest choose false",
    )
    longest_s: float = setting(
        30.0,
        "The sound ends after this time even if no face has come to the middle; a larger value leads for longer",
        unit="seconds",
        low=5,
        high=300,
    )
