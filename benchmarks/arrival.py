"""How much later somebody who arrives is found, told of and judged, since the camera had slowed down.

    python benchmarks/arrival.py [--moments 30]

Drawn people come into view at moments spread over a second. The same pictures go through tracking, network and state
machine once with every picture looked at and once with the headset's pace; and once more with a camera that slows its
sensor down as the Raspberry Pi's does: never below its slowest rate, and a new rate is there only some pictures later.
Times are those of the pictures: what the processor takes is not in them.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence

import numpy as np

from assistant.app.settings import Settings
from assistant.camera.drivers.picamera import SLOWEST_FPS
from assistant.camera.drivers.simulated import SimulatedSource
from assistant.camera.frame_rate import FrameRatePolicy, Throttle
from assistant.camera.motion import MotionDetector
from assistant.emotion.debounce import Debouncer, EmotionSettled, FaceAppeared
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.networks.shipped import shipped_model

FPS = 15.0
EMPTY_S, SHOWN_S = 12.0, 5.0
LAG_PICTURES = 8
"""Of the Raspberry Pi's camera, see `SLOWEST_FPS`."""

LIMITS_S = {"found": 0.4, "told of": 0.4, "judged": 0.5}
"""Added delay at most, with a camera that gives more pictures as soon as it is asked."""

LIMITS_LAGGING_S = {"found": 0.5, "told of": 0.7, "judged": 1.0}
"""The same with the Raspberry Pi's."""


class Sensor:
    """When its pictures come, in 15ths of a second."""

    def __init__(self, slowest_fps: float, lag: int) -> None:
        """It gives no fewer pictures than `slowest_fps`, and a new rate is there after `lag` of them."""
        self._slowest_fps = slowest_fps
        self._due = 0.0
        self._asked = [math.inf] * (lag + 1)

    def gives(self, tick: int) -> bool:
        """Whether there is a picture at this moment."""
        if tick < self._due:
            return False
        self._asked.append(self._asked[-1])
        self._due = max(self._due, tick - 1.0) + FPS / min(FPS, self._asked.pop(0))
        return True

    def ask(self, fps: float) -> None:
        """For another rate."""
        self._asked[-1] = max(fps, self._slowest_fps)


def delays(arrival_s: float, sensor: Sensor | None) -> dict[str, float]:
    """Seconds from somebody's arrival until they are found, told of and judged; without a sensor all is looked at."""
    settings = Settings()
    source = SimulatedSource(f"empty {arrival_s:.4f}, happy {SHOWN_S}", fps=FPS)
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    perception = Perception(build_detector(), TFLiteClassifier(shipped_model()), tracker, ScanSchedule(settings.search))
    debouncer, motion, throttle = Debouncer(settings.debounce), MotionDetector(), Throttle()
    pace, fps, tick = FrameRatePolicy(settings.pace, settings.camera.stalled_s), math.inf, -1
    came: dict[str, float] = {}
    while (t_s := source.wait()) is not None and len(came) < 3:
        tick += 1
        if sensor is not None and not (sensor.gives(tick) and throttle.wants(t_s, fps)):
            continue
        frame = source.grab()
        assert frame is not None
        seen = perception.perceive(frame.gray, t_s)
        fps = pace.fps(t_s, active=seen.people > 0 or motion.update(frame.gray, t_s), reduced=False)
        if sensor is not None:
            sensor.ask(fps)
        if seen.face is not None:
            came.setdefault("found", t_s - arrival_s)
        for change in debouncer.update(t_s, seen):
            if isinstance(change, FaceAppeared):
                came.setdefault("told of", t_s - arrival_s)
            if isinstance(change, EmotionSettled):
                came.setdefault("judged", t_s - arrival_s)
    return came


def added(name: str, moments: Sequence[float], slowest_fps: float, lag: int, limits: dict[str, float]) -> bool:
    """Print how much later each came; whether one was over its limit."""
    pairs = [(delays(each, None), delays(each, Sensor(slowest_fps, lag))) for each in moments]
    late = False
    for what, limit_s in limits.items():
        extra = [slow.get(what, math.inf) - full[what] for full, slow in pairs]
        usual = float(np.median([full[what] for full, _ in pairs]))
        late |= max(extra) > limit_s
        figures = f"{usual:6.2f} s{np.median(extra):+8.2f} s{max(extra):+8.2f} s at most (limit {limit_s:g})"
        print(f"{name:<34}{what:<9}{figures}")
    return late


def main() -> int:
    """Print the table; 1 when a limit is not held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moments", type=int, default=30)
    count = parser.parse_args().moments
    moments = [EMPTY_S + each / count for each in range(count)]
    late = added("a camera that follows at once", moments, FPS, 0, LIMITS_S)
    late |= added("one like the Raspberry Pi's", moments, SLOWEST_FPS, LAG_PICTURES, LIMITS_LAGGING_S)
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
