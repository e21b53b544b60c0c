"""Reads the settings in layers, key by key: the machine's file, above it the card's, then what the wearer changed."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.app.configuration.card import CardSettings, card_path, read_card
from assistant.app.configuration.pins import is_pin, refuse_equal_pins
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
    card: CardSettings = CardSettings()
    """What the memory card's boot partition says, with its faults."""


def state_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the wearer's own file: in systemd's folder for the service, else in the user's."""
    return state_folder(environment) / "settings.toml"


def load_settings(machine: Path | None) -> Settings:
    """Return the settings of the machine's file, or the defaults for None, changed by the card's and the wearer's file.

    ConfigError names the file, the setting, its value and what is allowed. A damaged file of the wearer, and what is
    wrong in that of the card, is ignored with a warning in the log.
    """
    return load_layers(machine).settings


def load_layers(machine: Path | None, own: Path | None = None, *, with_card: bool = True) -> Layers:
    """Return the settings with the file of each; `own` replaces the path of the wearer's file.

    `with_card` tells whether the card's settings count; its faults are returned in any case. Errors: `load_settings`.
    """
    own = own or state_file()
    machines = {} if machine is None else read_table(machine)
    card = fitting(read_card(card_path()), machines)
    for fault in card.faults:
        logger.warning("%s: %s; this is ignored", card.path, fault)
    counting = card.table if with_card else {}
    below = _merged(machines, counting)
    damage = ""
    try:
        above = read_table(own) if own.exists() else {}
    except (ConfigError, OSError) as error:
        above, damage = {}, str(error)
        logger.warning("%s; this file is ignored", error)
    sources = _names(machines, machine) | _names(counting, card.path) | _names(above, own)
    return Layers(parse_settings(_merged(below, above)), sources, damage, card)


def fitting(card: CardSettings, machines: Table) -> CardSettings:
    """Return the card's settings without its pins when one of them has another use already; that becomes a fault."""
    pins = [name for name in _names(card.table, Path()) if is_pin(name)]
    why = _clash(_merged(machines, card.table))
    if not pins or not why or _clash(machines):
        return card
    named = next((name for name in pins if why.startswith(f"{name} ")), pins[0])
    return card.without([named, *(name for name in pins if name != named)], why)


def _clash(table: Table) -> str:
    """Return which two parts have one pin; an empty text when all have their own."""
    try:
        refuse_equal_pins(parse_settings(table))
    except ConfigError as error:
        return str(error)
    return ""


def read_layers(machine: Path | None, *, with_card: bool = True) -> Layers:
    """Load the layers for a program that runs. A damaged file of the wearer is renamed, so that a new one can begin."""
    layers = load_layers(machine, with_card=with_card)
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
    for table in (_voice_table(machine), read_card(card_path()).table.get("voice", {}), _voice_table(state_file())):
        for key, value in table.items():
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
