"""Where the helper has to turn the camera."""

from __future__ import annotations

import pytest

from assistant.geometry import BoundingBox
from assistant.web.cameras.aim import GOOD, NOBODY, aim


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (None, NOBODY),
        (BoundingBox(270, 160, 100, 100), GOOD),
        (BoundingBox(500, 160, 100, 100), "Turn the camera to the right."),
        (BoundingBox(20, 160, 100, 100), "Turn the camera to the left."),
        (BoundingBox(270, 0, 100, 100), "Turn the camera up."),
        (BoundingBox(270, 370, 100, 100), "Turn the camera down."),
        (BoundingBox(0, 370, 100, 100), "Turn the camera to the left and down."),
        (BoundingBox(300, 200, 40, 40), "The face is far away. Come nearer."),
        (BoundingBox(100, 0, 440, 440), "The face is very near. Step back."),
    ],
)
def test_the_camera_is_turned_towards_the_face(box, words):
    """In a frame of 640x480, the words say where to turn, as the wearer turns the head."""
    assert aim(box, 640, 480) == words
