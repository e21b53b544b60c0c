"""The buttons' settings."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import ConfigError
from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """The wearer's buttons, each by the number of its GPIO pin (BCM)."""

    gpio: int = setting(-1, "The button that asks what is seen; -1: there is none", low=-1, high=27)
    louder_gpio: int = setting(-1, "The one that makes the voice louder; -1: there is none", low=-1, high=27)
    quieter_gpio: int = setting(-1, "The one that makes it quieter; -1: there is none", low=-1, high=27)


def refuse_equal_pins(button: ButtonSettings) -> None:
    """Raise ConfigError when two buttons are set to the same pin; it names the second of them."""
    taken: set[int] = set()
    for name in ("gpio", "louder_gpio", "quieter_gpio"):
        pin = getattr(button, name)
        if pin >= 0 and pin in taken:
            raise ConfigError(f"button.{name} = {pin}: another button has this pin; give each button a pin of its own")
        taken.add(pin)
