"""Joins the outputs for the labels and for the crowd to one, from which the headset speaks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from assistant.emotion.bounds import MAYBE, PLAINLY, Bounds, Evidence, wald_bound
from assistant.emotion.preprocess import FloatArray
from assistant.emotions import EMOTIONS
from assistant.errors import ModelError
from assistant.networks.cards import entry


class Role(StrEnum):
    """Whose opinion an output has learned."""

    CROWD = "crowd"
    """The opinion of FER+'s ten taggers."""
    LABELS = "labels"
    """The labels of FER-2013."""


LEAST_TEMPERATURE, MOST_TEMPERATURE = 1e-3, 1e3
"""Logits are divided by a temperature between these."""

THRESHOLDS = {"plainly": PLAINLY, "maybe": MAYBE}
"""The tables of thresholds in a card, and the share of the cases in which each shall be right."""


@dataclass(frozen=True, slots=True)
class JoinedOutput:
    """How the outputs are joined, and from which evidence on an emotion is said; `quantize publish` chooses it."""

    labels_weight: float
    """The weight of the labels' output, 0 to 1; the crowd's output has the rest."""
    shares_power: float
    """This power of each emotion's share in the votes is divided out of the crowd's scores.

    FER+'s taggers call a third of all faces neutral, and the crowd's output has learned that.
    """
    shares: tuple[float, ...]
    """The share of each emotion in the votes of the training, in the order of `EMOTIONS`."""
    temperature: float
    """The joined logits are divided by this, so that a score is as often right as it is high."""
    not_a_face_from: float
    """From this probability of "not a face" on, a detector without log odds is not believed."""
    bounds: Bounds

    def logits(self, by_role: Mapping[Role, FloatArray]) -> FloatArray:
        """Return the joined logits of outputs whose logarithms of scores are given, each float32 [..., 7].

        Where the model has only one of the two outputs, the other has no weight.
        """
        known = np.log(np.array(self.shares, np.float32))
        weights = {Role.LABELS: self.labels_weight, Role.CROWD: 1.0 - self.labels_weight}
        parts = [
            (1.0 if len(by_role) == 1 else weights[role])
            * (scores - np.float32(self.shares_power if role is Role.CROWD else 0.0) * known)
            for role, scores in by_role.items()
        ]
        return np.asarray(sum(parts) / np.float32(self.temperature), dtype=np.float32)


def log_softmax(logits: FloatArray) -> FloatArray:
    """Return the logarithms of the softmax of logits float32 [..., N]."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)


def parse_joined(each: Any) -> JoinedOutput:
    """Check the card's entry for the joined output; ModelError names what is wrong."""
    thresholds = entry(each, "thresholds", dict)
    bounds = {
        name: _bounds(_thresholds(entry(thresholds, name, dict), name), precision)
        for name, precision in THRESHOLDS.items()
    }
    return JoinedOutput(
        labels_weight=_number(each, "labels_weight", 0.0, 1.0),
        shares_power=_number(each, "shares_power", 0.0, 1.0),
        shares=tuple(_number(entry(each, "shares", dict), str(emotion), 1e-6, 1.0) for emotion in EMOTIONS),
        temperature=_number(each, "temperature", LEAST_TEMPERATURE, MOST_TEMPERATURE),
        not_a_face_from=_number(entry(each, "not_a_face", dict), "threshold", 0.0, 1.0),
        bounds=_checked(Bounds(**bounds)),
    )


def _checked(bounds: Bounds) -> Bounds:
    """Return the bounds; ModelError where something may be said plainly that needs more evidence for a "maybe"."""
    for emotion, plainly, maybe in zip(EMOTIONS, bounds.plainly, bounds.maybe, strict=True):
        if plainly is not None and (maybe is None or maybe > plainly):
            raise ModelError(f"joined: maybe: {emotion}: at most the threshold of plainly is needed")
    return bounds


def _bounds(thresholds: Evidence, precision: float) -> Evidence:
    """Return what an emotion needs in a stream: its threshold for single pictures, but at least Wald's bound.

    A stream shows a face hundreds of times an hour, so it has more occasions for a mistake than single pictures.
    """
    return tuple(None if each is None else max(each, wald_bound(precision)) for each in thresholds)


def _thresholds(table: Mapping[str, Any], name: str) -> Evidence:
    values = [table.get(str(emotion), "missing") for emotion in EMOTIONS]
    for emotion, value in zip(EMOTIONS, values, strict=True):
        if value is not None and not (type(value) is float and 0 <= value < math.inf):
            raise ModelError(f"joined: {name}: {emotion}: a number with a fraction, of at least 0, or null, is needed")
    return tuple(values)


def _number(each: Any, name: str, least: float, most: float) -> float:
    value = entry(each, name, float)
    if not least <= value <= most:
        raise ModelError(f"joined: {name}: a number from {least:g} to {most:g} is needed, not {value:g}")
    return float(value)
