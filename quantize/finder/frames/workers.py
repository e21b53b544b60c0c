"""Makes batches of frames in several processes, while the network learns from the batches before."""

from __future__ import annotations

import multiprocessing
import queue
from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import AssistantError, DataError
from quantize.finder.data.packing import unpack
from quantize.finder.frames.compose import Composer
from quantize.finder.frames.rows import MOST_FACES, ROW

Batch = tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]

SLOTS_A_WORKER = 2
LONGEST_WAIT_S = 300
ORPHAN_CHECK_S = 5


class FrameWorkers:
    """Gives batches without end: frames uint8 [batch, height, width, 1] and their tables float32 [batch, 12, 15].

    It is used as a context, which starts its processes and ends them.
    """

    def __init__(self, packed: Path, size: tuple[int, int], batch: int, workers: int, seed: int) -> None:
        """Prepare workers for frames of this height and width; `seed` and a worker's number decide what it draws."""
        context = multiprocessing.get_context("spawn")
        slots = SLOTS_A_WORKER * workers
        self._shapes = ((slots, batch, *size, 1), (slots, batch, MOST_FACES, ROW))
        sizes = (int(np.prod(self._shapes[0])), 4 * int(np.prod(self._shapes[1])))
        self._memory = [SharedMemory(create=True, size=size) for size in sizes]
        self._free, self._ready = context.Queue(), context.Queue()
        for slot in range(slots):
            self._free.put(slot)
        names = tuple(each.name for each in self._memory)
        self._workers = [
            context.Process(
                target=_work, args=(packed, names, self._shapes, self._free, self._ready, (seed, number)), daemon=True
            )
            for number in range(workers)
        ]

    def __enter__(self) -> FrameWorkers:
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.terminate()
            worker.join()
        for each in self._memory:
            each.close()
            each.unlink()

    def batches(self) -> Iterator[Batch]:
        """Yield one batch after the other; DataError is raised when a worker has failed or all of them are stuck."""
        frames, tables = _views(self._memory, self._shapes)
        while True:
            try:
                slot = self._ready.get(timeout=LONGEST_WAIT_S)
            except queue.Empty:
                raise DataError(f"no process has made a frame in {LONGEST_WAIT_S} seconds") from None
            if isinstance(slot, str):
                raise DataError(slot)
            batch = frames[slot].copy(), tables[slot].copy()
            self._free.put(slot)
            yield batch


def _views(memory: list[SharedMemory], shapes: tuple[tuple[int, ...], ...]) -> tuple[Any, Any]:
    return (
        np.ndarray(shapes[0], np.uint8, memory[0].buf),
        np.ndarray(shapes[1], np.float32, memory[1].buf),
    )


def _work(  # noqa: PLR0913, PLR0917 - a new process is given all that it needs at once
    packed: Path, names: tuple[str, ...], shapes: Any, free: Any, ready: Any, seed: tuple[int, int]
) -> None:
    import cv2

    cv2.setNumThreads(1)
    memory = [SharedMemory(name=name) for name in names]
    frames, tables = _views(memory, shapes)
    try:
        composer = Composer(unpack(packed), np.random.default_rng(seed), frames.shape[2:4])
        while (slot := _next_slot(free)) is not None:
            for place in range(frames.shape[1]):
                frames[slot, place, :, :, 0], tables[slot, place] = composer.frame()
            ready.put(slot)
    except AssistantError as error:
        ready.put(str(error))
    except Exception as error:  # whatever has failed, the training must not wait for ever
        ready.put(f"a process that makes frames has failed: {type(error).__name__}: {error}")


def _next_slot(free: Any) -> int | None:
    """Return the next slot to fill; None when the training process has ended, even if it was killed."""
    training = multiprocessing.parent_process()
    while training is not None and training.is_alive():
        try:
            return int(free.get(timeout=ORPHAN_CHECK_S))
        except queue.Empty:
            continue
    return None
