"""Reads and saves the settings for the page. What it saves overrides the machine's settings file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from assistant.app.configuration.pins import refuse_equal_pins
from assistant.app.configuration.settings import Settings, parse_settings
from assistant.app.configuration.settings_files import Layers, load_layers, state_file
from assistant.app.drivers.settings_writer import change
from assistant.errors import AssistantError, ConfigError
from assistant.health.settings import command_words
from assistant.speech.build import load_phrases, voice_choice
from assistant.speech.drivers.alsa import check_sound_device
from assistant.speech.drivers.engine import check_engine
from assistant.speech.settings import VoiceSettings
from assistant.web.headset.settable import refusal

ENGINE = frozenset({"voice.engine", "voice.name", "voice.language"})
DEVICE = "voice.device"


class SettingsStore:
    """Reads the layers of settings, and writes the wearer's own file."""

    def __init__(self, machine: Path | None, own: Path | None = None) -> None:
        """`machine` is the settings file of the command line; `own` replaces the wearer's own file."""
        self._machine = machine
        self._own = own or state_file()

    @property
    def folder(self) -> Path:
        """The folder of the wearer's own file, which also has the page's own files."""
        return self._own.parent

    def load(self) -> Layers:
        """Read the settings from the disk; raise ConfigError when the machine's file is wrong."""
        return load_layers(self._machine, self._own)

    def save(self, values: Mapping[str, Any], try_device: Callable[[str], None] = check_sound_device) -> None:
        """Save these values, by names like `voice.volume`; raise ConfigError and save none when one is refused.

        A value is refused when it may not be changed on the page, or when it would keep the headset silent at its next
        start: a voice or a sound output that does not exist, two parts on one pin, or no command for the battery.

        Args:
            values: The new values.
            try_device: A function that opens a sound output; it raises SpeechError when that fails.
        """
        for name, value in values.items():
            if why := refusal(name, value):
                raise ConfigError(f"{name}: {why}")
        settings = with_values(self.load().settings, values)
        self._try_voice(settings.voice, values.keys(), try_device)
        refuse_equal_pins(settings)
        command_words(settings.battery)
        try:
            change(self._own, values)
        except OSError as error:
            raise ConfigError(f"{self._own}: the settings cannot be written: {error.strerror}") from error

    def _try_voice(self, voice: VoiceSettings, changed: Collection[str], try_device: Callable[[str], None]) -> None:
        try:
            choice = voice_choice(voice, load_phrases(voice, self._machine))
            if not ENGINE.isdisjoint(changed):
                check_engine(choice)
            if DEVICE in changed:
                try_device(choice.device)
        except AssistantError as error:
            raise ConfigError(f"The headset could not speak with these settings: {error}") from error


def with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Return the settings with some values changed; raise ConfigError when one is not allowed."""
    table = {section: as_table(getattr(settings, section)) for section in as_table(settings)}
    for name, value in values.items():
        section, _, key = name.partition(".")
        table[section][key] = value
    return parse_settings(table)


def as_table(values: Any) -> dict[str, Any]:
    """Return the fields of a slotted dataclass, one level deep."""
    return {name: getattr(values, name) for name in values.__dataclass_fields__}
