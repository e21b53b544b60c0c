"""The settings of what is shown and felt beside the voice."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class LightSettings:
    """The light that tells other people that the camera sees, with the BCM number of its GPIO pin."""

    gpio: int = setting(
        -1, "The pin of the light that is on while the camera sees; -1: there is no light", low=-1, high=27
    )
