"""Following a face by its looks: where it is, how much it has changed, and when it must be detected anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assistant.face.detector import Detection
from assistant.face.follower import LEAST_LIKENESS, REACH, TEMPLATE_PX, FaceFollower
from assistant.geometry import BoundingBox
from tests.builders.faces import frame_with

pytestmark = pytest.mark.runtime

MIDDLE = (320, 240)
BOX = BoundingBox(272, 192, 95, 95)
SURE_PX = 2
"""How far a followed box may be from where the face is: a fortieth of its width."""


def following(frame, box=BOX, **more):
    """Return a follower of the face in this box of a frame."""
    follower = FaceFollower()
    follower.begin(frame, Detection(box, **more))
    return follower


@pytest.mark.parametrize("away", [(0, 0), (1, -1), (7, 5), (-11, 3), (20, -18)])
def test_a_face_that_moves_is_followed(away):
    """The box moves with the face, and so do its points; the likeness is high."""
    right, down = away
    follower = following(frame_with(MIDDLE), points=((300.0, 220.0),))
    followed = follower.follow(frame_with((MIDDLE[0] + right, MIDDLE[1] + down)))
    assert followed is not None
    box = followed.detection.box
    assert (box.width, box.height) == (BOX.width, BOX.height)
    assert abs(box.x - BOX.x - right) <= SURE_PX
    assert abs(box.y - BOX.y - down) <= SURE_PX
    assert followed.detection.points == ((300.0 + box.x - BOX.x, 220.0 + box.y - BOX.y),)
    assert followed.likeness > 0.95


def test_what_does_not_look_like_the_face_is_not_followed():
    """Neither an empty room, nor a face that has gone too far, nor a flat picture is taken for the face."""
    follower = following(frame_with(MIDDLE))
    too_far = MIDDLE[0] + round(BOX.width * (REACH + 0.3))
    for frame in (frame_with(), frame_with((too_far, MIDDLE[1])), np.full((480, 640), 90, np.uint8)):
        assert follower.follow(frame) is None


def test_a_face_that_changes_is_less_like_itself():
    """A mouth that is covered lowers the likeness."""
    frame = frame_with(MIDDLE)
    changed = frame.copy()
    changed[265:285, 300:345] = 200
    follower = following(frame)
    before, after = (follower.follow(each) for each in (frame, changed))
    assert before is not None
    assert after is None or after.likeness < before.likeness - 0.02


@pytest.mark.parametrize(
    "box", [BoundingBox(-5, 100, 95, 95), BoundingBox(600, 400, 95, 95), BoundingBox(100, 100, 20, 20)]
)
def test_a_face_that_is_small_or_not_whole_is_detected_in_each_frame(box):
    """A face at the frame's edge, or one smaller than the template, is not followed."""
    frame = frame_with(MIDDLE)
    assert following(frame, box).follow(frame) is None


def test_a_face_is_followed_only_after_it_was_detected():
    """Before the first detection, and after the face was forgotten, there is nothing to follow."""
    frame = frame_with(MIDDLE)
    follower = FaceFollower()
    assert follower.follow(frame) is None
    follower.begin(frame, Detection(BOX))
    follower.forget()
    assert follower.follow(frame) is None


SIDES = st.integers(1, 90)


@settings(deadline=None)
@given(st.data())
def test_any_two_frames_are_taken(data):
    """Whatever the frames and the box are, the answer is None or a box of the same size near the old one."""
    shapes = [(data.draw(SIDES), data.draw(SIDES)) for _ in range(2)]
    frames = [data.draw(arrays(np.uint8, shape, elements=st.integers(0, 255))) for shape in shapes]
    side = data.draw(st.integers(1, 80))
    box = BoundingBox(data.draw(st.integers(-40, 80)), data.draw(st.integers(-40, 80)), side, side)
    followed = following(frames[0], box).follow(frames[1])
    if followed is not None:
        assert side >= TEMPLATE_PX
        assert LEAST_LIKENESS <= followed.likeness <= 1
        assert followed.detection.box.distance(box) <= 1.5 * side
