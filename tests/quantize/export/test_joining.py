"""Tests of how the outputs are joined, and of the thresholds that are chosen for them."""

import json

import numpy as np
import pytest

from assistant.emotion.joined import Role, log_softmax, parse_joined
from assistant.emotions import EMOTIONS
from quantize.data.samples import SEVEN
from quantize.export.joining import AS_THEY_ARE, PHOTOGRAPHS, Condition, choose_joining

pytest.importorskip("scipy")

COUNT = 6000
EVEN = np.full(7, 1 / 7, np.float32)
NOT_A_FACE = {"threshold": 0.002, "crop": "square"}


def opinions(known, rng, sharpness=4.0):
    """Return the logarithms of scores that are right for a share of `known` of the pictures, and what they show."""
    truth = rng.integers(0, 7, COUNT)
    said = np.where(rng.random(COUNT) < known, truth, rng.integers(0, 7, COUNT))
    logits = rng.normal(0, 1, (COUNT, 7)) + sharpness * np.eye(7)[said]
    return log_softmax(logits.astype(np.float32)), truth


def condition(name, labels_know, crowd_knows, rng):
    """Return a condition under which the two outputs are right for these shares of the pictures."""
    labels, truth = opinions(labels_know, rng)
    crowd = labels.copy()
    unsure = rng.random(COUNT) >= crowd_knows
    crowd[unsure] = log_softmax(rng.normal(0, 1, (int(unsure.sum()), 7)).astype(np.float32))
    return Condition(name, {Role.LABELS: labels, Role.CROWD: crowd}, [truth])


def test_an_output_that_knows_nothing_gets_no_weight():
    """The weight of an output that only disturbs the other is 0."""
    chosen = choose_joining([condition(AS_THEY_ARE, 0.9, 0.0, np.random.default_rng(1))], EVEN, NOT_A_FACE)
    assert chosen["labels_weight"] >= 0.75


def test_of_equal_ways_the_most_balanced_is_taken():
    """Where both outputs say the same, each has half of the weight, and half of the power is divided out."""
    chosen = choose_joining([condition(AS_THEY_ARE, 0.9, 1.0, np.random.default_rng(1))], EVEN, NOT_A_FACE)
    assert (chosen["labels_weight"], chosen["shares_power"]) == (0.5, 0.5)


def test_what_is_said_is_right_as_often_as_promised():
    """On the pictures that it was chosen on, what is said plainly is right in at least 95%, with a maybe in 80%."""
    rng = np.random.default_rng(1)
    scores = log_softmax(rng.normal(0, 4, (COUNT, 7)).astype(np.float32))
    truth = np.array([rng.choice(7, p=each / each.sum()) for each in np.exp(scores.astype(np.float64))])
    chosen = choose_joining([Condition(AS_THEY_ARE, {Role.CROWD: scores}, [truth])], EVEN, NOT_A_FACE)
    assert chosen["chosen_on"] == {AS_THEY_ARE: COUNT}
    assert 0.2 < chosen["said"]["plainly"]["share"] < chosen["said"]["maybe"]["share"] <= 1
    assert chosen["said"]["plainly"]["right"] >= 0.95
    assert chosen["said"]["maybe"]["right"] >= 0.8
    assert chosen["calibration_error"][AS_THEY_ARE] < 0.05


def test_the_entry_is_what_the_headset_reads():
    """The headset's parser takes the entry; an emotion without a threshold is never said."""
    rng = np.random.default_rng(1)
    never = condition(AS_THEY_ARE, 0.9, 0.9, rng)
    for scores in never.log_scores.values():
        scores[:, SEVEN.index("fear")] = -20.0
    chosen = choose_joining([never], EVEN, NOT_A_FACE)
    joined = parse_joined(json.loads(json.dumps(chosen)))
    assert joined.bounds.maybe[SEVEN.index("fear")] is None
    assert joined.not_a_face_from == 0.002
    assert len(joined.shares) == len(EMOTIONS)


def test_the_photographs_count_as_much_as_the_data_set():
    """An output that is right on the photographs alone is not left out."""
    rng = np.random.default_rng(1)
    data = [condition(name, 0.9, 0.8, rng) for name in (AS_THEY_ARE, "dark")]
    others = condition(PHOTOGRAPHS, 0.9, 1.0, rng)
    disturbed = log_softmax(rng.normal(0, 3, (COUNT, 7)).astype(np.float32))
    photographs = Condition(
        PHOTOGRAPHS, {Role.LABELS: disturbed, Role.CROWD: others.log_scores[Role.CROWD]}, others.truths
    )
    assert choose_joining([*data, photographs], EVEN, NOT_A_FACE)["labels_weight"] <= 0.25


@pytest.mark.parametrize("role", Role)
def test_a_model_with_one_output_speaks_from_it(role):
    """The other output has no part in its scores."""
    scores, truth = opinions(0.9, np.random.default_rng(1))
    chosen = choose_joining([Condition(AS_THEY_ARE, {role: scores}, [truth])], EVEN, NOT_A_FACE)
    logits = parse_joined(json.loads(json.dumps(chosen))).logits({role: scores})
    assert (logits.argmax(axis=1) == scores.argmax(axis=1)).all()
