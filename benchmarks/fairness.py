"""Whom the headset finds, judges and names, by group, sex and age; and what it calls people who show the same.

    python benchmarks/fairness.py faces/ [--docs docs/fairness.md]

`faces/` holds `fairface/` and `fairface.csv` (FairFace, CC BY 4.0); only what training never sees is used. Each face
is put into a scene without people, in a frame of 640x480, 60 pixels wide. Found is one that the default detector
finds and that the emotion network does not call none; named is one whose best score reaches the card's threshold.

Nobody labelled the emotions of these faces. So the emotion network is asked about people who look ahead and show about
the same by their points: those with the widest mouths, beside the distance of their eyes, smile; those with the
narrowest are at rest. Intervals are at 95% (E. Wilson, 1927).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.emotion.observation import ClassifiedFace
from assistant.emotion.perception import classify_faces
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import Emotion
from assistant.face.detectors.registry import DETECTORS, build_detector
from assistant.networks.shipped import shipped_model
from quantize.finder.faces import Face
from quantize.finder.validation import Validation, by, share, yaw_deg

WIDTH_PX = 60
SEED = 2013
LEAST_FOUND, LARGEST_GAP_POINTS = 0.96, 2.0
AHEAD_DEG = 20.0
EXTREME = 1 / 3
"""Share of the faces that smile, and that are at rest."""

KINDS: dict[str, Callable[[Face], str]] = {
    "group": lambda face: face.group,
    "sex": lambda face: face.sex,
    "age": lambda face: face.age,
}
CALLED = (Emotion.HAPPY, Emotion.NEUTRAL, Emotion.SAD, Emotion.ANGRY, Emotion.SURPRISE, Emotion.FEAR, Emotion.DISGUST)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a face."""

    face: Face
    judged: ClassifiedFace | None
    """None where it was not found."""

    @property
    def scores(self) -> bool:
        """Whether it was judged."""
        return self.judged is not None and self.judged.scores is not None

    def best(self) -> Emotion | None:
        """The emotion with the highest score, of one that was judged."""
        return None if self.judged is None or self.judged.scores is None else self.judged.scores.best


def seen(validation: Validation, detector: str) -> list[Seen]:
    """Each face of the validation part, as the headset sees it in a frame."""
    finds, classifier = build_detector(detector), TFLiteClassifier(shipped_model())
    result = []
    for face, made in zip(validation.faces, validation.frames(validation.faces, SEED, width_px=WIDTH_PX), strict=True):
        judged = classify_faces(made.frame, finds, classifier)
        own = [each for each in judged if made.is_found_at(each.box.center)]
        result.append(Seen(face, own[0] if own else None))
    return result


def smile(face: Face) -> float | None:
    """How wide the mouth is beside the distance of the eyes; None where the face does not look ahead."""
    if face.shape is None or (yaw_deg(face) or 0.0) > AHEAD_DEG:
        return None
    points = face.shape[4:].reshape(5, 2)
    mouth, eyes = (float(np.hypot(*(points[b] - points[a]))) for a, b in ((3, 4), (0, 1)))
    return mouth / max(eyes, 1.0)


def gap(table: dict[str, list[bool]]) -> tuple[float, str, str]:
    """The largest difference between two kinds of people, in points, and which these are: the least, the most."""
    shares = {name: share(hits)[0] for name, hits in table.items()}
    low, high = min(shares, key=lambda name: shares[name]), max(shares, key=lambda name: shares[name])
    return 100 * (shares[high] - shares[low]), low, high


def percent(hits: Sequence[bool]) -> str:
    """A share with its interval."""
    mean, low, high = share(hits)
    return f"{mean:.1%} ({low:.1%} to {high:.1%})"


