"""Builds the battery from its settings, and says what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.errors import BatteryError
from assistant.health.battery import Battery, NoBattery
from assistant.health.drivers.battery_command import BatteryCommand
from assistant.health.drivers.battery_reader import BatteryReader, BatterySource, first_charge
from assistant.health.drivers.pisugar import ADDRESS, PiSugar
from assistant.health.drivers.power_supply import PowerSupply
from assistant.health.settings import BatterySettings, command_words


def build_battery(settings: BatterySettings, now: Callable[[], float], *, is_read: bool = True) -> Battery:
    """Return the battery, which is read from now on, if it `is_read` at all; `now` dates the readings.

    ConfigError is raised when the command cannot be used.
    """
    sources = battery_sources(settings) if is_read else []
    return BatteryReader(sources, now) if sources else NoBattery()


def battery_sources(settings: BatterySettings) -> list[BatterySource]:
    """Return where the charge is looked for, in this order; ConfigError is raised when the command cannot be used."""
    words = command_words(settings)
    commands: list[BatterySource] = [BatteryCommand(words)] if words else []
    sources: Mapping[str, list[BatterySource]] = {
        "auto": [*commands, PowerSupply(), PiSugar()],
        "off": [],
        "sys": [PowerSupply()],
        "pisugar": [PiSugar(address=ADDRESS)],
        "command": commands,
    }
    return sources[settings.source]


def examine_battery(settings: BatterySettings) -> str:
    """Return in words what is known of the battery; raise BatteryError when a battery that is set cannot be read."""
    sources = battery_sources(settings)
    if not sources:
        return "it is not read, as battery.source says"
    try:
        found = first_charge(sources)
    finally:
        for source in sources:
            source.close()
    if found is not None:
        source, charge = found
        return f"{charge.percent:.0f}% full{', charging' if charge.is_charging else ''}, says {source.name}"
    if settings.source != "auto":
        raise BatteryError(f"battery.source is {settings.source}, but {sources[0].name} knows of no battery")
    return "this machine knows of none; it cannot say how full it is"
