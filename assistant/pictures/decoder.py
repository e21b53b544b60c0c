"""Decodes pictures from anybody in a child process: a picture that harms its decoder ends the child alone."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from io import BufferedReader
from pathlib import Path
from typing import IO

import numpy as np

from assistant.errors import CameraError
from assistant.pictures import decoding_child
from assistant.pictures.decoding_child import ANSWER, REQUEST
from assistant.pictures.reading import Gray

LIMIT_S = 30.0
"""One picture may take this long, with the child's start."""

REAP_S = 1.0
"""A child that has not ended this long after its pipes were closed is killed."""

HARMFUL = "ended the program that decodes it: it is damaged, or was made to do harm"


class PictureDecoder:
    """Keeps one child, which the first picture starts; one thread at a time may use it."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._child: subprocess.Popen[bytes] | None = None

    def decoded(self, data: bytes, most_megapixels: float) -> Gray:
        """Return a JPEG, PNG or WebP picture as gray uint8 [height, width], upright; CameraError says why not."""
        try:
            return self._answer(data, most_megapixels)
        except EOFError:
            if self._ended() != 0:
                raise CameraError(HARMFUL) from None
        try:
            return self._answer(data, most_megapixels)  # the child had ended by itself, because it had nothing to do
        except EOFError:
            self._ended()
            raise CameraError(HARMFUL) from None

    def close(self) -> None:
        """End the child; the next picture starts another child."""
        self._ended()

    def give_up(self) -> None:
        """Give up the picture that is being decoded, if there is one; any thread may call this."""
        child = self._child
        if child is not None:
            child.kill()

    def _answer(self, data: bytes, most_megapixels: float) -> Gray:
        """Return the picture; EOFError where the child ended before it had answered."""
        child = self._child = self._child or _started()
        late = threading.Event()
        watch = threading.Timer(self._limit_s, _kill, (child, late))
        watch.daemon = True
        watch.start()
        try:
            return _asked(child, data, most_megapixels)
        except EOFError:
            if late.is_set():
                self._ended()
                raise CameraError(f"could not be decoded within {self._limit_s:g} seconds") from None
            raise
        finally:
            watch.cancel()

    def _ended(self) -> int | None:
        """End the child and return its exit code; None where there is no child, or it does not end by itself."""
        child, self._child = self._child, None
        if child is None:
            return None
        for pipe in (child.stdin, child.stdout):
            _close(pipe)
        try:
            return child.wait(REAP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(REAP_S)
            return None


def _started() -> subprocess.Popen[bytes]:
    """Start a child; -P keeps it from importing modules from the folder of its file."""
    command = (sys.executable, "-P", decoding_child.__file__)
    package = str(Path(decoding_child.__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": package, "OPENCV_LOG_LEVEL": "OFF", "OPENBLAS_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment)
    except OSError as error:
        raise CameraError(f"cannot be decoded now: {error.strerror}") from error


def _kill(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _asked(child: subprocess.Popen[bytes], data: bytes, most_megapixels: float) -> Gray:
    """Ask the child for a picture; its answer is checked, because a harmful picture may have taken the child over."""
    assert child.stdin is not None
    assert isinstance(child.stdout, BufferedReader)
    try:
        child.stdin.write(REQUEST.pack(len(data), most_megapixels))
        child.stdin.write(data)
        child.stdin.flush()
    except OSError as error:
        raise EOFError from error
    width, height, length = ANSWER.unpack(_exactly(child.stdout, ANSWER.size))
    if not width:
        raise CameraError(_exactly(child.stdout, min(length, decoding_child.LONGEST_REASON)).decode(errors="replace"))
    if width * height != length or length > most_megapixels * 1e6:
        raise EOFError
    return _pixels(child.stdout, length).reshape(height, width)


def _pixels(pipe: BufferedReader, length: int) -> Gray:
    """Read a picture into its own memory; the pipe's `read` would need twice as much for a moment."""
    pixels = np.empty(length, dtype=np.uint8)
    filled = 0
    while filled < length:
        count = pipe.readinto(pixels.data[filled:])
        if not count:
            raise EOFError
        filled += count
    return pixels


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


def _close(pipe: IO[bytes] | None) -> None:
    """Close a pipe; what is not written yet is lost with the child."""
    if pipe is not None:
        with contextlib.suppress(OSError):
            pipe.close()
