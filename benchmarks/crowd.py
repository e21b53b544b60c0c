"""How long a frame takes with one face in it and with ten: CPU milliseconds, at the median and at the worst.

    python benchmarks/crowd.py [--frames 300] [--detector finder]

Drawn people of several looks sway before a wall, each about 70 pixels wide in 640x480, from the first frame on.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from assistant.app.settings import Settings
from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.drawn.face import Looks, draw_face
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import Emotion
from assistant.face.detectors.registry import DEFAULT, DETECTORS, build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.networks.shipped import shipped_model

Gray = npt.NDArray[np.uint8]
FPS = 15
SIZE = (640, 480)
SCALE = 0.4
PLACES = [(70 + 125 * column, 130 + 210 * line) for line in range(2) for column in range(5)]
WORST_LIMIT_MS = 50.0


def frames(people: int, count: int) -> Iterator[Gray]:
    """Frames of so many people."""
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
    """Median and worst CPU milliseconds of a frame, and how many people were seen at the median."""
    settings = Settings()
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    classifier = TFLiteClassifier(shipped_model())
    perception = Perception(build_detector(detector), classifier, tracker, ScanSchedule(settings.search))
    took_ms, seen = [], []
    for number, frame in enumerate(frames(people, count)):
        began_s = time.process_time()
        seen.append(perception.perceive(frame, number / FPS).people)
        took_ms.append(1000 * (time.process_time() - began_s))
    return statistics.median(took_ms), max(took_ms), statistics.median(seen)


def main() -> int:
    """Print the table; 1 when the worst frame takes too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--detector", choices=DETECTORS, default=DEFAULT)
    arguments = parser.parse_args()
    worst_ms = 0.0
    for people in (1, len(PLACES)):
        median, worst_ms, seen = measured(people, arguments.frames, arguments.detector)
        print(f"{people:>3} faces: {seen:g} seen, {median:.1f} ms a frame, the worst {worst_ms:.1f} ms")
    print(f"(limit of the worst: {WORST_LIMIT_MS:g} ms)")
    return int(worst_ms > WORST_LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
