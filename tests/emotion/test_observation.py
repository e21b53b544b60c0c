"""What a frame shows: when the pose of a face says where the person looks."""

import pytest

from assistant.emotion.observation import ClassifiedFace
from assistant.face.attention import MIN_WIDTH_PX
from assistant.face.pose import HeadPose
from assistant.face.reject_reason import RejectReason
from assistant.geometry import BoundingBox

POSE = HeadPose(45.0, 0.0, 0.0)


@pytest.mark.parametrize("reason", [None, *RejectReason])
def test_only_a_clear_face_says_where_somebody_looks(reason):
    """A face that is dark, pale, blurred, or none says nothing; one that is turned away does."""
    face = ClassifiedFace(BoundingBox(10, 20, 90, 90), None, reason, POSE)
    assert face.clear_pose == (POSE if reason in (None, RejectReason.TURNED_AWAY) else None)


@pytest.mark.parametrize(("width_px", "pose"), [(MIN_WIDTH_PX, POSE), (MIN_WIDTH_PX - 1, None)])
def test_only_a_wide_face_says_where_somebody_looks(width_px, pose):
    """The points of a narrow face are too rough."""
    assert ClassifiedFace(BoundingBox(10, 20, width_px, width_px), None, None, POSE).clear_pose == pose


def test_without_points_there_is_no_pose():
    """A face that only the cascade found says nothing."""
    assert ClassifiedFace(BoundingBox(10, 20, 90, 90), None, None, None).clear_pose is None
