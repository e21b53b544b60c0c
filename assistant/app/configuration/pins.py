"""Refuses settings that give one GPIO pin to two parts."""

from __future__ import annotations

import dataclasses

from assistant.app.configuration.settings import Settings
from assistant.errors import ConfigError

PIN = "gpio"
"""The key of a setting for a pin is this, or ends with it."""


def refuse_equal_pins(settings: Settings) -> None:
    """Raise ConfigError when two buttons, motors or the light are set to the same pin; it names both settings."""
    taken: dict[int, str] = {}
    for name, pin in _pins(settings):
        if pin < 0:
            continue
        if pin in taken:
            raise ConfigError(
                f"{name} = {pin}: {taken[pin]} has this pin; give each button, motor and the light a pin of its own"
            )
        taken[pin] = name


def _pins(settings: Settings) -> list[tuple[str, int]]:
    """Return the settings for pins with their numbers."""
    return [
        (f"{section.name}.{each.name}", getattr(getattr(settings, section.name), each.name))
        for section in dataclasses.fields(settings)
        for each in dataclasses.fields(getattr(settings, section.name))
        if each.name == PIN or each.name.endswith(f"_{PIN}")
    ]
