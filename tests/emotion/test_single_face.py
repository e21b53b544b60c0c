"""Tests of one detection: how often the emotion network is asked whether it is a face."""

import numpy as np
import pytest

from assistant.emotion.observation import Classification
from assistant.emotion.single_face import FURTHER_CROPS, MIRRORED, classify_face
from assistant.emotions import EmotionScores
from assistant.face.detector import Detection
from assistant.face.evidence import NETWORK_WEIGHT, UNDECIDED
from assistant.face.reject_reason import RejectReason
from assistant.geometry import BoundingBox

ALL_CROPS = 2 + len(FURTHER_CROPS) + MIRRORED
GRAY = np.random.default_rng(5).integers(0, 256, (480, 640), dtype=np.uint8)
PLACE = BoundingBox(200, 150, 120, 120)


class SaysInTurn:
    """A network whose log odds for a face are these in turn; the last ones stay."""

    def __init__(self, *log_odds):
        self.log_odds = list(log_odds)
        self.shown = []

    def classify(self, face):
        """Return the next log odds."""
        self.shown.append(face)
        next_one = self.log_odds.pop(0) if len(self.log_odds) > 1 else self.log_odds[0]
        return Classification(EmotionScores.from_weights([1.0] * 7), 0.0, 0.0, next_one)


@pytest.mark.parametrize(("log_odds", "asked"), [(2.1, ALL_CROPS), (2.3, 1), (-2.1, ALL_CROPS), (-2.3, 1), (None, 1)])
def test_the_network_is_asked_again_while_it_is_undecided(log_odds, asked):
    """Where one crop decides, the network runs once; else all crops differ, and all are shown."""
    network = SaysInTurn(log_odds)
    _, evidence = classify_face(GRAY, Detection(PLACE, evidence=0.0), network)
    assert evidence == pytest.approx(NETWORK_WEIGHT * (log_odds or 0.0))
    assert abs(NETWORK_WEIGHT * 2.1) < UNDECIDED < NETWORK_WEIGHT * 2.3
    assert len(network.shown) == asked
    assert len({face.tobytes() for face in network.shown}) == asked


def test_in_a_hurry_one_crop_decides():
    """Not thoroughly, the network runs once, whatever it answers."""
    network = SaysInTurn(1.0)
    _, evidence = classify_face(GRAY, Detection(PLACE, evidence=0.0), network, thoroughly=False)
    assert (evidence, len(network.shown)) == (pytest.approx(NETWORK_WEIGHT), 1)


def test_the_mean_of_all_answers_decides():
    """One crop that looks like a face does not make one."""
    network = SaysInTurn(1.0, -1.0)
    face, evidence = classify_face(GRAY, Detection(PLACE, evidence=0.0), network)
    assert evidence == pytest.approx(NETWORK_WEIGHT * (1.0 - (ALL_CROPS - 1)) / ALL_CROPS)
    assert face.reason is RejectReason.NOT_A_FACE


@pytest.mark.parametrize("place", [BoundingBox(-60, -60, 120, 120), BoundingBox(630, 470, 120, 120)])
def test_crops_outside_of_the_frame_are_left_out(place):
    """At the edge of the frame some crops show nothing; the others count."""
    network = SaysInTurn(0.5)
    _, evidence = classify_face(GRAY, Detection(place, evidence=0.0), network)
    assert evidence == pytest.approx(NETWORK_WEIGHT * 0.5)
    assert all(face.shape == (48, 48) for face in network.shown)
