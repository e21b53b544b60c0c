"""How the CPU time of a frame grows with the number of faces in it, and with its size.

    python benchmarks/crowd.py [--frames 300] [--detector finder]

Drawn people of several looks sway before a wall. In a frame of 640x480 each face is about 70 pixels wide; in frames of
other sizes it is wider or narrower in proportion. All people are there from the first frame on. The
detector has searched three frames before, to warm up.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

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
SIZE, OTHER_SIZES = (640, 480), ((320, 240), (1280, 960), (1920, 1440))
SCALE = 0.4
PLACES = [(70 + 125 * column, 130 + 210 * line) for line in range(2) for column in range(5)]
MIDDLE = (320, 240)
NUMBERS = (1, 2, 4, len(PLACES))
WARM_UP_FRAMES = 3

USUAL_LIMIT_MS = 10.0
"""The limit of 99 in 100 frames of 640x480 with one face."""

SLOWEST_LIMIT_MS = 40.0
"""The limit of the slowest frame with ten faces."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The CPU milliseconds of the frames of one run, and how many people were seen."""

    mean_ms: float
    usual_ms: float
    """99 in 100 frames take at most this."""
    slowest_ms: float
    seen: float


def frames(people: int, count: int, size: tuple[int, int]) -> Iterator[Gray]:
    """Yield `count` frames of this width and height with this many people."""
    rng = np.random.default_rng(1)
    drawn = [
        draw_face(PROTOTYPES[Emotion.HAPPY], Looks(skin=110 + 12 * number, hair=30 + 10 * number))
        for number in range(people)
    ]
    times = size[0] / SIZE[0]
    for number in range(count):
        frame = np.full((size[1], size[0]), 110.0)
        for person, (face, cover) in enumerate(drawn):
            x, y = PLACES[person] if people > 1 else MIDDLE
            x += round(8 * np.sin(number / 9 + person))
            move = times * np.array([[SCALE, 0, x - SCALE * 128], [0, SCALE, y - SCALE * 128]])
            there, mask = (cv2.warpAffine(each, move, size) for each in (face, cover))
            frame = mask * there + (1 - mask) * frame
        yield np.asarray(np.clip(frame + rng.normal(0, 3, frame.shape), 0, 255), np.uint8)


def measured(people: int, count: int, detector: str, size: tuple[int, int] = SIZE) -> Cost:
    """Measure `count` frames with this many people."""
    found_by = build_detector(detector)
    for frame in frames(people, WARM_UP_FRAMES, size):
        found_by.detect(frame)
    perception = headset_perception(found_by)
    took_ms, seen = [], []
    for number, frame in enumerate(frames(people, count, size)):
        began_s = time.process_time()
        seen.append(perception.perceive(frame, number / FPS).people)
        took_ms.append(1000 * (time.process_time() - began_s))
    usual_ms = float(np.quantile(took_ms, 0.99))
    return Cost(float(np.mean(took_ms)), usual_ms, max(took_ms), float(np.median(seen)))


def main() -> int:
    """Print the times; return 1 when a time is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--frames", type=int, default=300, help="frames of each run (default: 300)")
    parser.add_argument("--detector", choices=DETECTORS, default=DEFAULT, help=f"(default: {DEFAULT})")
    arguments = parser.parse_args()
    print(f"{'':<24}{'seen':>5}{'mean':>10}{'99 in 100':>12}{'slowest':>10}   CPU milliseconds a frame")
    too_slow = False
    for people in NUMBERS:
        cost = measured(people, arguments.frames, arguments.detector)
        too_slow |= people == 1 and cost.usual_ms > USUAL_LIMIT_MS
        too_slow |= people == len(PLACES) and cost.slowest_ms > SLOWEST_LIMIT_MS
        limit = f"limit of 99 in 100: {USUAL_LIMIT_MS:g}" if people == 1 else ""
        limit = f"limit of the slowest: {SLOWEST_LIMIT_MS:g}" if people == len(PLACES) else limit
        show(f"640x480, {people} face{'s' * (people > 1)}", cost, limit)
    for width, height in OTHER_SIZES:
        show(f"{width}x{height}, 1 face", measured(1, arguments.frames, arguments.detector, (width, height)))
    return int(too_slow)


def show(what: str, cost: Cost, limit: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:<24}{cost.seen:>5g}{cost.mean_ms:>10.2f}{cost.usual_ms:>12.2f}{cost.slowest_ms:>10.2f}   {limit}")


if __name__ == "__main__":
    sys.exit(main())
