"""Speed and memory of the whole way, on a clip of 640x480 with one face: a table, and JSON with --json FILE.

    python benchmarks/pipeline.py                        the built-in clip (drawn faces)
    python benchmarks/pipeline.py --photograph           a photograph's face that moves (needs scikit-image)
    python benchmarks/pipeline.py --clip FILE

The limits that the project sets itself stand beside the figures. The clip is decoded, or drawn, before anything is
counted; the voice renders and is not heard, so its processes are counted too. Timings vary with the machine: the median
of the runs is given.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from bare_loop import cpu_ms_per_frame

from assistant.app.build import build_components
from assistant.app.options import RunOptions
from assistant.app.service import Service
from assistant.app.settings import Settings
from assistant.app.vision import VisionLoop
from assistant.camera.drivers.recording import ReplaySource
from assistant.camera.drivers.simulated import SimulatedSource
from assistant.emotion.debounce import Debouncer
from assistant.emotion.observation import Classification
from assistant.emotion.perception import Perception
from assistant.emotion.preprocess import face_to_input
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detector import Detection, FaceDetector, Region
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.frame import Frame
from assistant.networks.shipped import shipped_model
from assistant.speech.announcer import Announcer

LIMITS = {"cpu_ms_per_frame": 3.0, "times_the_bare_loop": 1.5, "peak_mb": 120.0, "first_result_s": 1.0}
CLIP_FRAMES = 300
RUNS = 5
Gray = npt.NDArray[np.uint8]


class TimedDetector:
    """Counts the seconds that a detector takes."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self.seconds = 0.0

    def detect(self, gray: Gray, region: Region | None = None, known: Sequence[Detection] = ()) -> Sequence[Detection]:
        """As the detector."""
        started = time.perf_counter()
        found = self._detector.detect(gray, region, known)
        self.seconds += time.perf_counter() - started
        return found


class TimedClassifier:
    """Counts the seconds that preprocessing and classifying take."""

    def __init__(self, classifier: TFLiteClassifier) -> None:
        self._classifier = classifier
        self.preprocess_s = self.seconds = 0.0

    def classify(self, face: Gray) -> Classification:
        """As the classifier; the preprocessing is done once more to tell its share."""
        started = time.perf_counter()
        face_to_input(face)
        between = time.perf_counter()
        said = self._classifier.classify(face)
        self.preprocess_s += between - started
        self.seconds += time.perf_counter() - between
        return said


def built_in_clip() -> list[Frame]:
    """Drawn faces that move, and change their expression twice."""
    source = SimulatedSource("neutral 5, happy 8, surprise 7")
    return list(_frames(source))[:CLIP_FRAMES]


def photograph_clip() -> list[Frame]:
    """scikit-image's astronaut, moved, scaled and noisy."""
    try:
        from skimage.data import astronaut
    except ImportError:
        sys.exit("--photograph needs scikit-image: take the environment that script/test makes, .venv-dev")

    face = cv2.cvtColor(astronaut(), cv2.COLOR_RGB2GRAY)
    rng = np.random.default_rng(1)
    frames = []
    for number in range(CLIP_FRAMES):
        t_s = number / 15
        scale = 1.0 + 0.1 * np.sin(0.5 * t_s)
        matrix = np.array([[scale, 0, 60 + 30 * np.sin(0.9 * t_s)], [0, scale, 20 * np.sin(1.3 * t_s)]])
        picture = cv2.warpAffine(face, matrix, (640, 480), borderMode=cv2.BORDER_REPLICATE)
        noisy = picture + rng.normal(0, 3, picture.shape)
        frames.append(Frame(np.clip(noisy, 0, 255).astype(np.uint8), t_s))
    return frames


def file_clip(path: Path) -> list[Frame]:
    """The first frames of a recording."""
    source = ReplaySource(path)
    source.open()
    return [frame for _, frame in zip(range(CLIP_FRAMES), _frames(source), strict=False)]


def _frames(source: SimulatedSource | ReplaySource) -> Iterator[Frame]:
    while (frame := source.grab()) is not None:
        yield frame


