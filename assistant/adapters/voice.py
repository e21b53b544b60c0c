"""Speakers: aloud, into WAV files, in print, or not at all. None of them makes the loop wait."""

from __future__ import annotations

import collections
import logging
import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from assistant.adapters.speech import PhraseRenderer, play
from assistant.errors import SpeechError
from assistant.files import replaced_atomically
from assistant.ports import Clock, Speaker
from assistant.settings import VoiceSettings

ATTEMPTS = 2
"""A phrase that fails is tried once more, unless a newer one waits."""

RETRY_PAUSE_S = 0.5
DRAIN_TIMEOUT_S = 120.0

logger = logging.getLogger(__name__)

Utter = Callable[[str, threading.Event], None]
"""Says a text until it is said or the event is set; raises SpeechError."""


class ThreadedSpeaker:
    """Says phrases in a thread of its own: the newest wins, or, with `keep_all`, one after the other."""

    def __init__(self, utter: Utter, end: Callable[[], None], *, keep_all: bool = False) -> None:
        self._utter = utter
        self._end = end
        self._keep_all = keep_all
        self._texts: collections.deque[str] = collections.deque()
        self._busy = False
        self._closing = False
        self._failing = False
        self._fault: SpeechError | None = None
        self._cancelled = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Begin to say it; a phrase under way is cut off, unless all are kept."""
        with self._changed:
            if not self._keep_all:
                self._texts.clear()
                self._cancelled.set()
            self._texts.append(text)
            self._changed.notify_all()

    def is_speaking(self) -> bool:
        """Whether something is being said or about to be."""
        with self._changed:
            return self._busy or bool(self._texts)

    def take_fault(self) -> SpeechError | None:
        """The failure since the last call: the first of a row of them."""
        with self._changed:
            fault, self._fault = self._fault, None
            return fault

    def close(self, *, finish: bool) -> None:
        """End the thread: after the last phrase with `finish`, else at once."""
        with self._changed:
            self._closing = True
            if not finish:
                self._texts.clear()
                self._cancelled.set()
            self._changed.notify_all()
        self._thread.join(DRAIN_TIMEOUT_S if finish else 1.0)
        self._end()

    def _run(self) -> None:
        while (text := self._next()) is not None:
            self._say_with_retry(text)
            with self._changed:
                self._busy = False

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._texts or self._closing)
            if not self._texts:
                return None
            self._busy = True
            self._cancelled.clear()
            return self._texts.popleft()

    def _say_with_retry(self, text: str) -> None:
        for attempt in range(ATTEMPTS):
            try:
                self._utter(text, self._cancelled)
            except Exception as error:  # whatever it is (a full disk, say), the next phrase is tried
                if attempt + 1 == ATTEMPTS or self._cancelled.wait(RETRY_PAUSE_S):
                    self._failed(text, error if isinstance(error, SpeechError) else SpeechError(repr(error)))
                    return
            else:
                if not self._cancelled.is_set():
                    self._succeeded()
                return

    def _failed(self, text: str, error: SpeechError) -> None:
        logger.warning("could not say %r: %s", text, error)
        with self._changed:
            if not self._failing:
                self._fault = error
            self._failing = True

    def _succeeded(self) -> None:
        with self._changed:
            if self._failing:
                logger.info("the voice works again")
            self._failing = False


class PrintSpeaker:
    """Prints what it would say; with no stream, not even that."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def say(self, text: str) -> None:
        """Print it."""
        if self._stream is not None:
            print(f"says: {text}", file=self._stream, flush=True)

    def is_speaking(self) -> bool:
        """Never: printing takes no time."""
        return False

    def take_fault(self) -> SpeechError | None:
        """Never any."""
        return None

    def close(self, *, finish: bool) -> None:
        """Nothing to do."""


class ReckonedSpeaker:
    """Another speaker whose phrases last, on the given clock, as long as they would aloud."""

    def __init__(self, speaker: Speaker, clock: Clock, rate_wpm: int) -> None:
        self._speaker = speaker
        self._clock = clock
        self._rate_wpm = rate_wpm
        self._until_s = float("-inf")

    def say(self, text: str) -> None:
        """Hand it on and reckon its length."""
        self._until_s = self._clock.now() + speech_length_s(text, self._rate_wpm)
        self._speaker.say(text)

    def is_speaking(self) -> bool:
        """Whether the phrase would still sound."""
        return self._clock.now() < self._until_s

    def take_fault(self) -> SpeechError | None:
        """The other speaker's."""
        return self._speaker.take_fault()

    def close(self, *, finish: bool) -> None:
        """End the other speaker."""
        self._speaker.close(finish=finish)


def speech_length_s(text: str, rate_wpm: int) -> float:
    """How long espeak-ng takes, in seconds: a line through the English phrases at 175 words a minute."""
    return (0.45 + 0.051 * len(text)) * 175 / rate_wpm


def aloud(settings: VoiceSettings, *, keep_all: bool = False) -> ThreadedSpeaker:
    """Rendered by pyttsx3, played by aplay."""
    renderer = PhraseRenderer(settings)

    def utter(text: str, cancelled: threading.Event) -> None:
        sound = renderer.render(text, cancelled)
        if sound is not None:
            play(sound, cancelled)

    return ThreadedSpeaker(utter, renderer.close, keep_all=keep_all)


def into_files(settings: VoiceSettings, folder: Path) -> ThreadedSpeaker:
    """Rendered by pyttsx3 into `folder`, a numbered WAV file a phrase."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SpeechError(f"{folder}: no files can be written there: {error.strerror}") from error
    renderer = PhraseRenderer(settings)
    written = 0

    def utter(text: str, cancelled: threading.Event) -> None:
        nonlocal written
        sound = renderer.render(text, cancelled)
        if sound is None:
            return
        written += 1
        name = re.sub(r"\W+", "-", text.lower()).strip("-")[:40]
        try:
            with replaced_atomically(folder / f"{written:03d}-{name}.wav") as unfinished:
                shutil.copyfile(sound, unfinished)
        except OSError as error:
            raise SpeechError(f"{folder}: cannot be written: {error.strerror}") from error

    return ThreadedSpeaker(utter, renderer.close, keep_all=True)
