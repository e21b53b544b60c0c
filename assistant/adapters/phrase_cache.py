"""Phrases as sound: each is rendered once by an engine, and kept in a folder for the next time."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import queue
import tempfile
import threading
import time
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.adapters.engines import RENDER_TIMEOUT_S, Engine, render
from assistant.adapters.speech import Health
from assistant.adapters.wav_files import Samples, read_wav, wav_bytes
from assistant.errors import SpeechError

LARGEST_BYTES = 20 * 2**20
DAY_S = 86400.0
FORMAT = "1"
"""Part of each key: a phrase that an older program kept otherwise is rendered again."""

ATTEMPTS = 2
"""A phrase that fails is tried once more, unless the one before it failed too."""

SLOW_S = 3.0
"""An engine that was cut off after it had taken so long has failed: one that hangs would else never be told of."""

logger = logging.getLogger(__name__)


def cache_folder() -> Path:
    """Systemd's for the service, else the person's."""
    given = os.environ.get("CACHE_DIRECTORY", "").split(":")[0]
    if given:
        return Path(given) / "phrases"
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(caches) / "emotion-assistant" / "phrases"


class PhraseCache:
    """A folder of WAV files, each with a checksum behind it; the least recently used ones leave when it is full.

    Where it cannot be written to, a temporary folder serves as well; one line in the log tells.
    """

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._folders = [folder]
        self._largest_bytes = largest_bytes
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return any((folder / f"{key}.wav").exists() for folder in self._folders)

    def get(self, key: str) -> Samples | None:
        """The sound, None when it is not there or not whole."""
        for folder in reversed(self._folders):
            path = folder / f"{key}.wav"
            with contextlib.suppress(OSError, SpeechError):
                sound = _checked(path.read_bytes())
                _touch(path)
                return sound
        return None

    def put(self, key: str, sound: Samples) -> None:
        """Keep it, if that can be done."""
        with self._lock:
            try:
                self._write(key, sound)
            except OSError as error:
                self._fall_back(error)
                with contextlib.suppress(OSError):
                    self._write(key, sound)

    def close(self) -> None:
        """Remove the temporary folder, if there is one."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def _write(self, key: str, sound: Samples) -> None:
        folder = self._folders[-1]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = wav_bytes(sound)
        _make_room(folder, self._largest_bytes - len(data))
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".unfinished-", suffix=".wav", delete=False) as file:
            try:
                file.write(data + zlib.crc32(data).to_bytes(4, "little"))
                file.flush()
                Path(file.name).replace(folder / f"{key}.wav")
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise

    def _fall_back(self, error: OSError) -> None:
        if self._temporary is not None:
            return
        logger.warning("%s: phrases cannot be kept there (%s), only until the end", self._folders[0], error.strerror)
        with contextlib.suppress(OSError):
            self._temporary = tempfile.TemporaryDirectory(prefix="emotion-assistant-")
            self._folders.append(Path(self._temporary.name))


def _checked(data: bytes) -> Samples:
    """SpeechError unless it is as it was written."""
    sound, checksum = data[:-4], data[-4:]
    if zlib.crc32(sound).to_bytes(4, "little") != checksum:
        raise SpeechError("not whole")
    return read_wav(io.BytesIO(sound))


def _touch(path: Path) -> None:
    """Used now; noted once a day, since each note wears the card."""
    with contextlib.suppress(OSError):  # the folder may be read-only
        if abs(time.time() - path.stat().st_mtime) > DAY_S:
            os.utime(path)


def _make_room(folder: Path, room_bytes: int) -> None:
    """Remove what was not used for longest, unfinished files too, until no more than this is left."""
    sizes: dict[tuple[float, Path], int] = {}
    for path in folder.glob("*.wav"):
        with contextlib.suppress(FileNotFoundError):  # another process made room too
            status = path.stat()
            sizes[status.st_mtime, path] = status.st_size
    left_bytes = sum(sizes.values())
    for used_s, path in sorted(sizes):
        if left_bytes <= room_bytes:
            return
        path.unlink(missing_ok=True)
        left_bytes -= sizes[used_s, path]


class RenderedPhrases:
    """The sound of phrases in an engine's voice: from the cache, or else rendered; a thread renders in advance."""

    def __init__(
        self, engine: Engine, cache: PhraseCache, health: Health, *, timeout_s: float = RENDER_TIMEOUT_S
    ) -> None:
        self._engine = engine
        self._timeout_s = timeout_s
        self._cache = cache
        self._health = health
        self._to_prepare: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._preparation: threading.Thread | None = None

    def sound(self, text: str, cancelled: threading.Event) -> Samples | None:
        """None when cancelled, or when the engine fails, which the health tells."""
        kept = self._cache.get(self.key(text))
        return self._render_with_retry(text, cancelled) if kept is None else kept

    def key(self, text: str) -> str:
        """What the sound depends on; how loud it is played does not belong to it."""
        engine = self._engine
        parts = (FORMAT, engine.name, engine.voice, str(engine.rate_wpm), text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def prepare(self, texts: Iterable[str]) -> None:
        """Render those that are not kept yet in advance, in a thread with a low priority."""
        self._to_prepare.put(tuple(texts))
        if self._preparation is None:
            self._preparation = threading.Thread(target=self._prepare, name="voice-preparation", daemon=True)
            self._preparation.start()

    def close(self) -> None:
        """End the preparation and remove what is temporary."""
        self._closing.set()
        self._to_prepare.put(())  # wakes it
        if self._preparation is not None:
            self._preparation.join(1.0)
        self._cache.close()

    def _render_with_retry(self, text: str, cancelled: threading.Event) -> Samples | None:
        attempts = 1 if self._health.is_failing(self._engine.name) else ATTEMPTS
        for attempt in range(attempts):
            started_s = time.monotonic()
            try:
                sound = self._render(text, cancelled)
            except (SpeechError, OSError) as error:
                if attempt + 1 == attempts:
                    self._health.failed(self._engine.name, error)
                continue
            if sound is not None:
                self._health.worked(self._engine.name)
            elif time.monotonic() - started_s > SLOW_S:
                self._health.failed(self._engine.name, SpeechError(f"{self._engine.name} does not answer"))
            return sound
        return None

    def _render(self, text: str, cancelled: threading.Event, *, in_background: bool = False) -> Samples | None:
        sound = render(self._engine, text, cancelled, timeout_s=self._timeout_s, in_background=in_background)
        if sound is not None:
            self._cache.put(self.key(text), sound)
        return sound

    def _prepare(self) -> None:
        while not self._closing.is_set():
            texts = self._to_prepare.get()
            missing = [text for text in texts if self.key(text) not in self._cache]
            started_s = time.monotonic()
            try:
                for text in missing:
                    if self._closing.is_set():
                        return
                    self._render(text, self._closing, in_background=True)
            except (SpeechError, OSError) as error:
                logger.warning("phrases are not rendered in advance: %s", error)
            else:
                logger.info("%d phrases rendered in advance in %.1f s", len(missing), time.monotonic() - started_s)
