"""How a head moves beside its surroundings, in pictures whose movement is known."""

import cv2
import numpy as np
import pytest

from assistant.face.head_motion import MOST_GAP_S, HeadMotionMeter
from assistant.geometry import BoundingBox

pytestmark = pytest.mark.runtime
FRAME_S = 1 / 15


def texture(width, height, seed):
    """Return a picture with corners everywhere, uint8 [height, width]."""
    coarse = np.random.default_rng(seed).integers(40, 220, (height // 8 + 1, width // 8 + 1)).astype(np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


ROOM, BODY, FACE = texture(840, 680, 1), texture(300, 250, 2), texture(400, 400, 3)
PLAIN = np.full((480, 640), 120, np.uint8)


def scene(width=100, camera=(0, 0), head=(0, 0), near=(0, 0), shirt=True):
    """Draw a room, a body and a head: the camera moves all of them, `near` the person, and `head` the head alone."""
    frame = ROOM[100 - camera[1] : 580 - camera[1], 100 - camera[0] : 740 - camera[0]].copy()
    right, down = camera[0] + near[0], camera[1] + near[1]
    top, left = 150 + round(1.2 * width) + down, 320 - width + right
    body = cv2.resize(BODY, (2 * width, 400)) if shirt else np.full((400, 2 * width), 90, np.uint8)
    frame[top:, left : left + 2 * width] = body[: 480 - top]
    left, top = 320 - width // 2 + right + head[0], 150 + down + head[1]
    face = cv2.resize(FACE, (width, round(1.15 * width)), interpolation=cv2.INTER_AREA)
    frame[top : top + face.shape[0], left : left + width] = face
    return frame


def box(width=100):
    """Return where the face of an unmoved scene is."""
    return BoundingBox(320 - width // 2, 150, width, width)


def measured(before, after, width=100, elapsed_s=FRAME_S, people=(1, 1)):
    """Return the movement between two frames, in pixels, or None."""
    meter = HeadMotionMeter()
    assert meter.measure(before, 1.0, people[0], box(width)) is None
    motion = meter.measure(after, 1.0 + elapsed_s, people[1], box(width))
    return None if motion is None else (motion.right * width, motion.down * width)


@pytest.mark.parametrize("width", [40, 60, 100, 150])
@pytest.mark.parametrize("head", [(0, 0), (0, 6), (-5, 0), (3, -4)])
@pytest.mark.parametrize("camera", [(0, 0), (12, 0), (-5, 14)])
def test_the_camera_does_not_count(width, head, camera):
    """The movement is that of the head alone, however the camera moves."""
    share = width / 100
    head, camera = ((round(share * x), round(share * y)) for x, y in (head, camera))
    after = scene(width, camera, head)
    assert measured(scene(width), after, width) == pytest.approx(head, abs=max(0.4, 0.01 * width))


def test_a_wearer_who_bobs_does_not_count_where_the_chest_is_seen():
    """What moves the person more than the room moves the chest too; of a plain shirt nothing is left."""
    bobs = {"camera": (0, 4), "near": (0, 6)}
    assert measured(scene(), scene(**bobs)) == pytest.approx((0, 0), abs=0.8)
    assert measured(scene(shirt=False), scene(**bobs, shirt=False)) is None


def test_before_a_still_room_the_chest_does_not_count():
    """Hands that move before the chest are no movement of the head."""
    before, after = scene(), scene()
    after[300:] = scene(near=(7, 9))[300:]
    assert measured(before, after) == pytest.approx((0, 0), abs=0.4)


@pytest.mark.parametrize(
    ("before", "after", "options"),
    [
        (scene(), scene(), {"elapsed_s": MOST_GAP_S + 0.01}),
        (scene(), scene(), {"people": (1, 2)}),
        (PLAIN, PLAIN, {}),
        (scene(), scene()[:400], {}),
        (scene(), PLAIN, {}),
    ],
    ids=["too late", "another person", "nothing to follow", "another size", "all is gone"],
)
def test_what_cannot_be_measured_is_not(before, after, options):
    """A long gap, another person and a picture without corners give no movement."""
    assert measured(before, after, **options) is None


@pytest.mark.parametrize("at", [(-40, -40, 80, 80), (600, 440, 90, 90), (900, 0, 9, 9)])
def test_a_face_at_the_edge_is_measured_or_not(at):
    """A face that is partly or wholly outside of the frame is no error."""
    meter = HeadMotionMeter()
    for number in range(2):
        motion = meter.measure(scene(), number * FRAME_S, 1, BoundingBox(*at))
    assert motion is None or abs(motion.down) < 0.05