class ClipCamera:
    """A camera whose frames are in memory: reading costs nothing."""

    dropped = 0

    def __init__(self, frames: Sequence[Frame], clock: Any) -> None:
        self._frames, self._clock, self._next = frames, clock, 0

    @property
    def ended(self) -> bool:
        """Whether every frame was read."""
        return self._next >= len(self._frames)

    def read(self, timeout_s: float) -> Frame | None:  # noqa: ARG002 - a port's argument
        """The next frame."""
        if self.ended:
            return None
        frame = self._frames[self._next]
        self._next += 1
        self._clock.advance_to(frame.t_s)
        return frame

    def set_rate(self, fps: float) -> None:
        """Nothing: every frame is looked at."""

    def close(self) -> None:
        """Nothing to do."""


def whole_way(frames: Sequence[Frame], folder: Path) -> dict[str, float]:
    """One run of the loop, its voice rendering files: frames a second, CPU milliseconds a frame."""
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
    """Milliseconds of each stage, a frame."""
    detector, classifier = TimedDetector(build_detector()), TimedClassifier(TFLiteClassifier(shipped_model()))
    settings = Settings()
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    perception = Perception(detector, classifier, tracker, ScanSchedule(settings.search))
    debouncer, announcer = Debouncer(settings.debounce), Announcer(settings.announce)
    decided_s = 0.0
    for frame in frames:
        seen = perception.perceive(frame.gray, frame.t_s)
        started = time.perf_counter()
        for change in debouncer.update(frame.t_s, seen.track_id, seen.face.scores if seen.face else None):
            announcer.announcement_for(change, seen, frame.t_s)
        decided_s += time.perf_counter() - started
    per_frame = 1000 / len(frames)
    return {
        "detect": detector.seconds * per_frame,
        "preprocess": classifier.preprocess_s * per_frame,
        "preprocess and classify": classifier.seconds * per_frame,
        "debounce and announce": decided_s * per_frame,
    }


def first_result_s(frames: Sequence[Frame], folder: Path) -> float:
    """From starting the process to the first judgement of a picture, printed."""
    picture = folder / "first.png"
    detector = build_detector()
    face = next((frame for frame in frames if detector.detect(frame.gray)), frames[0])
    cv2.imwrite(str(picture), face.gray)
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "assistant", "look", str(picture)], check=True, capture_output=True)
    return time.perf_counter() - started


def peak_mb(folder: Path) -> float:
    """Peak resident memory of a whole process on the built-in clip."""
    command = [sys.executable, "-m", "assistant", "run", "--camera", "simulated", "--fast", "--voice", f"wav:{folder}"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while child.poll() is None:  # ru_maxrss would count this process, from which the child was forked
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
    """All figures; the first run warms up and is not counted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = [whole_way(frames, folder) for _ in range(RUNS + 1)][1:]
        cold = [first_result_s(frames, folder) for _ in range(RUNS + 1)][1:]
        result: dict[str, Any] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        result |= {"first_result_s": statistics.median(cold), "peak_mb": peak_mb(folder)}
    result["bare_loop_cpu_ms_per_frame"] = cpu_ms_per_frame([(frame.gray, frame.t_s) for frame in frames])
    result["times_the_bare_loop"] = result["cpu_ms_per_frame"] / result["bare_loop_cpu_ms_per_frame"]
    stages(frames[:30])
    result["stages_ms"] = stages(frames)
    result["frames"] = len(frames)
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in result.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photograph", action="store_true", help="a photograph's face instead of drawn ones")
    parser.add_argument("--clip", type=Path, help="a recording instead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


def chosen_frames(options: Sequence[str]) -> list[Frame]:
    """The clip that the command line names."""
    arguments = _parser().parse_args(options)
    if arguments.clip and not arguments.clip.exists():
        _parser().error(f"{arguments.clip}: no such file")
    if arguments.clip:
        return file_clip(arguments.clip)
    return photograph_clip() if arguments.photograph else built_in_clip()


def main() -> int:
    """Print the table; 1 when a limit is not held."""
    frames = chosen_frames(sys.argv[1:])
    arguments = _parser().parse_args()
    result = benchmark(frames)
    for key, value in result.items():
        if key != "stages_ms":
            limit = f"   (limit {LIMITS[key]:g})" if key in LIMITS else ""
            print(f"{key:<28}{value:>9.2f}{limit}")
    for stage, milliseconds in result["stages_ms"].items():
        print(f"  {stage:<26}{milliseconds:>7.3f} ms")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return int(any(result[key] > limit for key, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
