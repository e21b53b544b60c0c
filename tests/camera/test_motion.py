"""What counts as motion, measured on a photograph that comes with scikit-image."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from assistant.camera.drivers.simulated import SimulatedSource
from assistant.camera.motion import MotionDetector, coarsened

RNG = np.random.default_rng(7)
ROOM = np.asarray(data.chelsea(), dtype=np.float32).mean(axis=2)[:288, :448]


def seen(
    *,
    light: float = 1.0,
    noise: float = 4.0,
    right_px: int = 0,
    head_levels: float = 0.0,
    face_px: int = 0,
) -> np.ndarray:
    """Return the room in other light, with noise, from a turned camera, or with an object of a distant face's size."""
    picture = np.roll(ROOM, right_px, axis=1) * light
    picture[100 : 100 + face_px, 200 : 200 + face_px] += head_levels
    return np.clip(picture + RNG.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)


def moves(before: dict, after: dict) -> bool:
    """Return whether the second picture is motion, after one second of the first."""
    detector = MotionDetector()
    for frame in range(3):
        detector.update(seen(**before), frame / 3)
    return detector.update(seen(**after), 1.0)


STILL = {
    "noise": ({}, {}),
    "a dark room's noise": ({"noise": 20.0}, {"noise": 20.0}),
    "half as light": ({}, {"light": 0.5}),
    "a little lighter": ({}, {"light": 1.05}),
}
MOVING = {
    "the head turns by two pixels": ({}, {"right_px": 2}),
    "in the dark": ({"noise": 15.0}, {"right_px": 8, "noise": 15.0}),
    "a far face comes": ({}, {"head_levels": 15.0, "face_px": 24}),
    "and the light changes": ({}, {"head_levels": 15.0, "face_px": 24, "light": 0.8}),
}


@pytest.mark.parametrize(("before", "after"), STILL.values(), ids=STILL.keys())
def test_noise_and_light_are_no_movement(before, after):
    """No case of the table above is motion, ten times each."""
    assert not any(moves(before, after) for _ in range(10))


@pytest.mark.parametrize(("before", "after"), MOVING.values(), ids=MOVING.keys())
def test_what_moves_is_seen(before, after):
    """Every case of the table above is motion, ten times each."""
    assert all(moves(before, after) for _ in range(10))


def test_a_slow_movement_is_seen_too():
    """A motion of one pixel every half second is detected at 15 frames a second."""
    detector = MotionDetector()
    moved = [detector.update(seen(right_px=frame // 7), frame / 15) for frame in range(45)]
    assert sum(moved[1:]) >= 5


def test_the_simulated_room_is_still_until_somebody_comes():
    """The empty room shows no motion after the first frame, and a person who appears is motion."""
    source, detector = SimulatedSource("empty 3, neutral 1", fps=15), MotionDetector()
    frames = [source.grab() for _ in range(60)]
    moved = [detector.update(frame.gray, frame.t_s) for frame in frames]
    assert moved[0]
    assert not any(moved[1:45])
    assert moved[45]


@pytest.mark.runtime
@pytest.mark.parametrize("shape", [(480, 640), (120, 160), (481, 643), (1, 1), (0, 0), (1080, 1920)])
def test_any_size_of_picture(shape):
    """A frame of any size is taken, and a frame of another size than the one before is motion."""
    detector = MotionDetector()
    picture = np.full(shape, 77, np.uint8)
    assert detector.update(picture, 0.0)
    assert not detector.update(picture, 0.1)
    assert detector.update(np.zeros((240, 240), np.uint8), 0.2)
    assert np.all(coarsened(picture) == 77)
