"""This program beside fer, mini-Xception, DeepFace and human: CPU time on one clip, and emotions of photographs.

    script/setup-peers                                   makes an environment for each of them
    python benchmarks/peers.py                           drawn faces
    python benchmarks/peers.py --clip FILE --photographs photographs/

Each program runs in its own environment, one after the other, on one processor. It gets frames of 640x480 that are in
memory and finds the emotion of the largest face in each. Its CPU time is that of all its threads, without loading; it
is the median of several runs, after one to warm up. Ours is that of the whole headset, with decisions, voice and
loading. `bare loop` has our search and our network and nothing else.

`photographs/` has pictures with one face each, and `labels.csv` with the columns `picture` and `emotion`. Every second
photograph is taken, as `benchmarks/photographs.py` does it. A program is right where its best emotion is the labelled
one; a photograph in which it finds no face counts as wrong. The last column is the CPU time of a photograph that is in
memory, ours as `assistant look` analyses it, with every face in it. `look` should be 1.5 times as fast as `fer`; the
other figures have no limit.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from bare_loop import BareLoop, cpu_ms_per_frame
from pipeline import whole_headset
from shared.clips import CLIP_FRAMES, add_clip_options, chosen_clip
from shared.command_line import benchmark_parser, existing_path
from shared.headset import headset_perception, shipped_classifier
from shared.peer_pictures import write_pictures
from shared.peer_process import PEERS, PeerResult, measured_peer

from assistant.emotion.perception import classify_faces
from assistant.emotion.single_face import classify_face, cropped
from assistant.errors import DataError
from assistant.face.detectors.registry import build_detector
from assistant.face.reject_reason import RejectReason
from assistant.frame import Frame
from assistant.pictures.reading import Gray, read_gray
from quantize.data.photographs import LABELS
from quantize.data.tables import rows

DEFAULT_FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "emotion-assistant-peers"

LEAST_TIMES_FER = 1.5
"""`fer` should take so many times the CPU time that `assistant look` takes for a photograph."""


@dataclass(frozen=True, slots=True)
class Photographs:
    """Labelled photographs: their files and the emotions that they show."""

    paths: Sequence[Path] = ()
    emotions: Sequence[str] = ()


def read_labels(folder: Path) -> Photographs:
    """Return every second photograph of a folder; raise DataError where its table cannot be read."""
    table = [row.cells for row in rows(folder / LABELS, ("picture", "emotion"))][1::2]
    return Photographs([folder / cells["picture"] for cells in table], [cells["emotion"] for cells in table])


def read_coloured(path: Path) -> Gray:
    """Return a photograph [height, width, 3] in BGR; raise DataError where it cannot be read."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise DataError(f"{path}: is not a picture that can be read")
    return np.asarray(picture, np.uint8)


def our_result(frames: Sequence[Frame], photographs: Photographs, folder: Path, runs: int) -> PeerResult:
    """Measure this program; the voice renders its phrases into the folder."""
    taken = [whole_headset(frames, folder)["cpu_ms_per_frame"] for _ in range(runs + 1)][1:]
    perception = headset_perception()
    found = sum(perception.perceive(frame.gray, frame.t_s).people > 0 for frame in frames)
    pictures = [read_gray(path) for path in photographs.paths]
    return PeerResult(statistics.median(taken), found, _our_names(pictures), ms_per_photograph(pictures))


def _our_names(pictures: Sequence[Gray]) -> list[str | None]:
    """Return the best emotion of the largest face in each picture, None where no face is found."""
    detector, classifier, names = build_detector(), shipped_classifier(), []
    for picture in pictures:
        found = detector.detect(picture)
        answers = [(each, classify_face(picture, each, classifier)[0]) for each in found]
        faces = [each for each, answer in answers if answer.reason is not RejectReason.NOT_A_FACE]
        face = cropped(picture, max(faces, key=lambda each: each.box.area)) if faces else None
        names.append(None if face is None else str(classifier.classify(face).scores.best))
    return names


