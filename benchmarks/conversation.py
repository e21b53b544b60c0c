"""How soon emotions are announced in long conversations whose emotions are known, and how many announcements are wrong.

    python benchmarks/conversation.py fer2013.csv fer2013new.csv [--plot trade.png] [--part choose]

A conversation is a sequence of emotions; `conversation.toml` has its lengths and shares. The emotions are shown by
faces of the validation part on whose emotion FER+'s taggers agree, and which the cascade detects (detection.py measures
how many it detects). Every two seconds another face is shown, on the shoulders of one person who moves in front of a
room, is blurred and hidden now and then, and has passers-by. The frames go through detection, tracking, network,
debouncer and announcer; only the voice is left out. Defaults were chosen on half of the faces (`--part choose`); the
other half is measured.

An emotion that is not announced while it lasts counts as an endless wait. A hedged wrong announcement counts as a wrong
announcement. The announcer's pause before it repeats an emotion is switched off.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from drawn_conversation import SIZE, Conversation, Pose, Segment, paste
from shared.command_line import benchmark_parser, existing_path
from shared.headset import headset_perception, shipped_classifier
from shared.validation_faces import validation_part

from assistant.emotion.bounds import Bounds
from assistant.emotion.debouncing.debounce import Debouncer, EmotionSettled
from assistant.emotion.debouncing.settings import DebounceSettings
from assistant.emotion.observation import Observation
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import EMOTIONS, Emotion
from assistant.face.detectors.haar import HaarDetector
from assistant.pictures.reading import Gray
from assistant.speech.announcer import Announcer
from assistant.speech.announcer_settings import AnnouncerSettings
from quantize.data.ferplus import read_votes
from quantize.networks.outputs import crowd_votes

LIMITS = {"median_s": 1.5, "wrong_a_minute": 0.3}
"""The most that these figures may be with the default settings."""

MODERATE_LIMITS = {"median_s": 2.5, "wrong_a_minute": 0.2}
MODERATE = (0.4, 0.8)
"""A moderate expression's score in a single frame."""

CAUTIONS = (0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What perception saw in one frame."""

    t_s: float
    observation: Observation

    def row(self) -> tuple[Any, ...]:
        """The time, who is in front, and their scores with their weight."""
        face = self.observation.face
        scores, weight = (face.scores, face.weight) if face else (None, 0.0)
        return self.t_s, self.observation.track_id, scores and scores.values, weight


def known_faces(
    data: Path, votes: Path, classifier: TFLiteClassifier, least: int, part: int, *, moderate: bool
) -> dict[Emotion, Gray]:
    """Return the validation faces on whose emotion at least `least` of the ten taggers agree.

    The faces are halved by their place: `part` 0 or 1 says which half is returned. With `moderate`, only those faces
    are returned to which the classifier gives a score within `MODERATE` for the emotion that they show.
    """
    validation = validation_part(data, classifier)
    given = crowd_votes(read_votes(votes, data)[validation.row])
    best, sure = given.argmax(axis=1), given.max(axis=1) >= least
    half = np.arange(len(best)) % 2 == part
    chosen = {emotion: validation.pixels[half & (best == number) & sure] for number, emotion in enumerate(EMOTIONS)}
    if moderate:
        low, high = MODERATE
        chosen = {
            emotion: pixels[[low <= classifier.classify(face).scores[emotion] <= high for face in pixels]]
            for emotion, pixels in chosen.items()
        }
    detector = HaarDetector()  # the faces must be the same whatever detector is measured
    return {emotion: pixels[[_is_found(detector, face) for face in pixels]] for emotion, pixels in chosen.items()}


def _is_found(detector: HaarDetector, face: Gray) -> bool:
    frame = np.full((SIZE[1], SIZE[0]), 110.0)
    paste(frame, face, Pose(320, 240, 120, 0.0), 50.0)
    return bool(detector.detect(frame.astype(np.uint8)))


def watched(conversation: Conversation, classifier: TFLiteClassifier) -> list[Seen]:
    """Return what perception sees in each frame."""
    perception = headset_perception(classifier=classifier)
    return [Seen(t_s, perception.perceive(frame, t_s)) for t_s, frame in conversation.frames()]


def measured(
    segments: Sequence[Segment], seen: Sequence[Seen], settings: DebounceSettings, bounds: Bounds
) -> dict[str, float]:
    """Return the median wait, the share of emotions announced, and wrong, returning and all announcements a minute."""
    debouncer, announcer = Debouncer(settings, bounds), Announcer(replace(AnnouncerSettings(), repeat_s=0.0))
    said: list[tuple[float, Emotion]] = []
    settled: list[tuple[float, Emotion]] = []
    for each in seen:
        for change in debouncer.update(each.t_s, each.observation):
            if isinstance(change, EmotionSettled):
                settled.append((each.t_s, change.emotion))
                if announcer.announcement_for(change, Observation(None), each.t_s) is not None:
                    said.append((each.t_s, change.emotion))
    minutes = (segments[-1].end_s - segments[0].start_s) / 60
    wanted = [segment for segment in segments if segment.emotion is not Emotion.NEUTRAL]
    waits = [_wait_s(segment, said) for segment in wanted]
    wrong = sum(_shown_at(segments, t_s) is not emotion for t_s, emotion in said)
    returns = sum(
        first[1] is third[1] and third[0] - first[0] < 6.0 for first, third in zip(settled, settled[2:], strict=False)
    )
    return {
        "median_s": statistics.median(waits),
        "announced": sum(wait < float("inf") for wait in waits) / len(waits),
        "wrong_a_minute": wrong / minutes,
        "back_and_forth_a_minute": returns / minutes,
        "said_a_minute": len(said) / minutes,
    }


def _wait_s(segment: Segment, said: Sequence[tuple[float, Emotion]]) -> float:
    right = (t_s for t_s, emotion in said if segment.start_s <= t_s < segment.end_s and emotion is segment.emotion)
    return next(right, float("inf")) - segment.start_s


def _shown_at(segments: Sequence[Segment], t_s: float) -> Emotion:
    return next(each.emotion for each in segments if each.start_s <= t_s < each.end_s)


def draw(rows: Sequence[tuple[float, dict[str, float]]], default: float, path: Path) -> None:
    """Plot the median wait against the wrong announcements, with a point for each caution."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    shown = [(caution, row) for caution, row in rows if row["median_s"] < float("inf")]
    axes.plot([row["median_s"] for _, row in shown], [row["wrong_a_minute"] for _, row in shown], marker="o")
    for caution, row in shown:
        note = f"{caution:g}" + (" (default)" if caution == default else "")
        place = (row["median_s"], row["wrong_a_minute"])
        axes.annotate(note, place, xytext=(3, 5), textcoords="offset points", rotation=40)
    axes.axhline(LIMITS["wrong_a_minute"], color="gray", linestyle=":")
    axes.axvline(LIMITS["median_s"], color="gray", linestyle=":")
    axes.set_xlabel("seconds to the right announcement, median")
    axes.set_ylabel("wrong announcements a minute")
    axes.set_title("The more evidence an emotion needs")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.08, y=0.25)
    figure.savefig(path, dpi=120)


