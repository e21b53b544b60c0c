"""How soon, and how rightly, emotions are announced in long conversations that are known.

    python benchmarks/conversation.py fer2013.csv fer2013new.csv [--plot trade.png] [--part choose]

A conversation is a sequence of emotions (`conversation.toml` has lengths and shares). They are shown by faces of the
validation part on whose emotion FER+'s taggers agree and which the cascade finds (how many it finds, detection.py
measures), a new one every two seconds, on the shoulders of one person who moves in front of a room, is blurred and
hidden now and then, and has passers-by. It goes through detection, tracking, model, state machine and announcer, with
nothing left out but the voice. Defaults were chosen on half of the faces (`--part choose`); the other half is measured.

An emotion that is not announced while it lasts counts as an endless wait, a hedged mistake as a mistake. What the
announcer would not repeat within half a minute is asked of it all the same.
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
import numpy.typing as npt
from drawn_conversation import SIZE, Conversation, Pose, Segment, paste

from assistant.app.settings import Settings
from assistant.emotion.debounce import Debouncer, DebounceSettings, EmotionSettled
from assistant.emotion.observation import Observation
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import EMOTIONS, Emotion, EmotionScores
from assistant.face.detectors.haar import HaarDetector
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.networks.shipped import shipped_model
from assistant.speech.announcer import Announcer, AnnouncerSettings, card_wordings
from assistant.speech.sentences import Wording
from quantize.data.dataset import DataSet
from quantize.data.ferplus import read_votes
from quantize.networks.outputs import crowd_votes
from quantize.training.training_set import validation_of

Gray = npt.NDArray[np.uint8]
Wordings = Mapping[Emotion, Wording]
LIMITS = {"median_s": 1.5, "wrong_a_minute": 0.3}
HOLDS_S = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What perception made of one frame."""

    t_s: float
    track_id: int | None
    scores: EmotionScores | None
    weight: float


def known_faces(data: Path, votes: Path, facts: Any, least: int, part: int) -> dict[Emotion, Gray]:
    """Validation faces on whose emotion so many of the ten taggers agree; every other one, by `part`."""
    _, validation = validation_of(DataSet(data), facts)
    given = crowd_votes(read_votes(votes, data)[validation.row])
    best, sure = given.argmax(axis=1), given.max(axis=1) >= least
    half = np.arange(len(best)) % 2 == part
    chosen = {emotion: validation.pixels[half & (best == number) & sure] for number, emotion in enumerate(EMOTIONS)}
    detector = HaarDetector()  # so that the faces are the same, whatever detector is measured
    return {emotion: pixels[[_is_found(detector, face) for face in pixels]] for emotion, pixels in chosen.items()}


def _is_found(detector: HaarDetector, face: Gray) -> bool:
    frame = np.full((SIZE[1], SIZE[0]), 110.0)
    paste(frame, face, Pose(320, 240, 120, 0.0), 50.0)
    return bool(detector.detect(frame.astype(np.uint8)))


def watched(conversation: Conversation, classifier: TFLiteClassifier) -> list[Seen]:
    """All that perception sees."""
    settings = Settings()
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    perception = Perception(build_detector(), classifier, tracker, ScanSchedule(settings.search))
    seen = []
    for t_s, frame in conversation.frames():
        each = perception.perceive(frame, t_s)
        face = each.face
        seen.append(Seen(t_s, each.track_id, face.scores if face else None, face.weight if face else 0.0))
    return seen


def measured(
    segments: Sequence[Segment], seen: Sequence[Seen], settings: DebounceSettings, wordings: Wordings
) -> dict[str, float]:
    """Waits, mistakes and changes back and forth."""
    debouncer, announcer = Debouncer(settings), Announcer(replace(AnnouncerSettings(), repeat_s=0.0), wordings)
    said: list[tuple[float, Emotion]] = []
    settled: list[tuple[float, Emotion]] = []
    for each in seen:
        for change in debouncer.update(each.t_s, each.track_id, each.scores, each.weight):
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


def draw(rows: Sequence[tuple[float, dict[str, float]]], default_s: float, path: Path) -> None:
    """Waits against mistakes, a point for each hold."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    shown = [(hold_s, row) for hold_s, row in rows if row["median_s"] < float("inf")]
    axes.plot([row["median_s"] for _, row in shown], [row["wrong_a_minute"] for _, row in shown], marker="o")
    for hold_s, row in shown:
        note = f"{hold_s:g} s" + (" (default)" if hold_s == default_s else "")
        place = (row["median_s"], row["wrong_a_minute"])
        axes.annotate(note, place, xytext=(3, 5), textcoords="offset points", rotation=40)
    axes.axhline(LIMITS["wrong_a_minute"], color="gray", linestyle=":")
    axes.axvline(LIMITS["median_s"], color="gray", linestyle=":")
    axes.set_xlabel("seconds to the right announcement, median")
    axes.set_ylabel("wrong announcements a minute")
    axes.set_title("The longer an emotion must hold")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.08, y=0.25)
    figure.savefig(path, dpi=120)


def main() -> int:
    """Print the table; 1 when a limit is not held at the defaults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="fer2013.csv")
    parser.add_argument("votes", type=Path, metavar="fer2013new.csv")
    parser.add_argument("--part", choices=("choose", "measure"), default="measure", help="which half of the faces")
    parser.add_argument("--minutes", type=float, help="instead of those in conversation.toml")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--json", type=Path, help="write what each frame showed, for trying other settings")
    arguments = parser.parse_args()
    plan = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    plan["minutes"] = arguments.minutes or plan["minutes"]
    classifier = TFLiteClassifier(shipped_model())
    part = ("choose", "measure").index(arguments.part)
    faces = known_faces(arguments.data, arguments.votes, classifier.card.facts, plan["votes"], part)
    conversation = Conversation(plan, faces)
    seen = watched(conversation, classifier)
    if arguments.json:
        rows = [(each.t_s, each.track_id, each.scores and each.scores.values, each.weight) for each in seen]
        told = [(str(each.emotion), each.start_s, each.end_s) for each in conversation.segments]
        arguments.json.write_text(json.dumps({"segments": told, "seen": rows}), encoding="utf-8")
    default, wordings = DebounceSettings(), card_wordings(classifier.card.speaking())
    holds = sorted({*HOLDS_S, default.hold_s})
    table = [
        (hold_s, measured(conversation.segments, seen, replace(default, hold_s=hold_s), wordings)) for hold_s in holds
    ]
    there = sum(each.track_id is not None for each in seen) / len(seen)
    print(f"{plan['minutes']:g} minutes, {len(conversation.segments)} emotions; somebody is in front {there:.1%} of it")
    print(f"{'hold, s':<18}" + "".join(f"{name.replace('_', ' '):>24}" for name in table[0][1]))
    for hold_s, row in table:
        mark = " (default)" if hold_s == default.hold_s else ""
        print(f"{f'{hold_s:g}{mark}':<18}" + "".join(f"{value:>24.2f}" for value in row.values()))
    print(f"limits at the default: {', '.join(f'{name} {limit:g}' for name, limit in LIMITS.items())}")
    if arguments.plot:
        draw(table, default.hold_s, arguments.plot)
    return int(any(dict(table)[default.hold_s][name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
