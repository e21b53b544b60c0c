"""How long a frame takes with one face in it and with ten: the CPU time of a usual frame and of the slowest.

    python benchmarks/crowd.py [--frames 300] [--detector finder]

Drawn people of several looks sway before a wall. Each face is about 70 pixels wide in 640x480. All people are there
from the first frame on.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator

import cv2
import numpy as np
from shared.command_line import benchmark_parser
from shared.headset import headset_perception

from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.drawn.face import Looks, draw_face
from assistant.emotions import Emotion
from assistant.face.detectors.registry import DEFAULT, DETECTORS, build_detector
from assistant.pictures.reading import Gray

FPS = 15
SIZE = (640, 480)
SCALE = 0.4
PLACES = [(70 + 125 * column, 130 + 210 * line) for line in range(2) for column in range(5)]
SLOWEST_LIMIT_MS = 50.0
"""The limit of the slowest frame with ten faces."""


def frames(people: int, count: int) -> Iterator[Gray]:
    """Yield `count` frames with this many people."""
    rng = np.random.default_rng(1)
    drawn = [
        draw_face(PROTOTYPES[Emotion.HAPPY], Looks(skin=110 + 12 * number, hair=30 + 10 * number))
        for number in range(people)
    ]
    for number in range(count):
        frame = np.full((SIZE[1], SIZE[0]), 110.0)
        for person, (face, cover) in enumerate(drawn):
            x, y = PLACES[person] if people > 1 else (320, 240)
            x += round(8 * np.sin(number / 9 + person))
            move = np.array([[SCALE, 0, x - SCALE * 128], [0, SCALE, y - SCALE * 128]])
            there, mask = (cv2.warpAffine(each, move, SIZE) for each in (face, cover))
            frame = mask * there + (1 - mask) * frame
        yield np.asarray(np.clip(frame + rng.normal(0, 3, frame.shape), 0, 255), np.uint8)


def measured(people: int, count: int, detector: str) -> tuple[float, float, float]:
    """Return the median and the most CPU milliseconds of a frame, and the median number of people that were seen."""
    perception = headset_perception(build_detector(detector))
    took_ms, seen = [], []
    for number, frame in enumerate(frames(people, count)):
        began_s = time.process_time()
        seen.append(perception.perceive(frame, number / FPS).people)
        took_ms.append(1000 * (time.process_time() - began_s))
    return statistics.median(took_ms), max(took_ms), statistics.median(seen)


def main() -> int:
    """Print the times; return 1 when the slowest frame with ten faces is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--frames", type=int, default=300, help="frames of each run (default: 300)")
    parser.add_argument("--detector", choices=DETECTORS, default=DEFAULT, help=f"(default: {DEFAULT})")
    arguments = parser.parse_args()
    slowest_ms = 0.0
    for people in (1, len(PLACES)):
        median_ms, slowest_ms, seen = measured(people, arguments.frames, arguments.detector)
        limit = f" (limit {SLOWEST_LIMIT_MS:g} ms)" if people > 1 else ""
        print(f"{people:>3} faces: {seen:g} seen, {median_ms:.1f} ms a frame, the slowest {slowest_ms:.1f} ms{limit}")
    return int(slowest_ms > SLOWEST_LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