def _arguments() -> argparse.Namespace:
    parser = benchmark_parser(__doc__)
    parser.add_argument("data", type=existing_path, metavar="fer2013.csv")
    parser.add_argument("votes", type=existing_path, metavar="fer2013new.csv")
    parser.add_argument(
        "--part", choices=("choose", "measure"), default="measure", help="the half of the faces (default: measure)"
    )
    parser.add_argument("--moderate", action="store_true", help="show only faces whose expression is moderate")
    parser.add_argument("--minutes", type=float, help="the conversation's length (default: that of conversation.toml)")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the waits and the wrong announcements")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write what was seen in each frame, to try other settings on it"
    )
    return parser.parse_args()


def print_table(table: Mapping[float, Mapping[str, float]], default: float, most: Mapping[str, float]) -> None:
    """Print a row for each caution; the row of the default has the limits behind its figures."""
    names = list(table[default])
    print(f"{'caution':<16}" + "".join(f"{name.replace('_', ' '):>26}" for name in names))
    for caution, row in table.items():
        is_default = caution == default
        limits = {name: f" (limit {most[name]:g})" if is_default and name in most else "" for name in names}
        figures = (f"{row[name]:.2f}{limits[name]}" for name in names)
        mark = " (default)" if is_default else ""
        print(f"{f'{caution:g}{mark}':<16}" + "".join(f"{figure:>26}" for figure in figures))


def write_json(path: Path, conversation: Conversation, seen: Sequence[Seen]) -> None:
    """Write the conversation's emotions and what was seen in each frame."""
    rows = [each.row() for each in seen]
    shown = [(str(each.emotion), each.start_s, each.end_s) for each in conversation.segments]
    path.write_text(json.dumps({"segments": shown, "seen": rows}), encoding="utf-8")


def main() -> int:
    """Print the table; return 1 when a figure with the default settings is over its limit."""
    arguments = _arguments()
    plan = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    plan["minutes"] = arguments.minutes or plan["minutes"]
    classifier = shipped_classifier()
    part = ("choose", "measure").index(arguments.part)
    faces = known_faces(arguments.data, arguments.votes, classifier, plan["votes"], part, moderate=arguments.moderate)
    print(", ".join(f"{emotion} {len(each)}" for emotion, each in faces.items()), "faces")
    conversation = Conversation(plan, faces)
    seen = watched(conversation, classifier)
    if arguments.json:
        write_json(arguments.json, conversation, seen)
    default = DebounceSettings()
    table = {
        caution: measured(conversation.segments, seen, replace(default, caution=caution), classifier.bounds)
        for caution in sorted({*CAUTIONS, default.caution})
    }
    there = sum(each.observation.track_id is not None for each in seen) / len(seen)
    length = f"{plan['minutes']:g} minutes, {len(conversation.segments)} emotions"
    print(f"{length}; somebody is in front in {there:.1%} of the frames")
    limits = MODERATE_LIMITS if arguments.moderate else LIMITS
    print_table(table, default.caution, limits)
    if arguments.plot:
        draw(list(table.items()), default.caution, arguments.plot)
    return int(any(table[default.caution][name] > limit for name, limit in limits.items()))


if __name__ == "__main__":
    sys.exit(main())
