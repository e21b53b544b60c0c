"""A folder that keeps the sound of phrases, checks that each file is whole, and never grows too big."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import tempfile
import threading
import time
import zlib
from pathlib import Path

from assistant.errors import SpeechError
from assistant.files import cache_folder
from assistant.speech.drivers.wav import Samples, read_wav, wav_bytes

LARGEST_BYTES = 20 * 2**20
DAY_S = 86400.0

logger = logging.getLogger(__name__)


def phrase_folder() -> Path:
    """Return the folder for phrases: in systemd's cache folder for the service, otherwise in the person's."""
    return cache_folder() / "phrases"


class PhraseCache:
    """A folder of WAV files, each with a checksum behind it; when it is full, the least recently used are removed.

    Where the folder cannot be written to, a temporary folder is used too, and one line in the log says so.
    """

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._folders = [folder]
        self._largest_bytes = largest_bytes
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._fell_back = False
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return any((folder / f"{key}.wav").exists() for folder in self._folders)

    def get(self, key: str) -> Samples | None:
        """Return the sound of a key, or None when its file is missing or damaged."""
        for folder in reversed(self._folders):
            path = folder / f"{key}.wav"
            with contextlib.suppress(OSError, SpeechError):
                sound = _checked(path.read_bytes())
                _touch(path)
                return sound
        return None

    def put(self, key: str, sound: Samples) -> None:
        """Keep the sound of a key, if a folder can be written to."""
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
        if self._fell_back:
            return
        self._fell_back = True
        logger.warning(
            "%s: phrases cannot be kept there (%s): they are kept only until the program ends",
            self._folders[0],
            error.strerror,
        )
        with contextlib.suppress(OSError):
            self._temporary = tempfile.TemporaryDirectory(prefix="emotion-assistant-")
            self._folders.append(Path(self._temporary.name))


def _checked(data: bytes) -> Samples:
    """Return the sound of a file; raise SpeechError when the file is not as it was written."""
    sound, checksum = data[:-4], data[-4:]
    if zlib.crc32(sound).to_bytes(4, "little") != checksum:
        raise SpeechError("damaged")
    return read_wav(io.BytesIO(sound))


def _touch(path: Path) -> None:
    """Note in the file's time that it was used; once a day at most, because each write wears the memory card."""
    with contextlib.suppress(OSError):  # the folder may be read-only
        if abs(time.time() - path.stat().st_mtime) > DAY_S:
            os.utime(path)


def _make_room(folder: Path, room_bytes: int) -> None:
    """Remove the least recently used files, unfinished files too, until at most `room_bytes` are left."""
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
