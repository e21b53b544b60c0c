"""Tests of the targets that networks learn from labels and votes."""

import numpy as np
import pytest

from quantize.data.samples import Samples
from quantize.networks.outputs import (
    CROWD_HEAD,
    HEADS,
    NOT_A_FACE,
    crowd_targets,
    label_targets,
    negative_targets,
    targets_for,
)

SAMPLES = Samples(np.zeros((2, 48, 48), np.uint8), np.array([3, 0], np.uint8), np.arange(2))
VOTES = np.array([[2, 6, 0, 0, 0, 0, 0, 0, 2, 0], [0, 0, 0, 0, 0, 0, 0, 5, 5, 0], [0] * 10], np.uint8)


def test_targets_mix_labels_and_votes():
    """Labels and votes are mixed by their weight; a picture without a vote for one of the seven keeps its label."""
    mixed = label_targets(SAMPLES, VOTES[:2], 0.5)
    assert mixed[0].tolist() == pytest.approx([0, 0, 0, 0.5 + 0.5 * 0.75, 0, 0, 0.5 * 0.25])
    assert mixed[1].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert (label_targets(SAMPLES, None, 0.5) == label_targets(SAMPLES, VOTES[:2], 0.0)).all()


def test_the_crowds_output_learns_all_ten_answers():
    """The crowd's output learns the shares of all ten answers; a picture without a vote counts as not a face."""
    happy, contempt, none = crowd_targets(VOTES)
    assert dict(zip(CROWD_HEAD.labels, happy, strict=True)) == pytest.approx(
        dict.fromkeys(CROWD_HEAD.labels, 0) | {"happy": 0.6, "neutral": 0.2, "unknown": 0.2}
    )
    assert contempt[CROWD_HEAD.labels.index("contempt")] == 0.5
    assert none[CROWD_HEAD.labels.index(NOT_A_FACE)] == 1


def test_a_picture_without_a_face_teaches_the_crowds_output_alone():
    """A picture without a face has the weight 0 for the labels' output; the crowd's output learns that answer."""
    joined = targets_for(HEADS["both"], SAMPLES, VOTES[:2], 0.0).joined(negative_targets(HEADS["both"], 3))
    assert joined.weights["emotion"].tolist() == [1, 1, 0, 0, 0]
    assert joined.weights["crowd"].tolist() == [1] * 5
    assert joined.by_head["crowd"][-1].argmax() == CROWD_HEAD.labels.index(NOT_A_FACE)
