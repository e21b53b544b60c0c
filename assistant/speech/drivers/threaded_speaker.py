"""The speaker that says phrases aloud in a thread, or writes them into files."""

from __future__ import annotations

import collections
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.speech.drivers import tone_waves
from assistant.speech.drivers.outlet import Outlet
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import Samples
from assistant.speech.guiding.cue import Cue
from assistant.speech.speaker import VoiceChange
from assistant.speech.tones import Tone

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
        self._cue: Cue | None = None
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
            self._outlet.guide(None)
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

    def guide(self, cue: Cue | None) -> None:
        """Lead to a face by this sound while nothing is being said; with None, stop it."""
        with self._changed:
            self._cue = cue
            if self._current is None and not self._waiting:
                self._outlet.guide(cue)

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
            if not self._waiting:
                self._outlet.guide(self._cue)
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
