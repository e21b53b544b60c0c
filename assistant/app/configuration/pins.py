"""Refuses settings that give one GPIO pin to two parts; a sound board is one of the parts."""

from __future__ import annotations

import dataclasses

from assistant.app.configuration.settings import Settings
from assistant.errors import ConfigError
from assistant.speech.boards import BOARDS

BUTTONS = "button."

PIN = "gpio"
"""The key of a setting for a pin is this, or ends with it."""


def refuse_equal_pins(settings: Settings) -> None:
    """Raise ConfigError when two buttons, motors, the light or the sound board are set to the same pin.

    It names both settings. The button that is on a sound board may be one of the headset's buttons.
    """
    taken: dict[int, str] = {}
    for name, pin in _pins(settings):
        if pin < 0:
            continue
        _refuse_pin_of_board(name, pin, settings.voice.board)
        if pin in taken:
            raise ConfigError(
                f"{name} = {pin}: {taken[pin]} has this pin; give each button, motor and the light a pin of its own"
            )
        taken[pin] = name


def _refuse_pin_of_board(name: str, pin: int, board_name: str) -> None:
    board = BOARDS.get(board_name)
    if board is None or pin not in board.pins or (pin == board.button_gpio and name.startswith(BUTTONS)):
        return
    raise ConfigError(
        f"{name} = {pin}: the sound board {board_name} takes this pin: {board.pins[pin]}; choose another pin"
    )


def _pins(settings: Settings) -> list[tuple[str, int]]:
    """Return the settings for pins with their numbers."""
    return [
        (f"{section.name}.{each.name}", getattr(getattr(settings, section.name), each.name))
        for section in dataclasses.fields(settings)
        for each in dataclasses.fields(getattr(settings, section.name))
        if is_pin(each.name)
    ]


def is_pin(name: str) -> bool:
    """Return whether the setting of this name, with or without its section, is a pin."""
    key = name.rpartition(".")[2]
    return key == PIN or key.endswith(f"_{PIN}")
