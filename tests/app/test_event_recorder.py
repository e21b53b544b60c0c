"""What is written of a face."""

import pytest

from assistant.app.event_recorder import EventRecorder
from assistant.app.events import Event, EventHub
from assistant.emotion.debounce import FaceAppeared, FaceLost
from assistant.emotion.observation import ClassifiedFace
from assistant.face.pose import HeadPose
from assistant.geometry import BoundingBox

pytestmark = pytest.mark.runtime


class Kept:
    """A listener that keeps the events."""

    def __init__(self):
        self.events = []

    def on_event(self, event):
        """Keep it."""
        self.events.append(event)

    def close(self):
        """Nothing to do."""


@pytest.mark.parametrize("pose", [None, HeadPose(yaw_deg=-31.26, pitch_deg=4.0, roll_deg=0.04)])
def test_a_face_is_written_with_its_place_and_pose(pose):
    """As it was seen last; no pose from a detector that does not tell."""
    kept = Kept()
    recorder = EventRecorder(EventHub([kept]))
    recorder.record_frame(ClassifiedFace(BoundingBox(10, 20, 90, 90), None, None, pose), 1.0)
    recorder.record_change(FaceAppeared(), 1.0)
    recorder.record_frame(None, 2.0)
    recorder.record_change(FaceLost(), 2.0)
    told = pose and {"yaw_deg": -31.3, "pitch_deg": 4.0, "roll_deg": 0.0}
    fields = {"box": [10, 20, 90, 90], "pose": told}
    assert kept.events == [
        Event(1.0, "face", {"face": "appeared", **fields}),
        Event(2.0, "face", {"face": "lost", **fields}),
    ]