def ms_per_photograph(pictures: Sequence[Gray]) -> float | None:
    """Return the CPU milliseconds in which `assistant look` analyses a picture; None without pictures."""
    if not pictures:
        return None
    detector, classifier = build_detector(), shipped_classifier()
    began_s = 0.0
    for number, picture in enumerate([pictures[0], *pictures]):
        if number == 1:  # the first one warms up
            began_s = time.process_time()
        classify_faces(picture, detector, classifier)
    return 1000 * (time.process_time() - began_s) / len(pictures)


def bare_result(frames: Sequence[Frame]) -> PeerResult:
    """Measure the bare loop, which has no photographs."""
    pairs = [(frame.gray, frame.t_s) for frame in frames]
    return PeerResult(cpu_ms_per_frame(pairs), BareLoop().run(pairs))


def line(name: str, result: PeerResult, ours: PeerResult, frames: int, photographs: Photographs) -> str:
    """Return a line of the table, without photographs where there are none."""
    times = result.cpu_ms_per_frame / ours.cpu_ms_per_frame
    text = f"{name:<26}{result.cpu_ms_per_frame:>9.2f}{times:>12.1f}{f'{result.frames_with_face} of {frames}':>19}"
    if result.named:
        labels = photographs.emotions
        faces = sum(named is not None for named in result.named)
        right = sum(named == label for named, label in zip(result.named, labels, strict=True))
        share = "-" if result.missing else f"{right} ({right / len(labels):.0%})"
        text += f"{f'{faces} of {len(labels)}':>18}{share:>13}"
    if result.cpu_ms_per_photograph is not None and ours.cpu_ms_per_photograph is not None:
        times = result.cpu_ms_per_photograph / ours.cpu_ms_per_photograph
        text += f"{f'{result.cpu_ms_per_photograph:.1f} ({times:.1f})':>20}"
        text += f"   limit: {LEAST_TIMES_FER:g} times ours" if name.startswith("fer ") else ""
    return text + (f"\n  search for faces alone: {result.missing}" if result.missing else "")


def print_table(frames: Sequence[Frame], photographs: Photographs, arguments: argparse.Namespace) -> None:
    """Measure each program and print its line as soon as it is measured."""
    columns = f"{'':<26}{'CPU ms':>9}{'times ours':>12}{'frames with face':>19}"
    print(columns + (f"{'photos with face':>18}{'right':>13}{'ms a photo (times)':>20}" if photographs.paths else ""))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = our_result(frames, photographs, folder, arguments.runs)
        print(line("emotion-assistant", ours, ours, len(frames), photographs))
        print(line("bare loop", bare_result(frames), ours, len(frames), photographs), flush=True)
        write_pictures(folder, "clip", [frame.gray for frame in frames], [frame.t_s for frame in frames])
        coloured = [read_coloured(path) for path in photographs.paths]
        write_pictures(folder, "photographs", coloured, [0.0] * len(coloured))
        for peer in PEERS:
            result = measured_peer(peer, arguments.peers, folder, arguments.runs)
            told = result if isinstance(result, str) else line(peer.title, result, ours, len(frames), photographs)
            print(f"{peer.title:<26}{told}" if isinstance(result, str) else told, flush=True)


def main() -> int:
    """Print the table; return 0, or 2 when the photographs cannot be read."""
    parser = benchmark_parser(__doc__)
    add_clip_options(parser)
    parser.add_argument("--photographs", type=existing_path, metavar="FOLDER", help="also take labelled photographs")
    parser.add_argument(
        "--peers", type=Path, metavar="FOLDER", default=DEFAULT_FOLDER, help="the folder of the environments"
    )
    parser.add_argument("--frames", type=int, default=CLIP_FRAMES, help="take at most so many frames of the clip")
    parser.add_argument("--runs", type=int, default=5, help="measure the clip so many times")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    try:
        photographs = read_labels(arguments.photographs) if arguments.photographs else Photographs()
        print_table(chosen_clip(arguments)[: arguments.frames], photographs, arguments)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
