"""Takes up settings that were changed while the program runs; what cannot be exchanged waits for the next start."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path

from assistant.app.components import Components
from assistant.app.drivers.settings_writer import set_aside
from assistant.app.settings import Settings
from assistant.app.settings_files import load_layers, state_file
from assistant.controls.gestures import ControlPanel
from assistant.emotion.debounce import Debouncer
from assistant.errors import AssistantError
from assistant.speech.build import load_phrases, voice_choice
from assistant.speech.drivers.alsa import check_sound_device
from assistant.speech.drivers.engines import VoiceChoice, check_engine
from assistant.speech.phrases import Phrases
from assistant.speech.settings import VoiceSettings
from assistant.speech.speaker import Speaker

EXCHANGEABLE = ("announce", "speech", "debounce", "gestures", "voice")
"""Sections that are taken up while the program runs."""

LASTING = ("debounce.lost_s",)
"""What of them is not: those who follow a face know it too."""

logger = logging.getLogger(__name__)


def changed(old: Settings, new: Settings) -> tuple[str, ...]:
    """The names, section.key, of what differs."""
    return tuple(
        f"{section.name}.{each.name}"
        for section in fields(Settings)
        for each in fields(getattr(old, section.name))
        if getattr(getattr(old, section.name), each.name) != getattr(getattr(new, section.name), each.name)
    )


def needing_restart(names: Sequence[str]) -> tuple[str, ...]:
    """Those of these settings that count only from the next start on."""
    return tuple(name for name in names if name in LASTING or name.partition(".")[0] not in EXCHANGEABLE)


Build = Callable[[VoiceChoice, Phrases], Speaker]


class Reload:
    """Reads the settings again, and puts what has changed in place."""

    def __init__(  # noqa: PLR0913 - what it exchanges, and for what
        self,
        config: Path | None,
        settings: Settings,
        parts: Components,
        panel: ControlPanel,
        *,
        build: Build | None = None,
        engine: str = "",
    ) -> None:
        """`settings` are those that the parts were built with; `build` makes a speaker, None where it must stay.

        `engine` is the one of the command line, empty for that of the settings.
        """
        self._config = config
        self._first = self._settings = settings
        self._parts = parts
        self._panel = panel
        self._build = build
        self._engine = engine

    def take_up(self) -> Sequence[str]:
        """Refused ones leave all as it was. Returns what is to be said, as keys of phrases."""
        heard = self._as_heard()
        try:
            layers = load_layers(self._config)
            self._change_voice(layers.settings.voice)
        except AssistantError as error:
            logger.warning("the settings are not taken up: %s", error)
            return ("settings_wrong",)
        if layers.damage:
            set_aside(state_file())
        return (*self._apply(layers.settings, heard), *(("changes_lost",) if layers.damage else ()))

    def try_device(self, device: str) -> None:
        """Open a sound device for a moment; SpeechError where that cannot be done.

        The voice is closed meanwhile, since a card may have room for one program alone.
        """
        if self._build is None:
            check_sound_device(device)
            return
        self._parts.speech.speaker.close(finish=False)
        try:
            check_sound_device(device)
        finally:
            self._speak_as_before(self._build)

    def _as_heard(self) -> Settings:
        """The settings with what the wearer has changed by hand, which is no news to them."""
        settings, parts = self._settings, self._parts
        return replace(
            settings,
            announce=replace(settings.announce, mode=str(parts.announcer.mode)),
            voice=replace(settings.voice, volume=parts.speech.volume),
        )

    def _apply(self, new: Settings, heard: Settings) -> Sequence[str]:
        old, self._settings = self._settings, new
        names = [name for name in changed(old, new) if name in changed(heard, new)]
        if not names:
            return ()
        parts = self._parts
        parts.announcer.update_settings(new.announce)
        parts.speech.update_settings(new.speech)
        self._panel.update_settings(new.gestures)
        if new.debounce != old.debounce:
            parts.debouncer = Debouncer(new.debounce)
        late = needing_restart(changed(self._first, new))
        logger.info("settings taken up: %s; only from the next start on: %s", ", ".join(names), ", ".join(late) or "-")
        return ("settings_new", "restart_needed") if needing_restart(names) and late else ("settings_new",)

    def _change_voice(self, new: VoiceSettings) -> None:
        """SpeechError or ConfigError when it cannot be, and then the old one stays."""
        old, speech = self._settings.voice, self._parts.speech
        phrases, speaker = load_phrases(new, self._config), speech.speaker
        if self._build is not None and _sounds_different(old, new):
            choice = voice_choice(new, phrases, self._engine)
            check_engine(choice)
            speaker = self._exchanged(self._build, choice, phrases, is_new_device=new.device != old.device)
        volume = speech.volume if new.volume == old.volume else new.volume  # the wearer may have changed it
        speech.change_voice(speaker, phrases, volume=volume, tones=new.tones)

    def _exchanged(self, build: Build, choice: VoiceChoice, phrases: Phrases, *, is_new_device: bool) -> Speaker:
        """Another speaker; the one before is closed first, and built again where the new one cannot be.

        A card may have room for one alone: a new device can only be tried when the old one is free.
        """
        self._parts.speech.speaker.close(finish=False)
        try:
            if is_new_device:
                check_sound_device(choice.device)
            return build(choice, phrases)
        except AssistantError:
            self._speak_as_before(build)
            raise

    def _speak_as_before(self, build: Build) -> None:
        """A speaker like the one that was closed."""
        speech, voice = self._parts.speech, self._settings.voice
        speaker = build(voice_choice(voice, speech.phrases, self._engine), speech.phrases)
        speech.change_voice(speaker, speech.phrases, volume=speech.volume, tones=voice.tones)


def _sounds_different(old: VoiceSettings, new: VoiceSettings) -> bool:
    return replace(old, volume=0.0, tones=False) != replace(new, volume=0.0, tones=False)
