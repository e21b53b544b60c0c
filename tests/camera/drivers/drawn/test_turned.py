"""Drawn heads that turn, seen by the real finder."""

import numpy as np
import pytest

from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.drawn.face import draw_face
from assistant.camera.drivers.drawn.painter import Painter
from assistant.camera.drivers.drawn.turned import AHEAD, TURN_S, Neck, Turn, turned
from assistant.emotions import Emotion
from assistant.face.detectors.registry import build_detector

pytestmark = pytest.mark.runtime

MOST_WRONG_DEG = 13
"""90% of the yaws of noisy points are within 10 degrees (`benchmarks/pose.py`); the drawing adds its own error."""


def pose_of(turn, emotion=Emotion.NEUTRAL):
    """Return the median yaw and pitch that the finder measures in a second of frames with this turn."""
    painter, finder = Painter(640, 480, seed=1), build_detector("finder")
    painter.paint(emotion, 0.0, other=False, turn=turn)
    poses = []
    for number in range(5):
        (found,) = finder.detect(painter.paint(emotion, 1.0 + number / 5, other=False, turn=turn))
        poses.append((found.pose.yaw_deg, found.pose.pitch_deg))
    return np.median(poses, axis=0)


@pytest.mark.parametrize("yaw_deg", [-35, -20, 0, 20, 35])
def test_the_finder_measures_the_drawn_yaw(yaw_deg):
    """The finder's points give about the yaw with which a head was drawn."""
    assert abs(pose_of(Turn(yaw_deg=yaw_deg))[0] - yaw_deg) < MOST_WRONG_DEG


@pytest.mark.parametrize("pitch_deg", [-25, 25])
def test_the_finder_does_not_measure_the_drawn_pitch(pitch_deg):
    """The finder's points do not follow a nod, so that looks up and down are not said, and a look at you is in doubt.

    When this fails, a finder has learned to measure the pitch: then `face/attention.py` can use it.
    """
    yaw, pitch = pose_of(Turn(pitch_deg=pitch_deg))
    assert abs(yaw) < MOST_WRONG_DEG
    assert abs(pitch) < 8


def test_a_head_that_looks_ahead_is_drawn_as_it_is():
    """Without a turn the drawing is not touched."""
    head = draw_face(PROTOTYPES[Emotion.HAPPY])
    assert turned(head, AHEAD) is head


@pytest.mark.parametrize("turn", [Turn(yaw_deg=40), Turn(yaw_deg=-40), Turn(pitch_deg=25), Turn(pitch_deg=-25)])
def test_a_turned_head_is_a_picture(turn):
    """Every pixel of a turned head has a brightness, and its cover is from 0 to 1."""
    gray, cover = turned(draw_face(PROTOTYPES[Emotion.SURPRISE]), turn)
    assert gray.shape == cover.shape == (256, 256)
    assert np.isfinite(gray).all()
    assert 0 <= cover.min() < cover.max() < 1.001


def test_a_head_turns_step_by_step():
    """On the way to a turn the head takes steps, and goes back from where it is."""
    neck = Neck()
    times = (0.0, 0.5 * TURN_S, TURN_S, 2 * TURN_S)
    assert [neck.turned_to(Turn(yaw_deg=40), now).yaw_deg for now in times] == [0, 20, 40, 40]
    back = [neck.turned_to(AHEAD, now).yaw_deg for now in (1.0, 1.0 + 0.25 * TURN_S)]
    assert back[0] == 40
    assert 20 < back[1] < 40
