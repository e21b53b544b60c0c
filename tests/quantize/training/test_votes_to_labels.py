"""Tests of predicting FER-2013's labels from FER+'s votes."""

import numpy as np
import pytest

from quantize.data.ferplus import VOTE_COLUMNS
from quantize.data.samples import SEVEN

pytest.importorskip("tensorflow")


def votes(**counts):
    """Return the votes on one picture."""
    return np.array([counts.get(column, 0) for column in VOTE_COLUMNS], np.uint8)


def test_it_learns_how_the_two_truths_go_together():
    """If three of four pictures that the crowd calls neutral are labelled sad, such votes predict sad."""
    from quantize.training.votes_to_labels import labels_from_votes

    known = np.array([votes(neutral=10)] * 400 + [votes(happiness=10)] * 400)
    labels = np.array([SEVEN.index("sad")] * 300 + [SEVEN.index("neutral")] * 100 + [SEVEN.index("happy")] * 400)
    shares = labels_from_votes(known[[0, -1]], known, labels.astype(np.uint8))
    assert shares.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert shares[0, SEVEN.index("sad")] == pytest.approx(0.75, abs=0.03)
    assert shares[0, SEVEN.index("neutral")] == pytest.approx(0.25, abs=0.03)
    assert shares[1, SEVEN.index("happy")] > 0.95


def test_what_both_say_is_surer_than_either():
    """Agreement raises the score; where one of the two has no opinion, the other one decides."""
    from quantize.training.votes_to_labels import pooled

    picture = np.full((2, 7), 0.05, np.float32)
    picture[:, 3] = 0.7
    by_votes = np.array([[0.05] * 3 + [0.7] + [0.05] * 3, [1 / 7] * 7], np.float32)
    both = pooled(picture, by_votes)
    assert both[0, 3] > 0.75 > both[1, 3] > 0.55
