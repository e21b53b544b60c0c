"""How many faces each detector finds: in photographs, by size, tilt and light, in clips; and how many false ones.

    python benchmarks/detection.py photographs/ [--every 4] [--detector finder ...]

`photographs/` has pictures with one face each, and `labels.csv` with the columns `picture` and `emotion`. For the
tables by size, tilt and light the pictures are put into frames of 640x480. False faces are counted in scikit-image's
photographs without people, turned and as negatives. None of these pictures was used in training. A face counts as found
when the detector finds it and the emotion network does not call it no face.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from shared.clips import recorded_frames
from shared.command_line import benchmark_parser, existing_path
from shared.headset import headset_perception, shipped_classifier
from shared.photographs import scenes_without_people

from assistant.emotion.observation import ClassifiedFace
from assistant.emotion.perception import classify_faces
from assistant.emotion.preprocess import upright_crop
from assistant.emotion.single_face import classify_face
from assistant.errors import CameraError
from assistant.face.detector import FaceDetector
from assistant.face.detectors.registry import DETECTORS, build_detector
from assistant.face.reject_reason import RejectReason
from assistant.face.scan import SearchSettings
from assistant.pictures.reading import Gray, read_gray

FRAME = (640, 480)
FALSE_LIMIT = 9
"""The Haar cascade alone finds this many false faces in the pictures without people."""

LOST_LIMIT_S = 0.5
SIZES_PX, TILTS_DEG, LIGHTS = (34, 48, 64, 100, 160, 240), (0, 10, 20, 30, 40), (0.1, 0.3, 1.0, 1.6)


class Bench:
    """The detectors that are compared, and the classifier."""

    def __init__(self, names: Sequence[str]) -> None:
        self.detectors: Mapping[str, FaceDetector] = {name: build_detector(name) for name in names}
        self.classifier = shipped_classifier()

    def found(self, name: str, frame: Gray) -> list[ClassifiedFace]:
        """Return the faces that a detector finds in a picture, without those that the network calls no face."""
        return classify_faces(frame, self.detectors[name], self.classifier)


def in_frame(face: Gray, width_px: float | None = None, tilt_deg: float = 0.0, light: float = 1.0) -> Gray:
    """Put a photograph into the middle of a frame; `width_px` is the width of a face that fills half the photograph."""
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
    """Print how many faces each detector finds, how many of these are classified, and the CPU time of a picture."""
    print(f"{len(pictures)} photographs as they are (no limits)")
    for name in bench.detectors:
        found, classified, took_ms = 0, 0, []
        for picture in pictures:
            began_s = time.process_time()
            faces = bench.found(name, picture)
            took_ms.append(1000 * (time.process_time() - began_s))
            found += bool(faces)
            classified += any(face.scores is not None for face in faces)
        shares = f"found {found / len(pictures):6.1%}, classified {classified / len(pictures):6.1%}"
        print(f"  {name:<10}{found:>5} {shares}, {statistics.median(took_ms):.1f} ms of CPU time a picture", flush=True)


def sweep(bench: Bench, pictures: Sequence[Gray], title: str, frames: Mapping[str, Callable[[Gray], Gray]]) -> None:
    """Print which share of the faces each detector finds in frames that are made in each of these ways."""
    print(f"{f'found, by {title}':<30}" + "".join(f"{value:>9}" for value in frames))
    for name in bench.detectors:
        shares = [np.mean([bool(bench.found(name, made(each))) for each in pictures]) for made in frames.values()]
        print(f"  {name:<28}" + "".join(f"{share:>9.1%}" for share in shares), flush=True)


def right_by_tilt(bench: Bench, name: str, labelled: Sequence[tuple[Gray, str]]) -> None:
    """Print which share of the found faces is classified as labelled, with the crop turned upright and without."""
    print(f"{f'{name}: of the found, right, by tilt in degrees':<48}" + "".join(f"{tilt:>8g}" for tilt in TILTS_DEG))
    rows: dict[str, list[float]] = {"turned upright": [], "not turned": []}
    for tilt in TILTS_DEG:
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
        print(f"  {row:<46}" + "".join(f"{share:>8.1%}" for share in shares), flush=True)


def has_few_false_faces(bench: Bench) -> bool:
    """Print the false faces in pictures without people; return whether each detector is within the limit."""
    pictures = list(scenes_without_people())
    print(f"false faces in {len(pictures)} pictures without people")
    most = 0
    for name, detector in bench.detectors.items():
        found = [(scene, face) for scene in pictures for face in detector.detect(scene)]
        faces = [classify_face(scene, face, bench.classifier)[0] for scene, face in found]
        kept = sum(face.reason is not RejectReason.NOT_A_FACE for face in faces)
        by_network = f"{kept:>4} after the network rejected the others (limit {FALSE_LIMIT})"
        print(f"  {name:<10}{len(found):>4} by the detector, {by_network}", flush=True)
        most = max(most, kept)
    return most <= FALSE_LIMIT


def along(bench: Bench, name: str, clip: Path) -> None:
    """Print how often a recording has a face in front, and what is lost by not searching the whole of each frame."""
    everywhere = replace(SearchSettings(), full_scan_s=0.1, several_scan_s=0.1, idle_scan_s=0.0)
    there: list[list[bool]] = []
    times = [frame.t_s for frame in recorded_frames(clip)]
    for row, search in {name: SearchSettings(), f"{name}, everywhere": everywhere}.items():
        perception = headset_perception(bench.detectors[name], bench.classifier, search)
        seen = [perception.perceive(frame.gray, frame.t_s) for frame in recorded_frames(clip)]
        there.append([each.face is not None for each in seen])
        classified = np.mean([each.face is not None and each.face.scores is not None for each in seen])
        share, people = np.mean(there[-1]), {each.track_id for each in seen if each.face is not None}
        shares = f"in front {share:6.1%}, classified {classified:6.1%} of {len(seen)} frames"
        print(f"{clip.name:<16}{row:<24}{shares}, {len(people)} people")
    lost_s = _longest_s(times, [not here and kept for here, kept in zip(*there, strict=True)])
    limit = f"(limit {LOST_LIMIT_S:g} s)"
    print(f"{clip.name:<16}lost at the longest for {lost_s:.2f} s {limit} while searching everywhere kept the face")


def _longest_s(times: Sequence[float], lost: Sequence[bool]) -> float:
    longest, since = 0.0, None
    for t_s, now_lost in zip(times, lost, strict=True):
        since = (t_s if since is None else since) if now_lost else None
        longest = max(longest, 0.0 if since is None else t_s - since)
    return longest


def _labelled(folder: Path) -> list[tuple[Gray, str]]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        named = list(csv.reader(file))[1:]
    pictures = []
    for name, label, *_ in named:
        try:
            pictures.append((read_gray(folder / name), label))
        except CameraError as error:
            print(f"skipped: {error}", file=sys.stderr)
    return pictures


def _arguments() -> argparse.Namespace:
    parser = benchmark_parser(__doc__)
    parser.add_argument("photographs", type=Path, metavar="photographs/")
    parser.add_argument(
        "--every", type=int, default=4, metavar="N", help="take each N-th photograph for the tables (default: 4)"
    )
    parser.add_argument(
        "--clip",
        type=existing_path,
        action="append",
        default=[],
        metavar="FILE",
        help="a recording; may be given again",
    )
    parser.add_argument("--detector", choices=DETECTORS, action="append", help="may be given again (default: all)")
    arguments = parser.parse_args()
    if not (arguments.photographs / "labels.csv").is_file():
        parser.error(f"{arguments.photographs}: the folder has no labels.csv")
    return arguments


def main() -> int:
    """Print the tables; return 1 when a detector has more false faces than the limit."""
    arguments = _arguments()
    bench = Bench(arguments.detector or list(DETECTORS))
    labelled = _labelled(arguments.photographs)
    in_photographs(bench, [picture for picture, _ in labelled])
    some = labelled[:: arguments.every]
    pictures = [picture for picture, _ in some]
    sweep(bench, pictures, "width in pixels", {f"{px}": partial(in_frame, width_px=px) for px in SIZES_PX})
    tilted = {f"{deg}": partial(in_frame, width_px=100, tilt_deg=deg) for deg in TILTS_DEG}
    sweep(bench, pictures, "tilt in degrees", tilted)
    sweep(bench, pictures, "light", {f"{by:g}": partial(in_frame, width_px=100, light=by) for by in LIGHTS})
    for name in bench.detectors:
        right_by_tilt(bench, name, some)
        for clip in arguments.clip:
            along(bench, name, clip)
    return int(not has_few_false_faces(bench))


if __name__ == "__main__":
    sys.exit(main())
