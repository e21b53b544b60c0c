"""Builds the speaker that the settings and the command line name, and says texts with it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from assistant.errors import AssistantError, ConfigError, SpeechError, VoiceError
from assistant.files import configuration_folder, expanded
from assistant.frame import Clock
from assistant.speech.boards import NO_BOARD
from assistant.speech.drivers.alsa import check_sound_device
from assistant.speech.drivers.engine import VoiceChoice, check_engine, engine_of
from assistant.speech.drivers.phrase_cache import PhraseCache, phrase_folder
from assistant.speech.drivers.renderer import RenderedPhrases, render_all
from assistant.speech.drivers.speakers import PrintSpeaker, ReckonedSpeaker, aloud, into_files
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.phrases import Phrases
from assistant.speech.registry import ENGINES, VOICES
from assistant.speech.settings import DEFAULT_DEVICE, VoiceSettings
from assistant.speech.speaker import Speaker

WORDINGS = "phrases.toml"
LEAST_RATE_WPM = 80
SPARE_ENGINE = "espeak-ng"
"""The engine that says why the program cannot start, when the chosen engine may be the reason."""


def load_phrases(settings: VoiceSettings, config: Path | None) -> Phrases:
    """Return the phrases of the language, with the person's own wordings; raise ConfigError when these are wrong.

    The wordings are in the file that the settings name, or else in phrases.toml, which is beside the settings file
    `config`, or in the configuration folder when `config` is None.
    """
    if settings.wordings:
        return Phrases.load(settings.language, expanded(settings.wordings))
    folder = configuration_folder() if config is None else config.parent
    own = folder / WORDINGS
    return Phrases.load(settings.language, own if own.is_file() else None)


def voice_choice(settings: VoiceSettings, phrases: Phrases, engine: str = "") -> VoiceChoice:
    """Return the voice of the settings, with the language's own values where the settings leave them open.

    `engine` replaces the engine of the settings. Raises ConfigError for a rate that is too slow.
    """
    if 0 < settings.rate_wpm < LEAST_RATE_WPM:
        allowed = f"0, for the language's own rate, or a whole number from {LEAST_RATE_WPM} to 450"
        raise ConfigError(f"voice.rate_wpm = {settings.rate_wpm}: allowed is {allowed}")
    return VoiceChoice(
        engine=engine or settings.engine,
        voice_name=settings.name,
        language=phrases.voice.espeak,
        rate_wpm=settings.rate_wpm or phrases.voice.rate_wpm,
        volume=settings.volume * phrases.voice.volume,
        device=settings.output,
        board=settings.board,
        stays_open=settings.stays_open,
    )


def engine_named(voice: str) -> str:
    """Return the engine that a value of `--voice` names; empty when the value leaves the engine to the settings."""
    return voice if voice in ENGINES else ""


def build_speaker(  # noqa: PLR0913 - the voice that was named, and all that it is built from
    name: str,
    settings: VoiceSettings,
    phrases: Phrases,
    clock: Clock,
    *,
    printed: TextIO,
    remarks: list[str],
    fast: bool = False,
    waits: bool = False,
    wake: Callable[[], None] = lambda: None,
) -> Speaker:
    """Return the speaker for a value of `--voice`; raise ConfigError when there is no such value.

    A voice that was named and cannot speak raises SpeechError. For `auto` the reason goes into `remarks`, and what
    would be said is printed to `printed`. With `waits` it is enough that the voice may speak later, when a sound device
    is plugged in or an engine is installed. With `fast`, a phrase lasts on `clock` as long as it would aloud. `wake` is
    called when a phrase has ended aloud, when the voice fails, and when it works again.
    """
    kind, _, folder = name.partition(":")
    choice = voice_choice(settings, phrases, engine_named(name))
    if kind == "wav" and folder:
        check_engine(choice)
        return ReckonedSpeaker(into_files(choice, Path(folder)), clock, choice.rate_wpm)
    if name in ("none", "print"):
        return ReckonedSpeaker(PrintSpeaker(printed if name == "print" else None), clock, choice.rate_wpm)
    if name not in (*ENGINES, "auto"):
        raise ConfigError(f"--voice {name!r}: allowed is {VOICES}")
    if name == "auto" and not waits and not _is_audible(choice, remarks):
        return ReckonedSpeaker(PrintSpeaker(printed), clock, choice.rate_wpm)
    if waits:
        _remark_what_is_missing(choice, remarks)
    else:
        check_engine(choice)
        check_sound_device(choice.device)
    return aloud_with(choice, phrases, clock, fast=fast, wake=wake)


def aloud_with(
    choice: VoiceChoice,
    phrases: Phrases,
    clock: Clock,
    *,
    fast: bool = False,
    wake: Callable[[], None] = lambda: None,
) -> Speaker:
    """Return a speaker that renders these phrases in advance; whether it can speak is not checked."""
    spoken = aloud(choice, keep_all=fast, wake=wake)
    if fast:
        return ReckonedSpeaker(spoken, clock, choice.rate_wpm)
    spoken.prepare(phrases.finite())
    return spoken


def _is_audible(choice: VoiceChoice, remarks: list[str]) -> bool:
    try:
        check_engine(choice)
        check_sound_device(choice.device)
    except VoiceError:
        raise
    except SpeechError as error:
        remarks += [str(error), "There is no voice: what would be said is printed."]
        return False
    return True


def _remark_what_is_missing(choice: VoiceChoice, remarks: list[str]) -> None:
    """Add to `remarks` what may be installed later; raise VoiceError for a voice that does not exist."""
    try:
        check_engine(choice)
    except VoiceError:
        raise
    except SpeechError as error:
        remarks.append(f"{error}: it is tried again with each phrase")


def render_phrases(settings: VoiceSettings, config: Path | None) -> Iterator[int]:
    """Render all phrases of the language that are not in the cache, and yield after each how many are left.

    Several phrases are rendered at a time. Raises SpeechError when the engine fails.
    """
    phrases = load_phrases(settings, config)
    choice = voice_choice(settings, phrases)
    check_engine(choice)
    voice_status, texts = VoiceStatus(), list(phrases.finite())
    rendered = RenderedPhrases(engine_of(choice), PhraseCache(phrase_folder()), voice_status)
    with contextlib.closing(rendered):
        for left in render_all(rendered, texts):
            if left is None:
                errors = [status.error for status in voice_status.take_changes() if status.error is not None]
                raise errors[0] if errors else SpeechError(f"{choice.engine} does not answer")
            yield left


def say_texts(texts: Sequence[str], settings: VoiceSettings, config: Path | None) -> None:
    """Say these texts and wait until they are said; raise SpeechError when they did not sound."""
    _say(texts, voice_choice(settings, load_phrases(settings, config)))


def _say(texts: Sequence[str], choice: VoiceChoice) -> None:
    """Say these texts and wait until they are said; raise SpeechError when they did not sound."""
    check_engine(choice)
    check_sound_device(choice.device)
    speaker = aloud(choice)
    try:
        speaker.say(texts)
    finally:
        speaker.close(finish=True)
    changes = speaker.take_changes()
    if changes and changes[-1].error is not None:
        raise changes[-1].error


def say_fault(phrase: str, voice: str, settings: VoiceSettings) -> bool:
    """Say why the program cannot start, and return whether that sounded.

    The named voice is tried first, then a plain one on the same device, then the plain one on the default device.
    """
    if voice not in (*ENGINES, "auto"):
        return False
    phrases = Phrases.load(settings.language)
    wanted = replace(settings, engine=engine_named(voice) or settings.engine)
    plain = replace(settings, engine=SPARE_ENGINE, name="", rate_wpm=0)  # the voice may be what is wrong
    for each in (wanted, plain, replace(plain, device=DEFAULT_DEVICE, board=NO_BOARD)):
        with contextlib.suppress(AssistantError):
            _say([phrases.all()[phrase]], voice_choice(each, phrases))
            return True
    return False
