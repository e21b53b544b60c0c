"""From which logit on a movement is said, on made logits."""

import numpy as np

from quantize.export.movements import FEWEST_SAID, PRECISION, _measures, _threshold

COUNT = 2000


def made(sharpness):
    """Logits and whether each face shows the movement; with a larger sharpness the logits know it better."""
    rng = np.random.default_rng(4)
    shown = rng.random(COUNT) < 0.2
    return (sharpness * shown + rng.normal(0, 1, COUNT)).astype(np.float32), shown, np.ones(COUNT)


def test_what_is_said_is_right_as_often_as_promised():
    """A better output says more at the same precision."""
    said = []
    for sharpness in (2.5, 4.0):
        logits, shown, weights = made(sharpness)
        measures = _measures(logits, shown, _threshold(logits, shown, weights, FEWEST_SAID))
        assert measures["right"] >= PRECISION
        assert measures["shown"] == shown.sum()
        said.append(measures["recall"])
    assert said[0] < said[1]


def test_an_output_that_knows_nothing_is_never_said():
    """There is no threshold, and so nothing is right."""
    logits, shown, weights = made(0.0)
    assert _threshold(logits, shown, weights, FEWEST_SAID) is None
    assert _measures(logits, shown, None) == {"shown": int(shown.sum()), "said": 0, "right": None, "recall": 0.0}


def test_a_few_lucky_faces_are_not_enough():
    """The highest logits alone do not give a threshold."""
    logits, shown, weights = made(0.0)
    logits[shown.nonzero()[0][: FEWEST_SAID // 2]] = 9
    assert _threshold(logits, shown, weights, FEWEST_SAID) is None


def test_every_source_counts_the_same():
    """Few faces of one source weigh as much as many of another one."""
    logits = np.concatenate([np.linspace(3, 1, 900), np.linspace(3, 1, 100)]).astype(np.float32)
    shown = np.arange(1000) < 900
    assert _threshold(logits, shown, np.ones(1000), FEWEST_SAID) is not None
    weights = np.where(shown, 1 / 900, 1 / 100)
    assert _threshold(logits, shown, weights, FEWEST_SAID) is None
