"""Reads the settings: the machine's file, and above it, key by key, what the wearer has changed."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.app.configuration.settings import Settings, parse_settings
from assistant.documents import read_toml
from assistant.errors import ConfigError
from assistant.files import state_folder
from assistant.speech.settings import VoiceSettings

DAMAGED_SUFFIX = ".damaged"

logger = logging.getLogger(__name__)

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layers:
    """The settings with the files that they come from."""

    settings: Settings
    sources: Mapping[str, Path]
    """The file of each setting that a file sets, by the setting's name, section.key."""
    damage: str = ""
    """Why the wearer's own file is ignored; empty when it is read."""


def state_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the wearer's own file: in systemd's folder for the service, else in the user's."""
    return state_folder(environment) / "settings.toml"


def load_settings(machine: Path | None) -> Settings:
    """Return the settings of the machine's file, or the defaults for None, changed by the wearer's own file.

    ConfigError names the file, the setting, its value and what is allowed. A damaged file of the wearer is ignored,
    with a warning in the log.
    """
    return load_layers(machine).settings


def load_layers(machine: Path | None, own: Path | None = None) -> Layers:
    """Return the settings with the file of each; `own` replaces the path of the wearer's file.

    Errors: `load_settings`.
    """
    own = own or state_file()
    below = {} if machine is None else read_table(machine)
    damage = ""
    try:
        above = read_table(own) if own.exists() else {}
    except (ConfigError, OSError) as error:
        above, damage = {}, str(error)
        logger.warning("%s; this file is ignored", error)
    sources = _names(below, machine) | _names(above, own)
    return Layers(parse_settings(_merged(below, above)), sources, damage)


def read_layers(machine: Path | None) -> Layers:
    """Load the layers for a program that runs. A damaged file of the wearer is renamed, so that a new one can begin."""
    layers = load_layers(machine)
    if layers.damage:
        set_aside(state_file())
    return layers


def set_aside(path: Path) -> None:
    """Rename a damaged file, so that a person can still look at it."""
    try:
        path.replace(path.with_name(path.name + DAMAGED_SUFFIX))
    except OSError as error:
        logger.warning("%s: is damaged and cannot be renamed: %s", path, error.strerror)


def read_table(path: Path) -> Table:
    """Read a file and check its settings; ConfigError names the file, the setting and what is allowed."""
    table = read_toml(path, ConfigError)
    try:
        parse_settings(table)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return table


def voice_of(machine: Path | None) -> VoiceSettings:
    """Return the voice that says that the settings are wrong: those settings of the voice that are right."""
    voice = VoiceSettings()
    for file in (machine, state_file()):
        for key, value in _voice_table(file).items():
            with contextlib.suppress(ConfigError):
                checked = parse_settings({"voice": {key: value}}).voice
                voice = dataclasses.replace(voice, **{key: getattr(checked, key)})
    return voice


def _voice_table(file: Path | None) -> Table:
    if file is None:
        return {}
    try:
        table = read_toml(file, ConfigError).get("voice")
    except ConfigError:
        return {}
    return table if isinstance(table, dict) else {}


def _merged(below: Table, above: Table) -> Table:
    return {name: {**below.get(name, {}), **above.get(name, {})} for name in (*below, *above)}


def _names(table: Table, file: Path | None) -> dict[str, Path]:
    if file is None:
        return {}
    return {f"{section}.{key}": file for section, values in table.items() for key in values}
