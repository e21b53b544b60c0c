"""What the workers in Python share: the pictures, the measurement and the result.

`benchmarks/peers.py` starts a worker in the environment of its peer: `PYTHON WORKER FOLDER RUNS`. The folder has the
pictures as `shared/peer_pictures.py` writes them, and the worker writes `result.json` into it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Namer = Callable[[Picture], str | None]
"""Returns the emotion of the largest face in a picture [height, width, 3] in BGR, or None where it finds no face."""


class SearchAlone(Exception):  # noqa: N818 - it is no error that a peer lacks its network
    """Raised while a peer is loaded that lacks its network, but can search for faces.

    Its arguments are a `Namer` whose names do not count, and what is missing.
    """


def work(load: Callable[[], Namer]) -> None:
    """Measure the peer that `load` loads, and write the result, or the peer's error, into `result.json`."""
    folder, runs = Path(sys.argv[1]), int(sys.argv[2])
    cv2.setNumThreads(1)
    try:
        try:
            namer, missing = load(), None
        except SearchAlone as reason:
            namer, missing = reason.args
        result = {**_measured(namer, folder, runs), "missing": missing}
    except Exception as error:
        result = {"error": " ".join(f"{type(error).__name__}: {error}".split())}
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


def _measured(namer: Namer, folder: Path, runs: int) -> dict[str, object]:
    """Return the CPU milliseconds a frame and a photograph, the frames with a face, and the photographs' emotions.

    The CPU time is that of all threads. It is the median of the runs; one run before them warms up.
    """
    clip, taken, found = read_pictures(folder, "clip"), [], 0
    for _ in range(runs + 1):
        started = time.process_time()
        found = sum(namer(frame) is not None for frame in clip)
        taken.append(1000 * (time.process_time() - started) / len(clip))
    photographs = read_pictures(folder, "photographs")
    started = time.process_time()
    named = [namer(picture) for picture in photographs]
    spent_ms = 1000 * (time.process_time() - started)
    return {
        "cpu_ms_per_frame": statistics.median(taken[1:]),
        "frames_with_face": found,
        "named": named,
        "cpu_ms_per_photograph": spent_ms / len(photographs) if photographs else None,
    }


def read_pictures(folder: Path, name: str) -> list[Picture]:
    """Return the pictures [height, width, 3] in BGR that were written under this name."""
    shapes = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["shapes"]
    values = np.fromfile(folder / f"{name}.bin", np.uint8)
    ends = np.cumsum([height * width * 3 for height, width in shapes], dtype=np.int64)
    parts = np.split(values, ends[:-1]) if shapes else []
    return [part.reshape(height, width, 3) for part, (height, width) in zip(parts, shapes, strict=True)]


def largest(boxes: Sequence[Sequence[int]]) -> int:
    """Return the index of the largest of the boxes (x, y, width, height)."""
    return max(range(len(boxes)), key=lambda index: boxes[index][2] * boxes[index][3])
