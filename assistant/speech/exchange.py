"""Exchanges the voice while the program runs: other settings, another language, a sound device that is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.errors import AssistantError
from assistant.speech.build import load_phrases, voice_choice
from assistant.speech.drivers.alsa import check_sound_device
from assistant.speech.drivers.engine import VoiceChoice, check_engine
from assistant.speech.phrases import Phrases
from assistant.speech.settings import VoiceSettings
from assistant.speech.speaker import Speaker
from assistant.speech.voice import VoiceController

Build = Callable[[VoiceChoice, Phrases], Speaker]


class VoiceExchange:
    """Gives a voice controller another speaker. A sound card may have room for one speaker only.

    So the old speaker is closed before the new sound device is tried, and built again when the new one fails.
    """

    def __init__(
        self,
        voice: VoiceController,
        settings: VoiceSettings,
        config: Path | None,
        *,
        build: Build | None = None,
        engine: str = "",
    ) -> None:
        """The `voice` was built for these settings.

        `build` makes a speaker; without it the speaker stays. `engine` is the engine that the command line names; an
        empty text leaves it to the settings.
        """
        self._voice = voice
        self._settings = settings
        self._config = config
        self._build = build
        self._engine = engine

    def change(self, new: VoiceSettings) -> None:
        """Speak with these settings from now on.

        SpeechError or ConfigError is raised when that cannot be done, and the old voice stays.
        """
        old, voice = self._settings, self._voice
        phrases, speaker = load_phrases(new, self._config), voice.speaker
        if self._build is not None and _sounds_different(old, new):
            choice = voice_choice(new, phrases, self._engine)
            check_engine(choice)
            speaker = self._exchanged(self._build, choice, phrases, is_new_device=new.output != old.output)
        volume = voice.volume if new.volume == old.volume else new.volume  # the wearer may have changed it
        voice.change_voice(speaker, phrases, volume=volume, tones=new.tones)
        self._settings = new

    def try_device(self, device: str) -> None:
        """Open a sound device for a moment; SpeechError is raised when that fails.

        The speaker is closed before, and built again afterwards.
        """
        if self._build is None:
            check_sound_device(device)
            return
        self._voice.speaker.close(finish=False)
        try:
            check_sound_device(device)
        finally:
            self._restore(self._build)

    def _exchanged(self, build: Build, choice: VoiceChoice, phrases: Phrases, *, is_new_device: bool) -> Speaker:
        self._voice.speaker.close(finish=False)
        try:
            if is_new_device:
                check_sound_device(choice.device)
            return build(choice, phrases)
        except AssistantError:
            self._restore(build)
            raise

    def _restore(self, build: Build) -> None:
        """Build a speaker like the one that was closed."""
        voice, settings = self._voice, self._settings
        speaker = build(voice_choice(settings, voice.phrases, self._engine), voice.phrases)
        voice.change_voice(speaker, voice.phrases, volume=voice.volume, tones=settings.tones)


def _sounds_different(old: VoiceSettings, new: VoiceSettings) -> bool:
    return replace(old, volume=0.0, tones=False) != replace(new, volume=0.0, tones=False)
