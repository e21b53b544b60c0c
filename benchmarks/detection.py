"""What is found: by the first look and with each further one; by tilt, size and light; and what is found that is none.

    python benchmarks/detection.py photographs/ [--every 4]

`photographs/` holds pictures with one face each, and `labels.csv` with the columns `picture` and `emotion`. For the
sweeps they are put into frames of 640x480. False faces are counted in scikit-image's photographs without people,
upright, turned and as negatives. None of them was used in training.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from not_faces import scenes

from assistant.adapters.haar import HaarFaceDetector
from assistant.adapters.replay import ReplaySource, read_gray
from assistant.adapters.tflite import TFLiteClassifier
from assistant.assemble import shipped_model
from assistant.errors import CameraError
from assistant.pipeline import Perception, judge
from assistant.preprocess import upright_crop
from assistant.quality import Reason
from assistant.search import FoundFace, Look, SearchPlan, SearchSettings, first_look, further_looks
from assistant.settings import Settings
from assistant.tracking import FaceTracker

Gray = npt.NDArray[np.uint8]
FRAME = (640, 480)
SETTINGS = SearchSettings()
NAMES = ("first look", "close", "far", "tilted right", "tilted left", "other cascade", "left side", "right side")


class Bench:
    """The detector and the classifier."""

    def __init__(self) -> None:
        self.detector = HaarFaceDetector()
        self.classifier = TFLiteClassifier(shipped_model())

    def looks(self, frame: Gray) -> Sequence[Look]:
        """All looks at a frame, in their order."""
        return (first_look(SETTINGS, frame.shape[1]), *further_looks(SETTINGS, frame.shape[1]))

    def found(self, frame: Gray, looks: Sequence[Look]) -> tuple[int, list[FoundFace]]:
        """Which look was the first to find a face that is not refused as none, and what it found; -1 for none."""
        for number, look in enumerate(looks):
            faces = [each for each in self.detector.detect(frame, look) if not self.refused(frame, each)]
            if faces:
                return number, faces
        return -1, []

    def refused(self, frame: Gray, face: FoundFace) -> bool:
        """Whether the model says that it is no face."""
        return judge(frame, face, self.classifier)[0].reason is Reason.NOT_A_FACE


def in_frame(face: Gray, width_px: float | None = None, tilt_deg: float = 0.0, light: float = 1.0) -> Gray:
    """The photograph in the middle of a frame; with its width, so that a face that fills half of it has `width_px`."""
    scale = min(FRAME[0] / face.shape[1], FRAME[1] / face.shape[0])
    if width_px is not None:
        scale = 2 * width_px / face.shape[1]
    turn = cv2.getRotationMatrix2D((face.shape[1] / 2, face.shape[0] / 2), -tilt_deg, scale)
    turn[:, 2] += (FRAME[0] / 2 - face.shape[1] / 2, FRAME[1] / 2 - face.shape[0] / 2)
    if scale < 0.7:
        face = np.asarray(cv2.GaussianBlur(face, (0, 0), 0.4 / scale), np.uint8)
    frame = cv2.warpAffine(face, turn, FRAME, borderMode=cv2.BORDER_CONSTANT, borderValue=int(face.mean()))
    noise = np.random.default_rng(1).normal(0, 2, frame.shape)
    return np.clip(np.round(frame * light + noise), 0, 255).astype(np.uint8)


def found_by_look(bench: Bench, pictures: Sequence[Gray]) -> None:
    """How many faces each look adds."""
    firsts = [bench.found(picture, bench.looks(picture))[0] for picture in pictures]
    print(f"photographs as they are: {len(pictures)}")
    total = 0
    for number, name in enumerate(NAMES):
        total += firsts.count(number)
        print(f"  {name:<16}{firsts.count(number):>5} more, {total / len(pictures):6.1%} in all")


def sweep(bench: Bench, pictures: Sequence[Gray], name: str, frames: dict[str, Callable[[Gray], Gray]]) -> None:
    """The share that is found by the first look alone, and by all."""
    print(f"{name:<22}" + "".join(f"{value:>9}" for value in frames))
    for looks, count in (("first look", 1), ("all looks", None)):
        shares = []
        for made in frames.values():
            hits = [bench.found(frame, bench.looks(frame)[:count])[0] >= 0 for frame in map(made, pictures)]
            shares.append(np.mean(hits))
        print(f"  {looks:<20}" + "".join(f"{share:>9.1%}" for share in shares), flush=True)


def right_by_tilt(bench: Bench, labelled: Sequence[tuple[Gray, str]], tilts: Sequence[float]) -> None:
    """How many of those found are judged as they are labelled, turned upright and not."""
    print(f"{'judged as labelled, of the found':<34}" + "".join(f"{tilt:>8g}" for tilt in tilts))
    rows: dict[str, list[float]] = {"turned upright": [], "not turned": []}
    for tilt in tilts:
        right: dict[str, list[bool]] = {name: [] for name in rows}
        for picture, label in labelled:
            frame = in_frame(picture, tilt_deg=tilt)
            for face in bench.found(frame, bench.looks(frame))[1][:1]:
                for name, roll in (("turned upright", face.roll_deg), ("not turned", 0.0)):
                    crop = upright_crop(frame, face.box, roll)
                    right[name].append(str(bench.classifier.classify(crop).scores.best) == label)
        for name, each in right.items():
            rows[name].append(float(np.mean(each)) if each else float("nan"))
    for name, shares in rows.items():
        print(f"  {name:<32}" + "".join(f"{share:>8.1%}" for share in shares), flush=True)


def false_faces(bench: Bench) -> bool:
    """False faces in pictures without people; whether all looks find no more than the first cascade by itself."""
    counts = {"first look, as found": 0, "first look, not refused": 0, "all looks, not refused": 0}
    pictures = 0
    for scene in scenes():
        pictures += 1
        first = bench.detector.detect(scene, bench.looks(scene)[0])
        counts["first look, as found"] += len(first)
        counts["first look, not refused"] += sum(not bench.refused(scene, face) for face in first)
        counts["all looks, not refused"] += len(bench.found(scene, bench.looks(scene))[1])
    print(f"false faces in {pictures} pictures without people")
    for name, count in counts.items():
        print(f"  {name:<26}{count:>4}")
    print("  (limit: all looks, not refused, no more than the first look as found)")
    return counts["all looks, not refused"] <= counts["first look, as found"]


def along(bench: Bench, clip: Path) -> None:
    """How many frames of a recording have a face in front, and what is lost by not searching all of each frame."""
    settings = Settings()
    everywhere = replace(SETTINGS, full_scan_s=0.1, several_scan_s=0.1, idle_scan_s=0.0)
    there: dict[str, list[bool]] = {}
    times = [t_s for _, t_s in _frames(clip)]
    for name, search in {
        "first look": replace(SETTINGS, thorough=False),
        "all looks": SETTINGS,
        "all looks, everywhere": everywhere,
    }.items():
        tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
        perception = Perception(bench.detector, bench.classifier, tracker, SearchPlan(search))
        seen = [perception.perceive(frame, t_s) for frame, t_s in _frames(clip)]
        there[name] = [each.face is not None for each in seen]
        judged = np.mean([each.face is not None and each.face.scores is not None for each in seen])
        share, persons = np.mean(there[name]), {each.person for each in seen if each.face is not None}
        print(f"{clip.name:<16}{name:<24}in front {share:6.1%}, judged {judged:6.1%} of {len(seen)}, as {len(persons)}")
    lost_s = _longest_s(times, [not here and kept for here, kept in zip(*list(there.values())[1:], strict=True)])
    print(f"{clip.name:<16}lost, where searching everywhere kept it, for {lost_s:.2f} s at the longest (limit 0.5)")


def _longest_s(times: Sequence[float], lost: Sequence[bool]) -> float:
    longest, since = 0.0, None
    for t_s, now_lost in zip(times, lost, strict=True):
        since = (t_s if since is None else since) if now_lost else None
        longest = max(longest, 0.0 if since is None else t_s - since)
    return longest


def _frames(clip: Path) -> Iterator[tuple[Gray, float]]:
    source = ReplaySource(clip)
    source.open()
    while (frame := source.grab()) is not None:
        yield frame.gray, frame.t_s


def _labelled(folder: Path, every: int) -> list[tuple[Gray, str]]:
    labels = folder / "labels.csv"
    with labels.open(newline="", encoding="utf-8") as file:
        named = list(csv.reader(file))[1:]
    pictures = []
    for name, label, *_ in named[::every]:
        try:
            pictures.append((read_gray(folder / name), label))
        except CameraError as error:
            print(error, file=sys.stderr)
    return pictures


def main() -> int:
    """Print the tables; 1 when more false faces are found than by the first cascade alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--every", type=int, default=4, help="for the sweeps, every so manieth photograph (default 4)")
    parser.add_argument("--clip", type=Path, action="append", default=[], help="a recording; may be given again")
    arguments = parser.parse_args()
    if not (arguments.photographs / "labels.csv").is_file():
        parser.error(f"{arguments.photographs}: has no labels.csv")
    bench = Bench()
    labelled = _labelled(arguments.photographs, 1)
    found_by_look(bench, [picture for picture, _ in labelled])
    some = labelled[:: arguments.every]
    pictures = [picture for picture, _ in some]
    sizes, tilts, lights = (34, 48, 64, 100, 160, 240), (0, 10, 20, 30), (0.1, 0.3, 1.0, 1.6)
    sweep(bench, pictures, "face's width, pixels", {f"{px}": partial(in_frame, width_px=px) for px in sizes})
    sweep(bench, pictures, "tilt, degrees", {f"{deg}": partial(in_frame, width_px=100, tilt_deg=deg) for deg in tilts})
    sweep(bench, pictures, "light", {f"{by:g}": partial(in_frame, width_px=100, light=by) for by in lights})
    right_by_tilt(bench, some, tilts)
    for clip in arguments.clip:
        along(bench, clip)
    return int(not false_faces(bench))


if __name__ == "__main__":
    sys.exit(main())
