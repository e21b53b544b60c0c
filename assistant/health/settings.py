"""The settings of the battery."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from assistant.errors import ConfigError, shown
from assistant.setting import setting

SOURCES = ("auto", "off", "sys", "pisugar", "command")


@dataclass(frozen=True, slots=True)
class BatterySettings:
    """The battery: where its charge is read, and when it is said."""

    source: str = setting(
        "auto",
        "Where the charge is read; auto: the command if there is one, otherwise the kernel, otherwise PiSugar's server",
        choices=SOURCES,
    )
    command: str = setting(
        "",
        "A command of your own that prints the charge in percent, and behind it charging while it charges; "
        "it runs without a shell",
        private=True,
    )
    low_percent: int = setting(
        20, "At this charge the headset says how full the battery is; a larger value says it earlier", low=15, high=90
    )
    switch_off_percent: int = setting(
        5,
        "At this charge the service switches the machine off, unless the battery charges; "
        "a larger value is safer for the memory card, 0: never",
        low=0,
        high=14,
    )


def command_words(battery: BatterySettings) -> list[str]:
    """Return the words of the command; none when there is no command.

    ConfigError is raised when it cannot be split, or when it is the source and is empty.
    """
    try:
        words = shlex.split(battery.command)
    except ValueError as error:
        raise ConfigError(f"battery.command = {shown(battery.command)}: {str(error).lower()}") from error
    if battery.source == "command" and not words:
        raise ConfigError('battery.source = "command": set battery.command too')
    return words
