"""Speed and memory of the whole headset, on a clip of 640x480 with one face.

    python benchmarks/pipeline.py                        drawn faces
    python benchmarks/pipeline.py --photograph           a photograph's face that moves (needs scikit-image)
    python benchmarks/pipeline.py --clip FILE            a recording
    python benchmarks/pipeline.py --functions 12         which functions of the perception take the time

The clip is drawn or decoded before the measurement begins. The voice renders its phrases into files, so its processes
are counted too. Timings vary with the machine, so each is the median of several runs.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
from bare_loop import cpu_ms_per_frame
from shared.clips import add_clip_options, chosen_clip
from shared.command_line import benchmark_parser
from shared.headset import headset_perception, shipped_classifier

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.service import Service
from assistant.app.vision import VisionLoop
from assistant.emotion.debouncing.debounce import Debouncer
from assistant.emotion.observation import Classification
from assistant.emotion.preprocess import face_to_input
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detector import Detection, FaceDetector, Region
from assistant.face.detectors.registry import build_detector
from assistant.frame import Frame
from assistant.pictures.reading import Gray
from assistant.speech.announcer import Announcer

LIMITS = {"cpu_ms_per_frame": 3.0, "times_the_bare_loop": 1.0, "peak_mb": 110.0, "first_result_s": 0.5}
"""The most that these figures may be. The other figures have no limit."""

RUNS = 5


class TimedDetector:
    """A detector that counts the seconds it takes."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self.seconds = 0.0

    def detect(self, gray: Gray, region: Region | None = None, known: Sequence[Detection] = ()) -> Sequence[Detection]:
        """Detect as the wrapped detector does."""
        started = time.perf_counter()
        found = self._detector.detect(gray, region, known)
        self.seconds += time.perf_counter() - started
        return found


class TimedClassifier:
    """A classifier that counts the seconds of the preprocessing, and of preprocessing and classifying together."""

    def __init__(self, classifier: TFLiteClassifier) -> None:
        self._classifier = classifier
        self.bounds, self.movements = classifier.bounds, classifier.movements
        self.preprocess_s = self.seconds = 0.0

    def classify(self, face: Gray) -> Classification:
        """Classify as the wrapped classifier does; the preprocessing is done once more to measure it alone."""
        started = time.perf_counter()
        face_to_input(face)
        between = time.perf_counter()
        said = self._classifier.classify(face)
        self.preprocess_s += between - started
        self.seconds += time.perf_counter() - between
        return said


class ClipCamera:
    """A camera whose frames are in memory, so that reading takes no time."""

    dropped = 0

    def __init__(self, frames: Sequence[Frame], clock: Any) -> None:
        self._frames, self._clock, self._next = frames, clock, 0

    @property
    def ended(self) -> bool:
        """True when every frame was read."""
        return self._next >= len(self._frames)

    def read(self, timeout_s: float) -> Frame | None:  # noqa: ARG002 - a port's argument
        """Return the next frame, None after the last."""
        if self.ended:
            return None
        frame = self._frames[self._next]
        self._next += 1
        self._clock.advance_to(frame.t_s)
        return frame

    def set_rate(self, fps: float) -> None:
        """Do nothing: the headset takes every frame."""

    def close(self) -> None:
        """Do nothing."""


def whole_headset(frames: Sequence[Frame], folder: Path) -> dict[str, float]:
    """Run the whole headset once on these frames; return the frames a second and the CPU milliseconds a frame."""
    options = RunOptions(camera="simulated", voice=f"wav:{folder}", fast=True)
    components = build_components(options, Settings())
    assert isinstance(components.vision, VisionLoop)
    components.vision.open_camera = lambda: ClipCamera(frames, components.clock)
    service = Service(replace(components, notices=()))
    cpu_s, wall_s = _cpu_s(), time.perf_counter()
    service.run()
    return {
        "frames_per_s": len(frames) / (time.perf_counter() - wall_s),
        "cpu_ms_per_frame": 1000 * (_cpu_s() - cpu_s) / len(frames),
    }


