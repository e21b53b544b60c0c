"""Converts a finder, chooses its thresholds and measures it on the validation part, and puts it where it is used."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.perception import classify_face
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import DataError
from assistant.face.detector import Detection, Region
from assistant.face.detectors.finder import DOUBTFUL, Finder
from assistant.face.detectors.finder_file import load_finder
from assistant.face.detectors.haar import HaarDetector
from assistant.face.evidence import log_odds
from assistant.face.pose import head_pose
from assistant.face.quality import RejectReason
from assistant.networks.shipped import shipped_model
from quantize.finder.export import NAME, card, to_int8, write
from quantize.finder.packing import data_of
from quantize.finder.train import training_facts
from quantize.finder.validation import Made, Validation, by, share, turned
from quantize.progress import shown

Gray = npt.NDArray[np.uint8]

FALSE_FACE = 0.005
"""Share of the scenes and of their parts in which a face may be seen, once the emotion network has had its say."""

FALSE_NEAR = 0.2
"""Share of what the cascade wrongly takes for faces that the finder may confirm."""

LEAST_NEAR = 0.3
"""No threshold is lower, however few false faces there are to choose it by."""

LEAST_SCORE = 0.02
"""What is found with less is not looked at here."""

LENIENT_ALONE = 0.3
"""No threshold `alone` is lower."""


def publish(keras_model: Path, data: Path, faces: Path, out: Path, seed: int) -> dict[str, Any]:
    """Write `out`/face-int8.tflite, its card and the card's page; returns the card."""
    facts = training_facts(keras_model)
    validation = Validation(faces)
    content = to_int8(keras_model, data_of(data), seed)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder) / f"{NAME}.tflite", content, facts, TFLiteClassifier(shipped_model()))
        thresholds = chosen_thresholds(trial, validation)
        measures = measured(Judged(trial.finder(thresholds), trial.classifier), validation, seed)
    described = card(content, facts, thresholds, measures)
    write(out / f"{NAME}.tflite", content, described, readable(described))
    return described


@dataclass(frozen=True, slots=True)
class Trial:
    """A converted file that is tried with several thresholds."""

    path: Path
    content: bytes
    facts: dict[str, Any]
    classifier: EmotionClassifier

    def finder(self, thresholds: dict[str, float]) -> Finder:
        """The finder with these thresholds."""
        write(self.path, self.content, card(self.content, self.facts, thresholds, {}), [])
        return load_finder(self.path)


def chosen_thresholds(trial: Trial, validation: Validation) -> dict[str, float]:
    """The lowest scores that let no more than the allowed shares of false faces through."""
    pictures = _without_people(validation)
    lenient = trial.finder(dict.fromkeys(("alone", "near"), LEAST_SCORE))
    confirmed = [
        score for picture in shown(pictures, "checking the cascade") for score in _confirming(lenient, picture)
    ]
    near = _least(confirmed, FALSE_NEAR) if confirmed else LEAST_NEAR
    finder = trial.finder({"alone": LENIENT_ALONE, "near": near})
    best = [_surest(finder, trial.classifier, picture) for picture in shown(pictures, "looking where nobody is")]
    return {"near": near, "alone": _least([_score(LENIENT_ALONE, evidence) for evidence in best], FALSE_FACE)}


def _without_people(validation: Validation) -> list[Gray]:
    return [*validation.empty, *(part for seed in (0, 2, 3, 4, 5) for part in validation.crops(seed))]


def _surest(finder: Finder, classifier: EmotionClassifier, picture: Gray) -> float:
    """The most evidence for a face in a picture, where no threshold is so high that the network would not be asked."""
    detections = finder.detect(picture)
    judged = ((found.evidence, classify_face(picture, found, classifier)[1]) for found in detections)
    least = ((own + DOUBTFUL, joined) for own, joined in judged if own is not None and joined is not None)
    return max((min(each) for each in least), default=-math.inf)


def _score(alone: float, evidence: float) -> float:
    """The threshold at which what has so much evidence at the threshold `alone` would just count as a face."""
    return 1.0 / (1.0 + math.exp(-(log_odds(alone) + evidence)))


