"""Speakers, none of which makes the loop wait: aloud, into WAV files, in print, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from assistant.errors import SpeechError
from assistant.frame import Clock
from assistant.speech.drivers.engine import VoiceChoice, engine_of
from assistant.speech.drivers.mixer import BoardMixer
from assistant.speech.drivers.outlet import WavFolder
from assistant.speech.drivers.phrase_cache import PhraseCache, phrase_folder
from assistant.speech.drivers.player import Player
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.threaded_speaker import ThreadedSpeaker
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.guiding.cue import Cue
from assistant.speech.speaker import Speaker, VoiceChange
from assistant.speech.tones import NOTES, Tone


class PrintSpeaker:
    """Prints what would be said, or without a stream does nothing; `say` may raise BrokenPipeError."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._voice_status = VoiceStatus()

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Print the tone's name in a line, and the texts in the next."""
        if self._stream is None:
            return
        lines = [*([f"tone: {tone}"] if tone is not None else []), *([f"says: {', '.join(texts)}"] if texts else [])]
        try:
            print("\n".join(lines), file=self._stream, flush=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._voice_status.failed("print", SpeechError(f"what would be said cannot be printed: {error.strerror}"))
        else:
            self._voice_status.worked("print")

    def silence(self) -> None:
        """Do nothing: what is printed stays."""

    def is_speaking(self) -> bool:
        """Return False: printing takes no time."""
        return False

    def guide(self, cue: Cue | None) -> None:
        """Do nothing: a sound of many pulses is not printed."""

    def set_volume(self, volume: float) -> None:
        """Do nothing: print has no volume."""

    def take_changes(self) -> Sequence[VoiceChange]:
        """Return since the last call when printing failed, and when it worked again."""
        return self._voice_status.take_changes()

    def close(self, *, finish: bool) -> None:
        """Do nothing: the stream belongs to the caller."""


class ReckonedSpeaker:
    """A speaker around another one, whose phrases last as long on the given clock as they would aloud."""

    def __init__(self, speaker: Speaker, clock: Clock, rate_wpm: int) -> None:
        self._speaker = speaker
        self._clock = clock
        self._rate_wpm = rate_wpm
        self._until_s = float("-inf")

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Hand the texts on, and compute how long they last."""
        tone_s = sum(note.length_s for note in NOTES[tone]) if tone is not None else 0.0
        words_s = speech_length_s(", ".join(texts), self._rate_wpm) if texts else 0.0
        self._until_s = self._clock.now() + tone_s + words_s
        self._speaker.say(texts, tone)

    def silence(self) -> None:
        """Cut off the phrase, in the other speaker too."""
        self._until_s = float("-inf")
        self._speaker.silence()

    def is_speaking(self) -> bool:
        """Return whether the phrase would still sound."""
        return self._clock.now() < self._until_s

    def guide(self, cue: Cue | None) -> None:
        """Do nothing: the other speaker does not know how long phrases last on this clock."""

    def set_volume(self, volume: float) -> None:
        """Set the volume of the other speaker."""
        self._speaker.set_volume(volume)

    def take_changes(self) -> Sequence[VoiceChange]:
        """Return the changes of the other speaker."""
        return self._speaker.take_changes()

    def close(self, *, finish: bool) -> None:
        """Close the other speaker."""
        self._speaker.close(finish=finish)


def speech_length_s(text: str, rate_wpm: int) -> float:
    """Return for how many seconds espeak-ng speaks, with its pause: a line fitted to English phrases at 175 wpm."""
    return (0.45 + 0.051 * len(text)) * 175 / rate_wpm


def aloud(choice: VoiceChoice, *, keep_all: bool = False, wake: Callable[[], None] = lambda: None) -> ThreadedSpeaker:
    """Return a speaker that renders with the chosen engine and plays on the chosen device.

    `wake` is called when a phrase has ended, when the voice fails, and when it works again.
    """
    voice_status = VoiceStatus(wake)
    phrases = RenderedPhrases(engine_of(choice), PhraseCache(phrase_folder()), voice_status)
    player = Player(
        choice.device,
        voice_status,
        volume=choice.volume,
        stays_open=choice.stays_open,
        before_opening=BoardMixer(choice.board).set,
    )
    return ThreadedSpeaker(phrases, player, voice_status, keep_all=keep_all)


def into_files(choice: VoiceChoice, folder: Path) -> ThreadedSpeaker:
    """Return a speaker that renders with the chosen engine, each phrase into a numbered WAV file of `folder`."""
    voice_status = VoiceStatus()
    phrases = RenderedPhrases(engine_of(choice), PhraseCache(phrase_folder()), voice_status)
    return ThreadedSpeaker(phrases, WavFolder(folder), voice_status, keep_all=True)