def stages(frames: Sequence[Frame]) -> dict[str, float]:
    """Return the milliseconds that each stage takes of a frame, as a mean over the frames."""
    detector, classifier = TimedDetector(build_detector()), TimedClassifier(shipped_classifier())
    settings, perception = Settings(), headset_perception(detector, classifier)
    debouncer, announcer = Debouncer(settings.debounce, classifier.bounds), Announcer(settings.announce)
    decided_s = 0.0
    for frame in frames:
        seen = perception.perceive(frame.gray, frame.t_s)
        started = time.perf_counter()
        for change in debouncer.update(frame.t_s, seen):
            announcer.announcement_for(change, seen, frame.t_s)
        decided_s += time.perf_counter() - started
    per_frame = 1000 / len(frames)
    return {
        "detect": detector.seconds * per_frame,
        "preprocess": classifier.preprocess_s * per_frame,
        "preprocess and classify": classifier.seconds * per_frame,
        "debounce and announce": decided_s * per_frame,
    }


def functions(frames: Sequence[Frame]) -> list[tuple[float, float, str]]:
    """Return each function of the perception: its own microseconds a frame, its calls a frame, and its name.

    The functions that took most come first. The profiler makes all of them slower, Python's more than others.
    """
    perception = headset_perception()
    profiler = cProfile.Profile()
    profiler.enable()
    for frame in frames:
        perception.perceive(frame.gray, frame.t_s)
    profiler.disable()
    found = []
    for (file, _, name), (_, calls, own_s, *_) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        place = name if file == "~" else f"{Path(file).name}: {name}"
        found.append((1e6 * own_s / len(frames), calls / len(frames), place))
    return sorted(found, reverse=True)


def first_result_s(frames: Sequence[Frame], folder: Path) -> float:
    """Return the seconds from the start of `assistant look` until it has classified and printed a picture."""
    picture = folder / "first.png"
    detector = build_detector()
    face = next((frame for frame in frames if detector.detect(frame.gray)), frames[0])
    cv2.imwrite(str(picture), face.gray)
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "assistant", "look", str(picture)], check=True, capture_output=True)
    return time.perf_counter() - started


def peak_mb(folder: Path) -> float:
    """Return the peak resident memory of `assistant run` with the simulated camera, in MB (2^20 bytes)."""
    command = [sys.executable, "-m", "assistant", "run", "--camera", "simulated", "--fast", "--voice", f"wav:{folder}"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while child.poll() is None:  # the child's ru_maxrss would include this process, from which it was forked
        status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
        found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        peak = max([peak, *(int(kilobytes) / 1024 for kilobytes in found)])
        time.sleep(0.02)
    if child.returncode:
        raise RuntimeError("assistant run failed")
    return peak


def _cpu_s() -> float:
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def benchmark(frames: Sequence[Frame]) -> dict[str, Any]:
    """Measure all figures; the first run of each warms up and is not counted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = [whole_headset(frames, folder) for _ in range(RUNS + 1)][1:]
        cold = [first_result_s(frames, folder) for _ in range(RUNS + 1)][1:]
        result: dict[str, Any] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        result |= {"first_result_s": statistics.median(cold), "peak_mb": peak_mb(folder)}
    result["bare_loop_cpu_ms_per_frame"] = cpu_ms_per_frame([(frame.gray, frame.t_s) for frame in frames])
    result["times_the_bare_loop"] = result["cpu_ms_per_frame"] / result["bare_loop_cpu_ms_per_frame"]
    stages(frames[:30])
    result["stages_ms"] = stages(frames)
    result["frames"] = len(frames)
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in result.items()}


def _arguments() -> argparse.Namespace:
    parser = benchmark_parser(__doc__)
    add_clip_options(parser)
    parser.add_argument("--functions", type=int, metavar="N", help="print only the N functions that take most time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to this file")
    return parser.parse_args()


def main() -> int:
    """Print the table; return 1 when a figure is over its limit."""
    arguments = _arguments()
    if arguments.functions:
        for own_us, calls, name in functions(chosen_clip(arguments))[: arguments.functions]:
            print(f"{own_us:8.0f} us a frame in {calls:5.2f} calls  {name}")
        return 0
    result = benchmark(chosen_clip(arguments))
    for key, value in result.items():
        if key != "stages_ms":
            limit = f"   (limit: at most {LIMITS[key]:g})" if key in LIMITS else ""
            print(f"{key:<28}{value:>9.2f}{limit}")
    for stage, milliseconds in result["stages_ms"].items():
        print(f"  {stage:<26}{milliseconds:>7.3f} ms")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return int(any(result[key] > limit for key, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
