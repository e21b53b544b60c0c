"""What each detector finds: in photographs, by size, tilt and light, in clips; and what it finds that is none.

    python benchmarks/detection.py photographs/ [--every 4] [--detector finder ...]

`photographs/` holds pictures with one face each, and `labels.csv` with the columns `picture` and `emotion`. For the
sweeps they are put into frames of 640x480. False faces are counted in scikit-image's photographs without people,
upright, turned and as negatives. None of them was used in training. A face counts as found where the emotion network
does not call it none.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from not_faces import scenes

from assistant.app.settings import Settings
from assistant.camera.drivers.recording import ReplaySource
from assistant.emotion.observation import ClassifiedFace
from assistant.emotion.perception import Perception, classify_face, classify_faces
from assistant.emotion.preprocess import upright_crop
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import CameraError
from assistant.face.detector import FaceDetector
from assistant.face.detectors.registry import DETECTORS, build_detector
from assistant.face.quality import RejectReason
from assistant.face.scan import ScanSchedule, SearchSettings
from assistant.face.tracker import FaceTracker
from assistant.networks.shipped import shipped_model
from assistant.pictures.reading import read_gray

Gray = npt.NDArray[np.uint8]
FRAME = (640, 480)
MOST_FALSE = 9
"""What the Haar cascade alone takes for faces in the pictures without people."""


class Bench:
    """The detectors and the classifier."""

    def __init__(self, names: Sequence[str]) -> None:
        self.detectors: Mapping[str, FaceDetector] = {name: build_detector(name) for name in names}
        self.classifier = TFLiteClassifier(shipped_model())

    def found(self, name: str, frame: Gray) -> list[ClassifiedFace]:
        """The faces that a detector finds in a picture and that are not refused as none."""
        return classify_faces(frame, self.detectors[name], self.classifier)


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


def in_photographs(bench: Bench, pictures: Sequence[Gray]) -> None:
    """How many faces each detector finds, how many of them are judged, and how long it takes."""
    print(f"photographs as they are: {len(pictures)}")
    for name in bench.detectors:
        found, judged, took_ms = 0, 0, []
        for picture in pictures:
            began_s = time.process_time()
            faces = bench.found(name, picture)
            took_ms.append(1000 * (time.process_time() - began_s))
            found += bool(faces)
            judged += any(face.scores is not None for face in faces)
        shares = f"found {found / len(pictures):6.1%}, judged {judged / len(pictures):6.1%}"
        print(f"  {name:<10}{found:>5} {shares}, {statistics.median(took_ms):.1f} ms of CPU time a picture", flush=True)


def sweep(bench: Bench, pictures: Sequence[Gray], title: str, frames: dict[str, Callable[[Gray], Gray]]) -> None:
    """The share that each detector finds."""
    print(f"{title:<22}" + "".join(f"{value:>9}" for value in frames))
    for name in bench.detectors:
        shares = [np.mean([bool(bench.found(name, made(each))) for each in pictures]) for made in frames.values()]
        print(f"  {name:<20}" + "".join(f"{share:>9.1%}" for share in shares), flush=True)


def right_by_tilt(bench: Bench, name: str, labelled: Sequence[tuple[Gray, str]], tilts: Sequence[float]) -> None:
    """How many of those found are judged as they are labelled, turned upright and not."""
    print(f"{f'{name}: judged as labelled, of the found':<36}" + "".join(f"{tilt:>8g}" for tilt in tilts))
    rows: dict[str, list[float]] = {"turned upright": [], "not turned": []}
    for tilt in tilts:
        right: dict[str, list[bool]] = {row: [] for row in rows}
        for picture, label in labelled:
            frame = in_frame(picture, tilt_deg=tilt)
            for face in bench.found(name, frame)[:1]:
                roll_deg = 0.0 if face.pose is None else face.pose.roll_deg
                for row, roll in (("turned upright", roll_deg), ("not turned", 0.0)):
                    crop = upright_crop(frame, face.box, roll)
                    right[row].append(str(bench.classifier.classify(crop).scores.best) == label)
        for row, each in right.items():
            rows[row].append(float(np.mean(each)) if each else float("nan"))
    for row, shares in rows.items():
        print(f"  {row:<34}" + "".join(f"{share:>8.1%}" for share in shares), flush=True)


def false_faces(bench: Bench) -> bool:
    """False faces in pictures without people; whether no detector has more than Haar's cascade alone once had."""
    pictures = list(scenes())
    print(f"false faces in {len(pictures)} pictures without people (limit {MOST_FALSE}, not refused)")
    most = 0
    for name, detector in bench.detectors.items():
        found = [(scene, face) for scene in pictures for face in detector.detect(scene)]
        judged = [classify_face(scene, face, bench.classifier)[0] for scene, face in found]
        kept = sum(face.reason is not RejectReason.NOT_A_FACE for face in judged)
        print(f"  {name:<10}{len(found):>4} given, {kept:>4} not refused", flush=True)
        most = max(most, kept)
    return most <= MOST_FALSE


