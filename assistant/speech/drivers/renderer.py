"""Phrases in an engine's voice: each is rendered once, in advance or when it is said, and kept for the next time."""

from __future__ import annotations

import hashlib
import logging
import os
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from assistant.errors import SpeechError
from assistant.speech.drivers.engine import RENDER_TIMEOUT_S, Engine, render
from assistant.speech.drivers.phrase_cache import PhraseCache
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import Samples

FORMAT = "1"
"""Part of each key: change it when sounds are kept in another way, so that old ones are rendered again."""

ATTEMPTS = 2
"""A phrase that fails is rendered once more, unless the phrase before it failed too."""

MOST_FAILURES = 3
"""After this many failures nothing more is rendered in advance; missing phrases are rendered when they are said."""

SLOW_S = 3.0
"""An engine that was cut off after this time counts as failed: otherwise an engine that hangs is never reported."""

logger = logging.getLogger(__name__)


class RenderedPhrases:
    """The sounds of phrases in an engine's voice, from the cache or rendered; a thread renders phrases in advance."""

    def __init__(
        self, engine: Engine, cache: PhraseCache, voice_status: VoiceStatus, *, timeout_s: float = RENDER_TIMEOUT_S
    ) -> None:
        self._engine = engine
        self._timeout_s = timeout_s
        self._cache = cache
        self._voice_status = voice_status
        self._engine_fails = False
        """Whether the engine has failed since its last sound; this is reported once, even when kept phrases sound."""
        self._to_prepare: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._preparation: threading.Thread | None = None

    def sound(self, text: str, cancelled: threading.Event) -> Samples | None:
        """Return the sound of a text; None when cancelled, or when the engine fails, which is reported."""
        kept = self._cache.get(self.key(text))
        if kept is None:
            return self._render_with_retry(text, cancelled)
        self._voice_status.worked(self._engine.name)  # a phrase that sounds ends the failure
        return kept

    def __contains__(self, text: str) -> bool:
        """Return whether the sound of a text is in the cache, so that it can begin at once."""
        return self.key(text) in self._cache

    def key(self, text: str) -> str:
        """Return the cache key of a text, a hash of all that its sound depends on; the player sets the volume."""
        engine = self._engine
        parts = (FORMAT, engine.name, engine.voice, str(engine.rate_wpm), text)
        return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()

    def prepare(self, texts: Iterable[str]) -> None:
        """Render these texts in advance, unless they are in the cache: in a thread, at a low priority."""
        self._to_prepare.put(tuple(texts))
        if self._preparation is None:
            self._preparation = threading.Thread(target=self._prepare, name="voice-preparation", daemon=True)
            self._preparation.start()

    def close(self) -> None:
        """End the rendering in advance, and remove the temporary files."""
        self._closing.set()
        self._to_prepare.put(())  # wakes the thread
        if self._preparation is not None:
            self._preparation.join(1.0)
        self._cache.close()

    def _render_with_retry(self, text: str, cancelled: threading.Event) -> Samples | None:
        attempts = 1 if self._engine_fails else ATTEMPTS
        for attempt in range(attempts):
            started_s = time.monotonic()
            try:
                sound = self._render(text, cancelled)
            except (SpeechError, OSError) as error:
                if attempt + 1 == attempts:
                    self._failed(error)
                continue
            if sound is not None:
                self._engine_fails = False
                self._voice_status.worked(self._engine.name)
            elif time.monotonic() - started_s > SLOW_S:
                self._failed(SpeechError(f"{self._engine.name} does not answer"))
            return sound
        return None

    def _failed(self, error: Exception) -> None:
        if not self._engine_fails:
            self._engine_fails = True
            self._voice_status.failed(self._engine.name, error)

    def _render(self, text: str, cancelled: threading.Event, *, in_background: bool = False) -> Samples | None:
        sound = render(self._engine, text, cancelled, timeout_s=self._timeout_s, in_background=in_background)
        if sound is not None:
            self._cache.put(self.key(text), sound)
        return sound

    def _prepare(self) -> None:
        while not self._closing.is_set():
            texts = self._to_prepare.get()
            missing = [text for text in texts if text not in self]
            if not missing:
                continue
            started_s, failed = time.monotonic(), 0
            for text in missing:
                if self._closing.is_set():
                    return
                try:
                    self._render(text, self._closing, in_background=True)
                except (SpeechError, OSError) as error:
                    failed += 1
                    logger.warning("not rendered in advance: %s", error)
                    if failed == MOST_FAILURES:
                        break
            kept, took_s = sum(text in self for text in missing), time.monotonic() - started_s
            logger.info("%d of %d phrases rendered in advance, %.1f s", kept, len(missing), took_s)


def render_all(rendered: RenderedPhrases, texts: Sequence[str]) -> Iterator[int | None]:
    """Render texts, several at a time, and yield after each how many are left; None, as the last, when one fails."""
    failed = threading.Event()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sounds = pool.map(lambda text: rendered.sound(text, failed), texts)
        for left, sound in zip(reversed(range(len(texts))), sounds, strict=True):
            if sound is None:
                failed.set()
                yield None
                return
            yield left