def _confirming(finder: Finder, picture: Gray) -> Iterator[float]:
    """The finder's scores where the cascade wrongly sees a face."""
    for wrong in HaarDetector().detect(picture):
        box = wrong.box
        region = Region(box, box.width, box.width // 2, 2 * box.width)
        yield max((found.score for found in finder.detect(picture, region)), default=0.0)


def _least(scores: Sequence[float], share_over: float) -> float:
    """The lowest score, in hundredths, that at most this share of the scores reach."""
    threshold = float(np.quantile(scores, 1 - share_over))
    return float(round(min(max(np.ceil(100 * threshold + 1e-6) / 100, LEAST_NEAR), 0.95), 2))


@dataclass(frozen=True, slots=True)
class Judged:
    """A finder's faces, of which the emotion network calls some none, as the headset does it."""

    finder: Finder
    classifier: EmotionClassifier

    def faces(self, picture: Gray) -> list[Detection]:
        """What counts as a face."""
        found = [(each, classify_face(picture, each, self.classifier)[0]) for each in self.finder.detect(picture)]
        return [each for each, judged in found if judged.reason is not RejectReason.NOT_A_FACE]

    def sees_alone(self, picture: Gray) -> bool:
        """Whether the finder would see a face if the emotion network had no say."""
        return any((each.evidence or 0.0) >= 0 for each in self.finder.detect(picture))


def measured(finder: Judged, validation: Validation, seed: int) -> dict[str, Any]:
    """What share of the validation part is found, by kind of face and of frame, and how often nobody is."""
    faces = validation.faces
    if not faces or not validation.empty:
        raise DataError("the validation part has no faces or no scenes")
    usual = _hits(finder, validation.frames(faces, seed))
    some = faces[::3]
    rows: dict[str, Sequence[bool]] = {"all": usual}
    for name, key in (("group", lambda f: f.group), ("sex", lambda f: f.sex), ("age", lambda f: f.age)):
        rows |= {f"{name}: {kind}": hits for kind, hits in by(faces, key, usual).items()}
    kinds: dict[str, Iterator[Made]] = {
        "turned by 35 to 60 degrees": validation.frames(turned(faces, 35, 60), seed),
        "leaning by 40 degrees": validation.frames(some, seed, lean_deg=40),
        "box 34 pixels wide": validation.frames(some, seed, width_px=34),
        "box 200 pixels wide": validation.frames(some, seed, width_px=200),
        "light 0.1": validation.frames(some, seed, light=0.1),
    }
    rows |= {name: _hits(finder, frames) for name, frames in kinds.items()}
    found = {name: _entry(hits) for name, hits in rows.items()}
    told = _told(finder, [*validation.frames(some, seed), *validation.frames(some, seed, lean_deg=25)])
    nobody = {
        "scenes": _entry([bool(finder.faces(scene)) for scene in validation.empty]),
        "scenes, had the emotion network no say": _entry([finder.sees_alone(scene) for scene in validation.empty]),
        "parts of scenes": _entry([bool(finder.faces(part)) for part in validation.crops(seed=1)]),
    }
    return {"usage": "validation", "found": found, "false_face": nobody, "median_errors": told}


def _hits(finder: Judged, frames: Iterator[Made]) -> list[bool]:
    return [
        any(made.is_found_at(each.box.center) for each in finder.faces(made.frame)) for made in shown(frames, "looking")
    ]


def _told(finder: Judged, frames: Sequence[Made]) -> dict[str, float]:
    """How far points and pose are off at the median: in widths of the face, and beside the angles of YuNet's points."""
    points, yaw, roll = [], [], []
    for made in frames:
        own = [each for each in finder.faces(made.frame) if made.is_found_at(each.box.center)]
        if made.points is None or not own or own[0].points is None:
            continue
        there = np.array(own[0].points, np.float32)
        points.append(float(np.hypot(*(there - made.points).T).mean()) / made.width_px)
        pose, known = head_pose(there), head_pose(made.points)
        yaw.append(abs(pose.yaw_deg - known.yaw_deg))
        roll.append(abs(pose.roll_deg - known.roll_deg))
    rows = {"points, widths": points, "yaw, degrees": yaw, "roll, degrees": roll}
    return {name: round(float(np.median(values)), 3) for name, values in rows.items() if values}


def _entry(hits: Sequence[bool]) -> dict[str, Any]:
    mean, low, high = share(hits)
    return {"n": len(hits), "share": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}


def readable(described: dict[str, Any]) -> list[str]:
    """The card as lines of Markdown, for people."""
    measures = described["measures"]
    alone, near = (described["thresholds"][name] for name in ("alone", "near"))
    frames = sum(each["frames"] for each in described["recipe"])
    lines = [
        f"# {described['name']}",
        "",
        described["intended_use"],
        "",
        described["data_licence"],
        "",
        f"{described['architecture']['parameters']:,} parameters, trained on {frames:,} made frames.",
        f"A face counts from a score of {alone} on where nobody else has a say, of {near} where one is known; with the",
        "emotion network beside it, a surer no or yes of that one moves the limit.",
        "",
        "Found in frames of 640x480 with surroundings, of faces that training never saw, with 95% intervals:",
        "",
        "| faces | n | found | interval |",
        "| --- | --- | --- | --- |",
    ]
    lines += [_line(name, entry) for name, entry in measures.get("found", {}).items()]
    lines += [
        "",
        "A false face where nobody is:",
        "",
        "| pictures | n | with a false face | interval |",
        "| --- | --- | --- | --- |",
    ]
    lines += [_line(name, entry) for name, entry in measures.get("false_face", {}).items()]
    lines += [
        "",
        "How far off at the median, upright and leaning by 25 degrees (angles beside those of YuNet's points):",
        "",
    ]
    lines += [f"- {name}: {value}" for name, value in measures.get("median_errors", {}).items()]
    return lines


def _line(name: str, entry: dict[str, Any]) -> str:
    return f"| {name} | {entry['n']} | {entry['share']:.1%} | {entry['low']:.1%} to {entry['high']:.1%} |"


def summary(described: dict[str, Any]) -> str:
    """One line about a published finder."""
    found, nobody = described["measures"]["found"]["all"], described["measures"]["false_face"]["scenes"]
    seen = f"found {found['share']:.1%} of {found['n']} faces"
    wrong = f"a false face in {nobody['share']:.1%} of {nobody['n']} scenes"
    return f"{seen}, {wrong}; thresholds: {described['thresholds']}"
