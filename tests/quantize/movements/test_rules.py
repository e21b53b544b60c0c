"""Rules that say which movements a face shows are fitted to FER+'s majorities, on made measures."""

import numpy as np
import pytest

from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import DataError
from quantize.movements.measures import MEASURES
from quantize.movements.rules import OPEN_GAP, fit_rules, margins

NEUTRAL = {
    "gap": 0.02,
    "mouth_width": 0.52,
    "brows": 0.28,
    "inner_brows": 0.23,
    "brows_apart": 0.29,
    "outer_brows": 0.2,
}
MOVED = {
    Emotion.NEUTRAL: {},
    Emotion.HAPPY: {"mouth_width": 0.64, "corners": 0.03},
    Emotion.SURPRISE: {"gap": 0.2, "brows": 0.34, "outer_brows": 0.25},
    Emotion.ANGRY: {"inner_brows": 0.19, "brows": 0.24},
    Emotion.DISGUST: {"inner_brows": 0.19, "brows": 0.25},
}


def population(count=400):
    """The measures float32 [N, 7] of faces of five emotions, with differences between people; and the emotions."""
    rng = np.random.default_rng(1)
    measures, majorities = [], []
    for emotion, moved in MOVED.items():
        typical = np.array([(NEUTRAL | moved).get(name, 0.0) for name in MEASURES])
        measures.append(typical + rng.normal(0, 0.01, (count, len(MEASURES))))
        majorities.append(np.full(count, EMOTIONS.index(emotion)))
    return np.concatenate(measures).astype(np.float32), np.concatenate(majorities)


def test_each_emotion_shows_its_movement():
    """Most faces of an emotion show its movements, few neutral faces show any."""
    measures, majorities = population()
    shown = margins(fit_rules(measures, majorities), measures) > 0

    def share(emotion, movement):
        return shown[majorities == EMOTIONS.index(emotion), MOVEMENTS.index(movement)].mean()

    assert share(Emotion.HAPPY, Movement.SMILE) > 0.95
    assert share(Emotion.ANGRY, Movement.FROWN) > 0.9
    assert share(Emotion.SURPRISE, Movement.BROWS_RAISED) > 0.9
    assert share(Emotion.SURPRISE, Movement.MOUTH_OPEN) > 0.95
    assert all(share(Emotion.NEUTRAL, movement) <= 0.06 for movement in MOVEMENTS)
    assert share(Emotion.ANGRY, Movement.BROWS_RAISED) == 0


def test_a_mouth_is_open_from_a_fixed_gap_on():
    """What counts as open does not depend on how often mouths are open among the neutral faces."""
    measures, majorities = population()
    rules = fit_rules(measures, majorities)
    faces = np.zeros((2, len(MEASURES)), np.float32)
    faces[:, MEASURES.index("gap")] = (OPEN_GAP - 0.01, OPEN_GAP + 0.01)
    assert (margins(rules, faces)[:, MOVEMENTS.index(Movement.MOUTH_OPEN)] > 0).tolist() == [False, True]


def test_too_few_faces_of_an_emotion_are_an_error():
    """The error names the emotions that are missing."""
    measures, majorities = population()
    kept = ~np.isin(majorities, [EMOTIONS.index(each) for each in (Emotion.ANGRY, Emotion.DISGUST)])
    with pytest.raises(DataError, match=r"0 faces that FER.* calls angry or disgust were measured"):
        fit_rules(measures[kept], majorities[kept])