def along(bench: Bench, name: str, clip: Path) -> None:
    """How many frames of a recording have a face in front, and what is lost by not searching all of each frame."""
    settings = Settings()
    everywhere = replace(SearchSettings(), full_scan_s=0.1, several_scan_s=0.1, idle_scan_s=0.0)
    there: list[list[bool]] = []
    times = [t_s for _, t_s in _frames(clip)]
    for row, search in {name: SearchSettings(), f"{name}, everywhere": everywhere}.items():
        tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
        perception = Perception(bench.detectors[name], bench.classifier, tracker, ScanSchedule(search))
        seen = [perception.perceive(frame, t_s) for frame, t_s in _frames(clip)]
        there.append([each.face is not None for each in seen])
        judged = np.mean([each.face is not None and each.face.scores is not None for each in seen])
        share, persons = np.mean(there[-1]), {each.track_id for each in seen if each.face is not None}
        print(f"{clip.name:<16}{row:<24}in front {share:6.1%}, judged {judged:6.1%} of {len(seen)}, as {len(persons)}")
    lost_s = _longest_s(times, [not here and kept for here, kept in zip(*there, strict=True)])
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
    """Print the tables; 1 when too many false faces are found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--every", type=int, default=4, help="for the sweeps, every so manieth photograph (default 4)")
    parser.add_argument("--clip", type=Path, action="append", default=[], help="a recording; may be given again")
    parser.add_argument("--detector", choices=DETECTORS, action="append", help="may be given again (default: all)")
    arguments = parser.parse_args()
    if not (arguments.photographs / "labels.csv").is_file():
        parser.error(f"{arguments.photographs}: has no labels.csv")
    bench = Bench(arguments.detector or list(DETECTORS))
    labelled = _labelled(arguments.photographs, 1)
    in_photographs(bench, [picture for picture, _ in labelled])
    some = labelled[:: arguments.every]
    pictures = [picture for picture, _ in some]
    sizes, tilts, lights = (34, 48, 64, 100, 160, 240), (0, 10, 20, 30, 40), (0.1, 0.3, 1.0, 1.6)
    sweep(bench, pictures, "face's width, pixels", {f"{px}": partial(in_frame, width_px=px) for px in sizes})
    sweep(bench, pictures, "tilt, degrees", {f"{deg}": partial(in_frame, width_px=100, tilt_deg=deg) for deg in tilts})
    sweep(bench, pictures, "light", {f"{by:g}": partial(in_frame, width_px=100, light=by) for by in lights})
    for name in bench.detectors:
        right_by_tilt(bench, name, some, tilts)
        for clip in arguments.clip:
            along(bench, name, clip)
    return int(not false_faces(bench))


if __name__ == "__main__":
    sys.exit(main())
