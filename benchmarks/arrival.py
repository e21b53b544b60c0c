"""How much later somebody who arrives is found and classified, because the camera was slow while nobody was there.

    python benchmarks/arrival.py [--moments 30]

Drawn people come into view at moments that are spread over a second. The same pictures go through tracking, network and
debouncer three times: with every picture taken; at the headset's frame rate; and with a camera that slows its sensor
down as the Raspberry Pi's does. That sensor never goes below its slowest rate, and a new rate begins only some pictures
later. Times are the times of the pictures, without the time that the processor takes.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import numpy as np
from shared.command_line import benchmark_parser
from shared.headset import headset_perception, shipped_classifier

from assistant.app.configuration.settings import Settings
from assistant.app.vision import PacedPerception
from assistant.camera.drivers.picamera import SLOWEST_FPS
from assistant.camera.drivers.simulated import SimulatedSource
from assistant.camera.frame_rate import FrameRatePolicy, Throttle
from assistant.emotion.debouncing.debounce import Debouncer, EmotionSettled, FaceAppeared

FPS = 15.0
EMPTY_S, SHOWN_S = 12.0, 5.0
LAG_PICTURES = 8
"""The Raspberry Pi's camera follows a new rate after this many pictures, see `SLOWEST_FPS`."""

LIMITS_S = {"found": 0.4, "appeared": 0.4, "settled": 0.5}
"""The most delay that may be added with a camera that follows a new rate at once."""

LIMITS_LAGGING_S = {"found": 0.5, "appeared": 0.7, "settled": 1.0}
"""The most delay that may be added with a camera like the Raspberry Pi's."""


class Sensor:
    """Decides at which ticks, in 15ths of a second, a camera has a picture."""

    def __init__(self, slowest_fps: float, lag: int) -> None:
        """The sensor's rate is at least `slowest_fps`, and a new rate begins after `lag` pictures."""
        self._slowest_fps = slowest_fps
        self._due = 0.0
        self._asked = [math.inf] * (lag + 1)

    def gives(self, tick: int) -> bool:
        """Return whether there is a picture at this tick."""
        if tick < self._due:
            return False
        self._asked.append(self._asked[-1])
        self._due = max(self._due, tick - 1.0) + FPS / min(FPS, self._asked.pop(0))
        return True

    def ask(self, fps: float) -> None:
        """Ask for another rate."""
        self._asked[-1] = max(fps, self._slowest_fps)


def delays(arrival_s: float, sensor: Sensor | None) -> dict[str, float]:
    """Return the seconds from a person's arrival until the face is found, has appeared, and its emotion has settled.

    A face has appeared, and an emotion has settled, when the debouncer reports it. Without a sensor every picture is
    taken.
    """
    settings, classifier = Settings(), shipped_classifier()
    perception, debouncer = headset_perception(classifier=classifier), Debouncer(settings.debounce, classifier.bounds)
    source = SimulatedSource(f"empty {arrival_s:.4f}, happy {SHOWN_S}", fps=FPS)
    paced = PacedPerception(perception, FrameRatePolicy(settings.pace, settings.camera.stalled_s))
    throttle, fps, tick = Throttle(), math.inf, -1
    came: dict[str, float] = {}
    while (t_s := source.wait()) is not None and len(came) < 3:
        tick += 1
        if sensor is not None and not (sensor.gives(tick) and throttle.wants(t_s, fps)):
            continue
        frame = source.grab()
        assert frame is not None
        if sensor is None:
            seen = perception.perceive(frame.gray, t_s)
        else:
            seen, fps = paced.perceive(frame.gray, t_s, reduced=False)
            sensor.ask(fps)
        if seen.face is not None:
            came.setdefault("found", t_s - arrival_s)
        for change in debouncer.update(t_s, seen):
            if isinstance(change, FaceAppeared):
                came.setdefault("appeared", t_s - arrival_s)
            if isinstance(change, EmotionSettled):
                came.setdefault("settled", t_s - arrival_s)
    return came


def is_late(name: str, moments: Sequence[float], slowest_fps: float, lag: int, limits: dict[str, float]) -> bool:
    """Print the delay that this camera adds to each step; return whether one is over its limit."""
    pairs = [(delays(each, None), delays(each, Sensor(slowest_fps, lag))) for each in moments]
    late = False
    for what, limit_s in limits.items():
        extra = [slow.get(what, math.inf) - full[what] for full, slow in pairs]
        usual = float(np.median([full[what] for full, _ in pairs]))
        late |= max(extra) > limit_s
        figures = f"{usual:8.2f} s{np.median(extra):+14.2f} s{max(extra):+15.2f} s (limit {limit_s:+g} s)"
        print(f"{name:<34}{what:<9}{figures}")
    return late


def main() -> int:
    """Print the table; return 1 when an added delay is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--moments", type=int, default=30, help="how many people arrive (default: 30)")
    count = parser.parse_args().moments
    moments = [EMPTY_S + each / count for each in range(count)]
    print(f"{'':<43}{'without':>10}{'added, median':>16}{'added, at most':>17}")
    late = is_late("a camera that follows at once", moments, FPS, 0, LIMITS_S)
    late |= is_late("a camera like the Raspberry Pi's", moments, SLOWEST_FPS, LAG_PICTURES, LIMITS_LAGGING_S)
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
