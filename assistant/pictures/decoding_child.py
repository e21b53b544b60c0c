"""A child process that decodes pictures from anybody, so that a picture that harms its decoder harms nothing else.

A request on standard input is `REQUEST` and the bytes of a file. Its answer on standard output is `ANSWER` and the gray
picture; with the size 0x0, it is `ANSWER` and the reason why the picture cannot be read. The child ends with its input,
or when it was idle.
"""

from __future__ import annotations

import os
import resource
import select
import struct
import sys
from typing import BinaryIO

import cv2
import numpy as np

from assistant.errors import CameraError
from assistant.pictures.reading import BYTES_A_PIXEL, decoded

REQUEST = struct.Struct("<Qd")
"""The length of the file in bytes, and the most megapixels that are decoded."""

ANSWER = struct.Struct("<III")
"""Width and height of the picture, and the length of what follows."""

UPLOADED_KINDS = ("JPEG", "PNG", "WebP")
"""Browsers and telephones do not upload other kinds."""

CPU_S = 20
"""Processor time for one picture; the kernel then ends the process, whether anybody waits for it or not."""

SPARE_BYTES = 48 << 20
"""Memory that one picture may use besides its file and its pixels."""

IDLE_S = 300.0
"""A child without a request for this long ends."""

LONGEST_REASON = 500
"""A reason has at most this many bytes."""


def main() -> int:
    """Answer requests until no more come."""
    cv2.setNumThreads(1)
    answers = _own_output()
    _bind()
    requests = sys.stdin.buffer
    while select.select([requests], [], [], IDLE_S)[0]:
        head = requests.read(REQUEST.size)
        if len(head) < REQUEST.size:
            break
        length, most_megapixels = REQUEST.unpack(head)
        _limit(length, most_megapixels)
        _answer(answers, requests.read(length), most_megapixels)
    return 0


def _answer(answers: BinaryIO, data: bytes, most_megapixels: float) -> None:
    try:
        gray = decoded(data, most_megapixels, UPLOADED_KINDS)
    except CameraError as error:
        _write(answers, (0, 0), str(error).encode(errors="replace")[:LONGEST_REASON])
    except MemoryError:
        _write(answers, (0, 0), b"needs more memory than there is for a picture")
    else:
        pixels = np.ascontiguousarray(gray).data.cast("B")  # without a copy: on a Zero 2 W memory is short
        _write(answers, (gray.shape[1], gray.shape[0]), pixels)


def _write(answers: BinaryIO, size: tuple[int, int], content: bytes | memoryview) -> None:
    answers.write(ANSWER.pack(*size, len(content)))
    answers.write(content)
    answers.flush()


def _own_output() -> BinaryIO:
    """Return standard output for the answers alone: what decoders print goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _bind() -> None:
    """Forbid files, and core dumps with faces in them; where memory is short, the kernel ends this process first."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _limit(length: int, most_megapixels: float) -> None:
    """Limit processor time and memory for the next picture, counted from what is used now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_soft(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_S)
    pixels = int(most_megapixels * 1e6)
    _set_soft(resource.RLIMIT_DATA, _private_bytes() + length + pixels * BYTES_A_PIXEL + SPARE_BYTES)


def _set_soft(kind: int, limit: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _private_bytes() -> int:
    """Return the memory that counts for RLIMIT_DATA."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[5]) * resource.getpagesize()


if __name__ == "__main__":
    sys.exit(main())
