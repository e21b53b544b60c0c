"""Converts a finder, chooses its thresholds and measures it on the validation part, and puts it where it is used."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import DataError
from assistant.face.detector import Region
from assistant.face.finder import Finder
from assistant.face.finder_file import load_finder
from assistant.face.haar import HaarDetector
from assistant.face.pose import head_pose
from quantize.finder.export import NAME, card, to_int8, write
from quantize.finder.packing import data_of
from quantize.finder.train import training_facts
from quantize.finder.validation import Made, Validation, by, share, turned
from quantize.progress import shown

Gray = npt.NDArray[np.uint8]

FALSE_ALONE, FALSE_LARGE = 0.01, 0.005
"""Shares of the scenes and of their parts in which the finder alone may see a face, and a large one."""

FALSE_NEAR = 0.2
"""Share of what the cascade wrongly takes for faces that the finder may confirm."""

LEAST_NEAR = 0.3
"""No threshold is lower, however few false faces there are to choose it by."""

NEVER = 0.999

LEAST_SCORE = 0.02
"""What is found with less is not looked at here."""


def publish(keras_model: Path, data: Path, faces: Path, out: Path, seed: int) -> dict[str, Any]:
    """Write `out`/face-int8.tflite, its card and the card's page; returns the card."""
    facts = training_facts(keras_model)
    validation = Validation(faces)
    content = to_int8(keras_model, data_of(data), seed)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder) / f"{NAME}.tflite", content, facts)
        thresholds = chosen_thresholds(trial, validation)
        measures = measured(trial.finder(thresholds), validation, seed)
    described = card(content, facts, thresholds, measures)
    write(out / f"{NAME}.tflite", content, described, readable(described))
    return described


@dataclass(frozen=True, slots=True)
class Trial:
    """A converted file that is tried with several thresholds."""

    path: Path
    content: bytes
    facts: dict[str, Any]

    def finder(self, thresholds: dict[str, float]) -> Finder:
        """The finder with these thresholds."""
        write(self.path, self.content, card(self.content, self.facts, thresholds, {}), [])
        return load_finder(self.path)


def chosen_thresholds(trial: Trial, validation: Validation) -> dict[str, float]:
    """The lowest scores that let no more than the allowed shares of false faces through."""
    pictures = _without_people(validation)
    lenient = trial.finder(dict.fromkeys(("alone", "large", "near"), LEAST_SCORE))
    confirmed = [
        score for picture in shown(pictures, "checking the cascade") for score in _confirming(lenient, picture)
    ]
    near = _least(confirmed, FALSE_NEAR) if confirmed else LEAST_NEAR
    chosen = {"near": near}
    for name, other, allowed in (("large", "alone", FALSE_LARGE), ("alone", "large", FALSE_ALONE)):
        finder = trial.finder({name: near, other: NEVER, "near": near})
        best = [_best(finder, picture) for picture in shown(pictures, "looking where nobody is")]
        chosen[name] = _least(best, allowed)
    return chosen


def _without_people(validation: Validation) -> list[Gray]:
    return [*validation.empty, *validation.crops(seed=0), *validation.crops(seed=2)]


def _best(finder: Finder, picture: Gray) -> float:
    return max((found.score for found in finder.detect(picture)), default=0.0)


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


def measured(finder: Finder, validation: Validation, seed: int) -> dict[str, Any]:
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
        "scenes": _entry([bool(finder.detect(scene)) for scene in validation.empty]),
        "parts of scenes": _entry([bool(finder.detect(part)) for part in validation.crops(seed=1)]),
    }
    return {"usage": "validation", "found": found, "false_face": nobody, "median_errors": told}


def _hits(finder: Finder, frames: Iterator[Made]) -> list[bool]:
    return [
        any(made.is_found_at(each.box.center) for each in finder.detect(made.frame))
        for made in shown(frames, "looking")
    ]


def _told(finder: Finder, frames: Sequence[Made]) -> dict[str, float]:
    """How far points and pose are off at the median: in widths of the face, and beside the angles of YuNet's points."""
    points, yaw, roll = [], [], []
    for made in frames:
        own = [each for each in finder.detect(made.frame) if made.is_found_at(each.box.center)]
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
    alone, large, near = (described["thresholds"][name] for name in ("alone", "large", "near"))
    frames = sum(each["frames"] for each in described["recipe"])
    lines = [
        f"# {described['name']}",
        "",
        described["intended_use"],
        "",
        described["data_licence"],
        "",
        f"{described['architecture']['parameters']:,} parameters, trained on {frames:,} made frames.",
        f"A face counts from a score of {alone} on where the finder alone has looked, of {large} where it is wider",
        f"than a sixth of the frame, of {near} where one is known.",
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
