"""How well the headset finds, classifies and names faces, by group, sex and age of the people.

    python benchmarks/fairness.py faces/ [--docs docs/fairness.md]

`faces/` has `fairface/` and `fairface.csv` (FairFace, CC BY 4.0). Each face is put into a scene without people, in a
frame of 640x480. For the first tables the faces are 60 pixels wide, and only those are taken that training never sees;
each is put into five scenes. A face counts as found when the default detector finds it and the emotion network does not
call it no face. An emotion is named plainly when its score is the best and reaches the card's threshold.

Nobody labelled the emotions of these faces, and no emotion was learned from them. So the emotions are compared among
all people who look ahead and whose points show about the same expression: a third with the widest mouths, relative to
the distance of the eyes, counts as smiling; a third with the narrowest mouths counts as at rest. These faces are 100
pixels wide. Beside the gaps stands what chance gives: 19 in 20 gaps are smaller if the same people are dealt out to
groups of the same sizes at random. Intervals are at 95% (E. Wilson, 1927) and count people, not scenes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from shared.command_line import benchmark_parser
from shared.headset import shipped_classifier

from assistant.emotion.bounds import Bounds
from assistant.emotion.debouncing.accumulator import margins
from assistant.emotion.observation import ClassifiedFace
from assistant.emotion.perception import classify_faces
from assistant.emotions import EMOTIONS, Emotion, EmotionScores
from assistant.face.detectors.registry import DETECTORS, build_detector
from quantize.finder.data.faces import Face, read_faces
from quantize.finder.export.validation import Validation, by, share, yaw_deg

FOUND_PX, CALLED_PX = 60, 100
"""How wide the faces are: for the tables of who is found, and for those of what they are called."""

PLACES = 5
"""How many scenes each face of the first tables is put into: in one alone, the scene decides more than the face."""

SEED = 2013
LEAST_FOUND, LARGEST_GAP_POINTS = 0.96, 2.0
MARK = "<!-- made by benchmarks/fairness.py -->"
AHEAD_DEG = 20.0
EXTREME = 1 / 3
"""The share of the faces that count as smiling, and the share that count as at rest."""

DEALS = 2000
"""How often the people are dealt out at random."""

LARGEST_CALLED_POINTS = 3.0
"""How much more often one group at rest may be called angry or sad than another, in percentage points."""

KINDS: dict[str, Callable[[Face], str]] = {
    "group": lambda face: face.group,
    "sex": lambda face: face.sex,
    "age": lambda face: face.age,
}
CALLED = (Emotion.HAPPY, Emotion.NEUTRAL, Emotion.SAD, Emotion.ANGRY, Emotion.SURPRISE, Emotion.FEAR, Emotion.DISGUST)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the headset made of a face."""

    face: Face
    found: ClassifiedFace | None
    """None when the face was not found."""

    @property
    def scores(self) -> EmotionScores | None:
        """The scores of the emotions; None when the face was not classified."""
        return None if self.found is None else self.found.scores

    @property
    def is_found(self) -> bool:
        """Whether the face was found."""
        return self.found is not None

    @property
    def is_classified(self) -> bool:
        """Whether the face was found and classified."""
        return self.scores is not None

    @property
    def best(self) -> Emotion | None:
        """The emotion with the best score; None when the face was not classified."""
        return None if self.scores is None else self.scores.best


def seen(validation: Validation, faces: Sequence[Face], width_px: float, detector: str, seed: int = SEED) -> list[Seen]:
    """Show the headset each face, this wide, in a frame; `seed` decides the scenes and places."""
    finds, classifier = build_detector(detector), shipped_classifier()
    result = []
    for face, made in zip(faces, validation.frames(faces, seed, width_px=width_px), strict=True):
        found = classify_faces(made.frame, finds, classifier)
        own = [each for each in found if made.is_found_at(each.box.center)]
        result.append(Seen(face, own[0] if own else None))
    return result


def shares_of(places: Sequence[Sequence[Seen]], holds: Callable[[Seen], bool]) -> list[float]:
    """Return for each person in how many of the places, as a share, something holds; each place shows all people."""
    return [float(np.mean([holds(each) for each in person])) for person in zip(*places, strict=True)]


def smile(face: Face) -> float | None:
    """Return the mouth's width as a share of the distance of the eyes; None when the face does not look ahead."""
    if face.shape is None or (yaw_deg(face) or 0.0) > AHEAD_DEG:
        return None
    points = face.shape[4:].reshape(5, 2)
    mouth, eyes = (float(np.hypot(*(points[b] - points[a]))) for a, b in ((3, 4), (0, 1)))
    return mouth / max(eyes, 1.0)


def gap(table: Mapping[str, Sequence[float]]) -> tuple[float, str, str]:
    """Return the largest difference between two kinds of people, in percentage points, and both: least, then most."""
    shares = {name: share(hits)[0] for name, hits in table.items()}
    low, high = min(shares, key=lambda name: shares[name]), max(shares, key=lambda name: shares[name])
    return 100 * (shares[high] - shares[low]), low, high


def chance(table: Mapping[str, Sequence[float]]) -> float:
    """Return the gap, in percentage points, below which 19 in 20 gaps are if the same hits are dealt out at random."""
    hits, rng = np.concatenate(list(table.values())), np.random.default_rng(SEED)
    ends = np.cumsum([len(each) for each in table.values()])[:-1]
    means = ([each.mean() for each in np.split(rng.permutation(hits), ends)] for _ in range(DEALS))
    return 100 * float(np.quantile([max(each) - min(each) for each in means], 0.95))


def percent(hits: Sequence[float]) -> str:
    """Return a share with its interval at 95%."""
    mean, low, high = share(hits)
    return f"{mean:.1%} ({low:.1%} to {high:.1%})"


