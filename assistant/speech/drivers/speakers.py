"""Speakers, none of which makes the loop wait: aloud, into WAV files, in print, or not at all."""

from __future__ import annotations

import collections
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from assistant.errors import SpeechError
from assistant.frame import Clock
from assistant.speech.drivers import tone_waves
from assistant.speech.drivers.engines import VoiceChoice, engine_of
from assistant.speech.drivers.mixer import BoardMixer
from assistant.speech.drivers.outlet import Outlet, WavFolder
from assistant.speech.drivers.phrase_cache import PhraseCache, phrase_folder
from assistant.speech.drivers.player import Player
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import Samples
from assistant.speech.speaker import Speaker, VoiceChange
from assistant.speech.tones import NOTES, Tone

DRAIN_TIMEOUT_S = 120.0
CUT_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Utterance:
    texts: Sequence[str]
    tone: Tone | None
    cancelled: threading.Event = field(default_factory=threading.Event)


class ThreadedSpeaker:
    """Says phrases in a thread: a new phrase cuts off the one before, or with `keep_all` waits for it."""

    def __init__(
        self, phrases: RenderedPhrases, outlet: Outlet, voice_status: VoiceStatus, *, keep_all: bool = False
    ) -> None:
        self._phrases = phrases
        self._outlet = outlet
        self._voice_status = voice_status
        self._keep_all = keep_all
        self._waiting: collections.deque[_Utterance] = collections.deque()
        self._current: _Utterance | None = None
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def prepare(self, texts: Iterable[str]) -> None:
        """Render these texts in advance, at a low priority; a text that fails is rendered when it is said."""
        self._phrases.prepare(texts)

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Begin to say these texts, the tone first; unless all are kept, cut off what is being said."""
        with self._changed:
            if not self._keep_all:
                self._cut()
            self._waiting.append(_Utterance(tuple(texts), tone))
            self._changed.notify_all()

    def silence(self) -> None:
        """Cut off what is being said, unless all are kept."""
        with self._changed:
            if not self._keep_all:
                self._cut()

    def is_speaking(self) -> bool:
        """Return whether something is being said or about to be said."""
        with self._changed:
            current = self._current is not None and not self._current.cancelled.is_set()
            return current or bool(self._waiting)

    def set_volume(self, volume: float) -> None:
        """Set the volume from now on, from 0 to 1."""
        self._outlet.set_volume(volume)

    def take_changes(self) -> Sequence[VoiceChange]:
        """Return how the voice has changed since the last call, the oldest change first."""
        return self._voice_status.take_changes()

    def close(self, *, finish: bool) -> None:
        """Close the voice: with `finish` when everything is said, otherwise at once."""
        with self._changed:
            self._closing = True
            if not finish:
                self._cut()
            self._changed.notify_all()
        self._thread.join(DRAIN_TIMEOUT_S if finish else CUT_TIMEOUT_S)
        self._phrases.close()
        self._outlet.close(finish=finish)

    def _cut(self) -> None:
        self._waiting.clear()
        if self._current is not None:
            self._current.cancelled.set()
        self._outlet.cut()

    def _run(self) -> None:
        while (utterance := self._next()) is not None:
            try:
                self._utter(utterance)
            except Exception as error:  # whatever the error is (a full disk, say), the next phrase is tried
                self._voice_status.failed("voice", error)
            else:
                self._voice_status.worked("voice")

    def _next(self) -> _Utterance | None:
        with self._changed:
            if self._current is not None:
                self._current = None
                self._voice_status.wake()
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if self._waiting:
                self._current = self._waiting.popleft()
            return self._current

    def _utter(self, utterance: _Utterance) -> None:
        """Say the texts until the engine fails; a tone then stands for the text that failed and those after it."""
        self._outlet.begin(", ".join(utterance.texts) or str(utterance.tone))
        if utterance.tone is not None:
            self._add(utterance, tone_waves.samples(utterance.tone))
        elif not self._keep_all and any(text not in self._phrases for text in utterance.texts[:1]):
            # A phrase begins to sound at once, even when the engine is slow.
            self._add(utterance, tone_waves.samples(Tone.WAIT))
        for text in utterance.texts:
            sound = self._phrases.sound(text, utterance.cancelled)
            self._add(utterance, tone_waves.samples(Tone.FAULT) if sound is None else sound)
            if sound is None:
                break
        if not utterance.cancelled.is_set():
            self._outlet.end()

    def _add(self, utterance: _Utterance, sound: Samples) -> None:
        with self._changed:
            if not utterance.cancelled.is_set():
                self._outlet.add(sound)


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
