"""Every interpreter gives nearly the same answers: this one is compared with the recorded answers of LiteRT.

The suite runs with ai-edge-litert, and its tests that are marked `runtime` once more with tflite-runtime.
"""

import json

import numpy as np
import pytest

from tests.builders.network_outputs import RECORDED, emotion_steps, finder_face, sha256s

pytestmark = pytest.mark.runtime

STEPS_MAY_DIFFER = 2
"""ai-edge-litert and tflite-runtime round int8 sums in different ways: on these pictures by two steps at most."""


@pytest.fixture(scope="module")
def recorded():
    """Return the recorded answers, which must be those of the shipped networks."""
    answers = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert answers["sha256"] == sha256s(), "run python -m tests.builders.network_outputs with ai-edge-litert"
    return answers


def test_the_logits_of_the_emotions_agree(recorded):
    """No logit of twenty random pictures differs by more than two steps of the quantization."""
    differences = np.abs(np.subtract(emotion_steps(), recorded["emotion_steps"]))
    assert differences.max() <= STEPS_MAY_DIFFER
    assert differences.mean() < 0.6


def test_the_finder_finds_the_same_face(recorded):
    """The points of the astronaut's face differ by less than six pixels, and the log-odds by less than 0.3.

    Six pixels are a twentieth of the face's width, less than the median error of the points.
    """
    found, known = finder_face(), recorded["finder_face"]
    assert np.abs(np.subtract(found["points_px"], known["points_px"])).max() < 6
    assert found["log_odds"] == pytest.approx(known["log_odds"], abs=0.3)