def found_lines(faces: Sequence[Seen]) -> tuple[list[str], bool]:
    """The tables of who is found and judged; whether all is within the limits."""
    lines: list[str] = []
    rows: list[str] = []
    good = True
    for kind, key in KINDS.items():
        people = [each.face for each in faces]
        found = by(people, key, [each.judged is not None for each in faces])
        judged = by(people, key, [each.scores for each in faces])
        points, least, most = gap(found)
        good &= points <= LARGEST_GAP_POINTS and share(found[least])[0] >= LEAST_FOUND
        ends = " and ".join(f"{name} {share(found[name])[0]:.1%}" for name in (least, most))
        lines.append(f"- by {kind}: {points:.1f} points, {ends}")
        rows += [
            f"| {name} | {len(hits)} | {percent(hits)} | {percent(judged[name])} |" for name, hits in found.items()
        ]
    everybody = [each.judged is not None for each in faces]
    head = [
        "The largest gaps between the people who are found least and most (limits: 2 points, and 96% for each):",
        "",
        *lines,
    ]
    table = ["", "| people | n | found | classified |", "| --- | --- | --- | --- |"]
    whole = f"| all | {len(faces)} | {percent(everybody)} | {percent([each.scores for each in faces])} |"
    return [*head, *table, whole, *rows], good


def called_lines(faces: Sequence[Seen], title: str) -> list[str]:
    """What the emotion network calls these people, by group, sex and age; the largest gaps first."""
    judged = [each for each in faces if each.scores]
    people = [each.face for each in judged]
    names = [str(emotion) for emotion in CALLED]
    gaps, rows = [], []
    for kind, key in KINDS.items():
        tables = {emotion: by(people, key, [each.best() is emotion for each in judged]) for emotion in CALLED}
        widest = max(CALLED, key=lambda emotion: gap(tables[emotion])[0])
        points, least, most = gap(tables[widest])
        gaps.append(f"- by {kind}: {points:.1f} points, for {widest}: {least} least, {most} most")
        for name, hits in tables[CALLED[0]].items():
            shares = (f"{share(tables[emotion][name])[0]:.0%}" for emotion in CALLED)
            rows.append(f"| {name} | {len(hits)} | {' | '.join(shares)} |")
    head = ["", f"## {title}", "", "The largest gaps in how often an emotion has the best score:", "", *gaps, ""]
    return [*head, f"| people | n | {' | '.join(names)} |", f"|{' --- |' * (2 + len(names))}", *rows]


def named_lines(faces: Sequence[Seen], thresholds: dict[str, float | None]) -> list[str]:
    """How often each emotion is named plainly, by group, sex and age."""
    people = [each.face for each in faces]
    shown = [emotion for emotion in CALLED if thresholds.get(str(emotion)) is not None]
    rows = []
    for key in KINDS.values():
        tables = {}
        for emotion in shown:
            least = thresholds[str(emotion)] or 1.0
            tables[emotion] = by(people, key, [_is_named(each, emotion, least) for each in faces])
        for name, hits in tables[shown[0]].items():
            rows.append(f"| {name} | {len(hits)} | {' | '.join(f'{share(tables[e][name])[0]:.0%}' for e in shown)} |")
    head = ["", "## Which emotions are named plainly", "", f"| people | n | {' | '.join(map(str, shown))} |"]
    return [*head, f"|{' --- |' * (2 + len(shown))}", *rows]


def _is_named(each: Seen, emotion: Emotion, least: float) -> bool:
    if each.judged is None or each.judged.scores is None or each.best() is not emotion:
        return False
    return each.judged.scores.confidence >= least


def main() -> int:
    """Print the tables; 1 where somebody is found less often than the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("--detector", choices=list(DETECTORS), default="both")
    parser.add_argument("--limit", type=int, help="take only so many faces, for a trial")
    parser.add_argument("--docs", type=Path, metavar="FILE.md", help="put the tables below the mark in this page")
    arguments = parser.parse_args()
    validation = Validation(arguments.faces)
    validation.faces = validation.faces[: arguments.limit]
    faces = seen(validation, arguments.detector)
    lines, good = found_lines(faces)
    thresholds = dict(TFLiteClassifier(shipped_model()).card.speaking().thresholds)
    lines += named_lines(faces, thresholds)
    measured = sorted((value, i) for i, each in enumerate(faces) if (value := smile(each.face)) is not None)
    count = round(EXTREME * len(measured))
    lines += called_lines([faces[i] for _, i in measured[-count:]], "People who smile: the widest mouths")
    lines += called_lines([faces[i] for _, i in measured[:count]], "People at rest: the narrowest mouths")
    print("\n".join(lines))
    if arguments.docs:
        before = arguments.docs.read_text(encoding="utf-8").split(MARK)[0]
        arguments.docs.write_text(before + MARK + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return int(not good)


MARK = "<!-- made by benchmarks/fairness.py -->"

if __name__ == "__main__":
    sys.exit(main())