def found_lines(places: Sequence[Sequence[Seen]]) -> tuple[list[str], bool]:
    """Return the tables of who is found and classified, and whether all is within the limits."""
    lines: list[str] = []
    rows: list[str] = []
    good = True
    people = [each.face for each in places[0]]
    is_found = shares_of(places, lambda each: each.is_found)
    is_classified = shares_of(places, lambda each: each.is_classified)
    for kind, key in KINDS.items():
        found, classified = by(people, key, is_found), by(people, key, is_classified)
        points, least, most = gap(found)
        good &= points <= LARGEST_GAP_POINTS and share(found[least])[0] >= LEAST_FOUND
        ends = " and ".join(f"{name} {share(found[name])[0]:.1%}" for name in (least, most))
        lines.append(f"- by {kind}: {points:.1f} points (by chance {chance(found):.1f}), {ends}")
        rows += [
            f"| {name} | {len(hits)} | {percent(hits)} | {percent(classified[name])} |" for name, hits in found.items()
        ]
    limits = f"limits: {LARGEST_GAP_POINTS:g} points, and {LEAST_FOUND:.0%} for each"
    head = [f"The largest gaps between the people who are found least and most ({limits}):", "", *lines]
    table = ["", "| people | n | found | classified |", "| --- | --- | --- | --- |"]
    whole = f"| all | {len(people)} | {percent(is_found)} | {percent(is_classified)} |"
    return [*head, *table, whole, *rows], good


def called_lines(faces: Sequence[Seen], title: str, limit: str = "") -> list[str]:
    """Return which emotions the network gives these people, by group, sex and age; the gaps come first."""
    classified = [each for each in faces if each.is_classified]
    people = [each.face for each in classified]
    names = [str(emotion) for emotion in CALLED]
    gaps, rows = [], []
    for kind, key in KINDS.items():
        tables = {emotion: by(people, key, [each.best is emotion for each in classified]) for emotion in CALLED}
        widest = max(CALLED, key=lambda emotion: gap(tables[emotion])[0])
        for emotion in dict.fromkeys((Emotion.ANGRY, Emotion.SAD, widest)):
            points, least, most = gap(tables[emotion])
            by_chance = f"{points:.1f} points (by chance {chance(tables[emotion]):.1f})"
            gaps.append(f"- by {kind}, {emotion}: {by_chance}, {least} least, {most} most")
        for name, hits in tables[CALLED[0]].items():
            shares = (f"{share(tables[emotion][name])[0]:.0%}" for emotion in CALLED)
            rows.append(f"| {name} | {len(hits)} | {' | '.join(shares)} |")
    head = ["", f"## {title}", "", f"Gaps in how often an emotion has the best score{limit}:", "", *gaps, ""]
    return [*head, f"| people | n | {' | '.join(names)} |", f"|{' --- |' * (2 + len(names))}", *rows]


def named_lines(places: Sequence[Sequence[Seen]], bounds: Bounds) -> list[str]:
    """Return how often each emotion is named plainly, by group, sex and age."""
    people = [each.face for each in places[0]]
    shown = [emotion for emotion in CALLED if bounds.plainly_from(emotion) is not None]
    named = {emotion: shares_of(places, partial(_is_named, emotion=emotion, bounds=bounds)) for emotion in shown}
    rows = []
    for key in KINDS.values():
        tables = {emotion: by(people, key, named[emotion]) for emotion in shown}
        for name, hits in tables[shown[0]].items():
            rows.append(f"| {name} | {len(hits)} | {' | '.join(f'{share(tables[e][name])[0]:.0%}' for e in shown)} |")
    head = ["", "## Which emotions are named plainly", "", f"| people | n | {' | '.join(map(str, shown))} |"]
    return [*head, f"|{' --- |' * (2 + len(shown))}", *rows]


def _is_named(each: Seen, emotion: Emotion, bounds: Bounds) -> bool:
    least = bounds.plainly_from(emotion)
    return each.scores is not None and least is not None and margins(each.scores)[EMOTIONS.index(emotion)] >= least


def _arguments() -> argparse.Namespace:
    parser = benchmark_parser(__doc__)
    parser.add_argument("faces", type=Path, metavar="faces/")
    parser.add_argument("--detector", choices=list(DETECTORS), default="both", help="(default: both)")
    parser.add_argument("--limit", type=int, metavar="N", help="take only N faces, for a trial")
    parser.add_argument(
        "--docs", type=Path, metavar="FILE.md", help="also write the tables below the mark in this page"
    )
    return parser.parse_args()


def main() -> int:
    """Print the tables; return 1 when a kind of people is found too rarely or a gap is too large."""
    arguments = _arguments()
    validation = Validation(arguments.faces)
    faces = validation.faces[: arguments.limit]
    places = [seen(validation, faces, FOUND_PX, arguments.detector, SEED + place) for place in range(PLACES)]
    lines, good = found_lines(places)
    lines += named_lines(places, shipped_classifier().bounds)
    measured = [(value, each) for each in read_faces(arguments.faces) if (value := smile(each)) is not None]
    ahead = [face for _, face in sorted(measured[: arguments.limit], key=lambda each: each[0])]
    count = round(EXTREME * len(ahead))
    smiling, at_rest = (
        seen(validation, part, CALLED_PX, arguments.detector) for part in (ahead[-count:], ahead[:count])
    )
    lines += called_lines(smiling, "People who smile: the widest mouths")
    limit = f" (limit for angry and sad by group: {LARGEST_CALLED_POINTS:g} points)"
    lines += called_lines(at_rest, "People at rest: the narrowest mouths", limit)
    print("\n".join(lines))
    if arguments.docs:
        before = arguments.docs.read_text(encoding="utf-8").split(MARK)[0]
        arguments.docs.write_text(before + MARK + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
