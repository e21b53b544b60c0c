"""The settings of the buttons."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """The wearer's buttons, each with the BCM number of its GPIO pin."""

    gpio: int = setting(
        -1, "The pin of the button that asks what is seen; -1: there is no such button", low=-1, high=27
    )
    louder_gpio: int = setting(-1, "The pin of the button for louder; -1: there is no such button", low=-1, high=27)
    quieter_gpio: int = setting(-1, "The pin of the button for quieter; -1: there is no such button", low=-1, high=27)
