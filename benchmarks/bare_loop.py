"""The CPU time of a plain loop with the headset's local search and its emotion network, and nothing else.

    python benchmarks/bare_loop.py [--photograph | --clip FILE]

The loop has no quality checks, no tracking of several people, no smoothing, no decisions and no voice. It has no limit:
`benchmarks/pipeline.py` compares the whole headset with it, and limits the ratio. So this loop is not changed when the
headset is: otherwise ratios of different days could not be compared.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter
from shared.clips import add_clip_options, chosen_clip
from shared.command_line import benchmark_parser

Gray = npt.NDArray[np.uint8]
MODEL = Path(__file__).parent.parent / "models" / "emotion-int8.tflite"
CASCADE = "haarcascade_frontalface_default.xml"
RUNS = 5

SEARCH_WIDTH_PX, FULL_SCAN_S = 320, 2.0
MARGIN, SMALLEST, LARGEST, NEAR_SCALE = 0.25, 0.85, 1.18, 1.1
FULL_SCALE, NEIGHBOURS, SMALLEST_PX = 1.2, 5, 24


class BareLoop:
    """Detects the largest face, then searches around its last place, and classifies it in each frame."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / CASCADE))
        self._network = Interpreter(model_path=str(MODEL), num_threads=1)
        self._network.allocate_tensors()
        self._input = self._network.get_input_details()[0]
        self._output = self._network.get_output_details()[0]["index"]

    def run(self, frames: Sequence[tuple[Gray, float]]) -> int:
        """Classify a face in each gray frame, given with its time in seconds; return how many faces were found."""
        box, scanned_s, found = None, float("-inf"), 0
        for frame, now in frames:
            factor = min(1.0, SEARCH_WIDTH_PX / frame.shape[1])
            near = box if now - scanned_s < FULL_SCAN_S else None
            box = self._around(frame, near, factor) if near else None
            if box is None:
                box, scanned_s = self._anywhere(frame, factor), now
            if box is not None:
                found += 1
                self._classify(frame, box)
        return found

    def _around(self, frame: Gray, box: tuple[int, ...], factor: float) -> tuple[int, ...] | None:
        x, y, width, height = box
        left, top = max(0, x - int(MARGIN * width)), max(0, y - int(MARGIN * height))
        region = frame[top : y + height + int(MARGIN * height), left : x + width + int(MARGIN * width)]
        return self._search(region, factor, (left, top), (SMALLEST * width, LARGEST * width), NEAR_SCALE)

    def _anywhere(self, frame: Gray, factor: float) -> tuple[int, ...] | None:
        return self._search(frame, factor, (0, 0), (SMALLEST_PX / factor, 1e6), FULL_SCALE)

    def _search(
        self, region: Gray, factor: float, corner: tuple[int, int], widths: tuple[float, float], scale: float
    ) -> tuple[int, ...] | None:
        small = cv2.resize(region, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        low, high = (max(SMALLEST_PX, round(width * factor)) for width in widths)
        boxes = self._cascade.detectMultiScale(small, scale, NEIGHBOURS, minSize=(low, low), maxSize=(high, high))
        if not len(boxes):
            return None
        x, y, width, height = (round(side / factor) for side in max(boxes, key=lambda each: each[2]))
        return x + corner[0], y + corner[1], width, height

    def _classify(self, frame: Gray, box: tuple[int, ...]) -> None:
        x, y, width, height = box
        face = cv2.resize(frame[y : y + height, x : x + width], (48, 48), interpolation=cv2.INTER_AREA)
        values = np.clip((face - face.mean()) / max(face.std(), 8.0), -3, 3)
        scale, zero_point = self._input["quantization"]
        stored = np.clip(np.round(values / scale) + zero_point, -128, 127).astype(np.int8)
        self._network.set_tensor(self._input["index"], stored[np.newaxis, ..., np.newaxis])
        self._network.invoke()
        self._network.get_tensor(self._output)


def cpu_ms_per_frame(frames: Sequence[tuple[Gray, float]]) -> float:
    """Return the CPU milliseconds a frame: the median of `RUNS` runs, after one run to warm up."""
    loop, taken = BareLoop(), []
    for _ in range(RUNS + 1):
        started = time.process_time()
        loop.run(frames)
        taken.append(1000 * (time.process_time() - started) / len(frames))
    return statistics.median(taken[1:])


def main() -> int:
    """Print the CPU time a frame."""
    parser = benchmark_parser(__doc__)
    add_clip_options(parser)
    frames = [(frame.gray, frame.t_s) for frame in chosen_clip(parser.parse_args())]
    cpu_ms = cpu_ms_per_frame(frames)
    found = BareLoop().run(frames)
    print(f"bare loop: {cpu_ms:.2f} ms of CPU time a frame (no limit); a face in {found} of {len(frames)} frames")
    return 0


if __name__ == "__main__":
    sys.exit(main())
