"""What is drawn over a frame for a helper who looks at a screen."""

from assistant.app.drivers.display import draw_overlay
from assistant.emotion.observation import ClassifiedFace
from assistant.emotions import Emotion
from assistant.geometry import BoundingBox
from tests.builders.clips import room
from tests.builders.scores import sure


def test_the_overlay_has_the_box_the_name_and_the_bars():
    """The overlay draws a green box into a copy, and the frame itself stays as it was."""
    gray = room()
    face = ClassifiedFace(BoundingBox(300, 200, 90, 90), sure(Emotion.SAD), None)
    picture = draw_overlay(gray, face, Emotion.SAD)
    assert (picture[200, 300:390] == (80, 220, 80)).all()
    assert (gray == room()).all()
    assert (draw_overlay(gray, None, None)[..., 0] == gray).all()
