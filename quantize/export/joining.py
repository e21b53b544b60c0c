"""Chooses how a model's outputs are joined, and from which evidence on an emotion is said."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.emotion.bounds import Bounds, wald_bound
from assistant.emotion.joined import THRESHOLDS, JoinedOutput, Role
from assistant.emotion.preprocess import FloatArray
from quantize.data.ferplus import Majorities
from quantize.data.samples import SEVEN
from quantize.evaluation.calibrate import FEWEST_CLASSIFIED, naming, temperature, thresholds
from quantize.evaluation.metrics import expected_calibration_error
from quantize.networks.outputs import softmax

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The weights of the labels' output and the powers of the shares that are tried."""

TOLERANCE = 0.01
"""Recalls that differ by less are taken for equal: about half the standard error on a few hundred photographs."""

AS_THEY_ARE, PHOTOGRAPHS = "as they are", "photographs"
FEWEST_OF_A_KIND = 20
"""The recall of an emotion counts where at least so many pictures of a condition show it."""

LogScores = Mapping[Role, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """Pictures under one condition, such as blurred: what the outputs say of them, and what they show."""

    name: str
    log_scores: LogScores
    """The logarithms of each output's scores, float32 [N, 7]."""
    truths: Sequence[Majorities]
    """The true emotions, int64 [N], by each opinion that there is, the crowd's first; -1 where it is not known."""

    @property
    def truth(self) -> Majorities:
        """The opinion that decides what is right: the crowd's, where there is one."""
        return self.truths[0]

    def known(self) -> Condition:
        """Return the pictures whose true emotion is known."""
        known = self.truth >= 0
        by_role = {role: scores[known] for role, scores in self.log_scores.items()}
        return Condition(self.name, by_role, [truth[known] for truth in self.truths])


def choose_joining(conditions: Sequence[Condition], shares: FloatArray, not_a_face: dict[str, Any]) -> dict[str, Any]:
    """Return the card's entry for the joined output: how it is joined, its thresholds, and what they were chosen on.

    Of the ways with about the best recall, the one is taken that says most plainly, at the same precision.
    """
    known = [each.known() for each in conditions]
    ways = [_calibrated(how, known) for how in _good(_tried(set(conditions[0].log_scores), shares), conditions)]
    chosen = max(ways, key=lambda way: (round(way.said_plainly(known), 3), _balance(way.how)))
    best, degree, tables = chosen.how, chosen.degree, chosen.tables
    return {
        "labels_weight": best.labels_weight,
        "shares_power": best.shares_power,
        "shares": {label: round(float(share), 6) for label, share in zip(SEVEN, shares, strict=True)},
        "temperature": round(float(degree), 4),
        "precision": dict(THRESHOLDS),
        "thresholds": tables,
        "not_a_face": not_a_face,
        "chosen_on": {each.name: len(each.truth) for each in known},
        "calibration_error": {each.name: _calibration_error(best, each, degree) for each in known},
        "said": {name: _said(best, known[0], degree, _needed(name, table)) for name, table in tables.items()},
    }


def _tried(roles: Collection[Role], shares: FloatArray) -> list[JoinedOutput]:
    """Return the ways of joining outputs of these roles that are tried."""
    weights = WEIGHTS if len(roles) > 1 else WEIGHTS[:1]
    powers = POWERS if Role.CROWD in roles else POWERS[:1]
    return [
        JoinedOutput(weight, power, tuple(float(share) for share in shares), 1.0, 0.0, Bounds())
        for weight, power in itertools.product(weights, powers)
    ]


@dataclass(frozen=True, slots=True)
class _Calibrated:
    """A way to join the outputs, with the temperature and the tables of thresholds that were chosen for it."""

    how: JoinedOutput
    degree: np.float32
    tables: Mapping[str, Mapping[str, float | None]]

    def said_plainly(self, known: Sequence[Condition]) -> float:
        """Return the share of the pictures whose emotion would be said plainly, as a mean over the conditions."""
        table = _needed("plainly", self.tables["plainly"])
        return float(np.mean([_said(self.how, each, self.degree, table)["share"] for each in known]))


def _calibrated(how: JoinedOutput, known: Sequence[Condition]) -> _Calibrated:
    """Choose temperature and thresholds on all conditions, each of which weighs the same."""
    logits = np.concatenate([how.logits(each.log_scores) for each in known])
    truth = np.concatenate([each.truth for each in known]).astype(np.uint8)
    weights = np.concatenate([np.full(len(each.truth), 1.0 / len(each.truth)) for each in known])
    degree = np.float32(temperature(logits, truth, weights))
    tempered = np.asarray(logits / degree, np.float32)
    fewest = FEWEST_CLASSIFIED * sum(each.name != PHOTOGRAPHS for each in known)  # copies count as one picture
    tables = {name: thresholds(tempered, truth, weights, precision, fewest) for name, precision in THRESHOLDS.items()}
    return _Calibrated(how, degree, tables)


def _good(tried: Sequence[JoinedOutput], conditions: Sequence[Condition]) -> list[JoinedOutput]:
    """Return the ways whose recall is within `TOLERANCE` of the best."""
    recalls = [_recall_in_all(how, conditions) for how in tried]
    return [how for how, recall in zip(tried, recalls, strict=True) if recall >= max(recalls) - TOLERANCE]


def _balance(how: JoinedOutput) -> float:
    """Return how near a way is to the middle of weight and power: 0 is the middle.

    Two outputs that know different things do better together on faces of another kind than these, so of ways that say
    the same, neither output is left out.
    """
    return -((how.labels_weight - 0.5) ** 2) - (how.shares_power - 0.5) ** 2


def _recall_in_all(how: JoinedOutput, conditions: Sequence[Condition]) -> float:
    """Return the mean recall; the photographs count as much as all conditions of the data set's pictures together."""
    own = [_recall(how, each) for each in conditions if each.name != PHOTOGRAPHS]
    others = [_recall(how, each) for each in conditions if each.name == PHOTOGRAPHS]
    return float(np.mean([np.mean(own), *others]))


def _recall(how: JoinedOutput, condition: Condition) -> float:
    """Return the recall as a mean over the emotions, and over the opinions about what they are."""
    best = how.logits(condition.log_scores).argmax(axis=1)
    by_opinion = [[(best[truth == number] == number).mean() for number in _shown(truth)] for truth in condition.truths]
    return float(np.mean([np.mean(recalls) for recalls in by_opinion]))


def _shown(truth: Majorities) -> list[int]:
    """Return the numbers of the emotions that enough pictures show; in a small data set, of all that are shown."""
    counts = np.array([(truth == number).sum() for number in range(len(SEVEN))])
    enough = counts >= FEWEST_OF_A_KIND
    return [int(number) for number in np.flatnonzero(enough if enough.any() else counts)]


def _calibration_error(how: JoinedOutput, known: Condition, degree: np.float32) -> float:
    scores = softmax(how.logits(known.log_scores) / degree)
    return round(expected_calibration_error(scores, known.truth.astype(np.uint8)), 4)


def _needed(name: str, table: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return what the headset needs to say an emotion: its threshold, but at least Wald's bound."""
    floor = wald_bound(THRESHOLDS[name])
    return {label: None if limit is None else max(limit, floor) for label, limit in table.items()}


def _said(
    how: JoinedOutput, known: Condition, degree: np.float32, table: Mapping[str, float | None]
) -> dict[str, float]:
    """Return the share of the pictures whose emotion would be said, and the share of these that are right."""
    said, right = naming(how.logits(known.log_scores) / degree, known.truth.astype(np.uint8), table)
    return {"share": round(said, 4), "right": round(right, 4)}
