"""Speakers: aloud, into WAV files, in print, or not at all. None of them makes the loop wait."""

from __future__ import annotations

import collections
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from assistant.errors import SpeechError
from assistant.frame import Clock
from assistant.speech.drivers import tone_waves
from assistant.speech.drivers.engines import VoiceChoice, engine_of
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
    """Says phrases in a thread of its own: the newest wins, or, with `keep_all`, one after the other."""

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
        """Render these in advance, when nothing else is to be done; what fails is rendered when it is said."""
        self._phrases.prepare(texts)

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Begin to say these, the tone first; what is being said is cut off, unless all are kept."""
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
        """Whether something is being said or about to be."""
        with self._changed:
            current = self._current is not None and not self._current.cancelled.is_set()
            return current or bool(self._waiting)

    def set_volume(self, volume: float) -> None:
        """From now on, 0 to 1."""
        self._outlet.set_volume(volume)

    def take_changes(self) -> Sequence[VoiceChange]:
        """How the voice has changed since the last call."""
        return self._voice_status.take_changes()

    def close(self, *, finish: bool) -> None:
        """End the voice: with `finish` when all is said, else at once."""
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
            except Exception as error:  # whatever it is (a full disk, say), the next phrase is tried
                self._voice_status.failed("voice", error)
            else:
                self._voice_status.worked("voice")

    def _next(self) -> _Utterance | None:
        with self._changed:
            self._current = None
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if self._waiting:
                self._current = self._waiting.popleft()
            return self._current

    def _utter(self, utterance: _Utterance) -> None:
        """As far as the engine works; where it fails, a tone tells that something was left out."""
        self._outlet.begin(", ".join(utterance.texts) or str(utterance.tone))
        if utterance.tone is not None:
            self._add(utterance, tone_waves.samples(utterance.tone))
        elif not self._keep_all and any(text not in self._phrases for text in utterance.texts[:1]):
            # An answer begins to sound at once, whatever the engine does.
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
    """Prints what it would say; with no stream, not even that. BrokenPipeError when nobody reads it any more."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._voice_status = VoiceStatus()

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Print them in one line, and the tone's name in one before."""
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
        """Nothing to do: what is printed stays."""

    def is_speaking(self) -> bool:
        """Never: printing takes no time."""
        return False

    def set_volume(self, volume: float) -> None:
        """Nothing to do."""

    def take_changes(self) -> Sequence[VoiceChange]:
        """Whether it can no longer be printed, or can again."""
        return self._voice_status.take_changes()

    def close(self, *, finish: bool) -> None:
        """Nothing to do."""


class ReckonedSpeaker:
    """Another speaker whose phrases last, on the given clock, as long as they would aloud."""

    def __init__(self, speaker: Speaker, clock: Clock, rate_wpm: int) -> None:
        self._speaker = speaker
        self._clock = clock
        self._rate_wpm = rate_wpm
        self._until_s = float("-inf")

    def say(self, texts: Sequence[str], tone: Tone | None = None) -> None:
        """Hand them on and reckon their length."""
        tone_s = sum(note.length_s for note in NOTES[tone]) if tone is not None else 0.0
        words_s = speech_length_s(", ".join(texts), self._rate_wpm) if texts else 0.0
        self._until_s = self._clock.now() + tone_s + words_s
        self._speaker.say(texts, tone)

    def silence(self) -> None:
        """The phrase is over, for the other speaker too."""
        self._until_s = float("-inf")
        self._speaker.silence()

    def is_speaking(self) -> bool:
        """Whether the phrase would still sound."""
        return self._clock.now() < self._until_s

    def set_volume(self, volume: float) -> None:
        """The other speaker's."""
        self._speaker.set_volume(volume)

    def take_changes(self) -> Sequence[VoiceChange]:
        """The other speaker's."""
        return self._speaker.take_changes()

    def close(self, *, finish: bool) -> None:
        """End the other speaker."""
        self._speaker.close(finish=finish)


def speech_length_s(text: str, rate_wpm: int) -> float:
    """How long espeak-ng takes, with its closing pause, in seconds: a line through English phrases at 175 a minute."""
    return (0.45 + 0.051 * len(text)) * 175 / rate_wpm


def aloud(choice: VoiceChoice, *, keep_all: bool = False) -> ThreadedSpeaker:
    """Rendered by the chosen engine, played on the chosen device."""
    voice_status = VoiceStatus()
    phrases = RenderedPhrases(engine_of(choice), PhraseCache(phrase_folder()), voice_status)
    player = Player(choice.device, voice_status, volume=choice.volume, stays_open=choice.stays_open)
    return ThreadedSpeaker(phrases, player, voice_status, keep_all=keep_all)


def into_files(choice: VoiceChoice, folder: Path) -> ThreadedSpeaker:
    """Rendered by the chosen engine into `folder`, a numbered WAV file a phrase."""
    voice_status = VoiceStatus()
    phrases = RenderedPhrases(engine_of(choice), PhraseCache(phrase_folder()), voice_status)
    return ThreadedSpeaker(phrases, WavFolder(folder), voice_status, keep_all=True)
