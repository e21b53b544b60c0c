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


@dataclass(frozen=True, slots=True)
class HapticsSettings:
    """The motors that the wearer feels, each with the BCM number of its GPIO pin."""

    left_gpio: int = setting(-1, "The pin of the motor on the left; -1: there is no such motor", low=-1, high=27)
    middle_gpio: int = setting(-1, "The pin of the motor in the middle; -1: there is no such motor", low=-1, high=27)
    right_gpio: int = setting(-1, "The pin of the motor on the right; -1: there is no such motor", low=-1, high=27)
    strength: float = setting(
        1.0, "How strongly the motors vibrate, as a share of their full strength; a larger value is stronger", low=0.1
    )

    def gpios(self) -> dict[str, int]:
        """Return the pins of the motors that there are, by their sides as directions name them."""
        wanted = {"left": self.left_gpio, "ahead": self.middle_gpio, "right": self.right_gpio}
        return {side: gpio for side, gpio in wanted.items() if gpio >= 0}
