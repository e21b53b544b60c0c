"""The camera's watchdog: when a camera counts as lost, and when it is tried again."""

from assistant.camera.settings import CameraSettings
from assistant.camera.watchdog import CameraWatch
from assistant.faults import Fault

SETTINGS = CameraSettings(stalled_s=3.0, reopen_s=1.0, give_up_s=20.0)


def test_a_stall_and_its_end_are_told_once():
    """The fault is reported after three seconds and at no later call, and so is its end."""
    watch = CameraWatch(SETTINGS, 0.0)
    assert [watch.nothing(now) for now in (1, 2.9, 3, 3.1, 9)] == [None, None, Fault.CAMERA_STALLED, None, None]
    assert [watch.frame(now) for now in (9.5, 9.6)] == [Fault.CAMERA_BACK, None]


def test_a_lost_camera_is_tried_again_at_growing_intervals_and_given_up():
    """The camera is tried 1, 3, 7 and 15 seconds after its loss, and given up after the time in the settings."""
    watch = CameraWatch(SETTINGS, 0.0)
    assert not watch.should_reopen(0.0)
    assert watch.broken(0.0) is Fault.CAMERA_LOST
    tried = [tick / 10 for tick in range(200) if watch.should_reopen(tick / 10)]
    assert tried == [1.0, 3.0, 7.0, 15.0]
    assert [watch.gave_up(now) for now in (19.9, 20.0)] == [False, True]


def test_a_covered_camera_is_told_once_and_when_it_sees_again():
    """A view that is covered for less than ten seconds is no fault."""
    watch = CameraWatch(CameraSettings(covered_s=10.0), 0.0)
    assert [watch.frame(now, sees_nothing=True) for now in (1, 5)] == [None, None]
    assert watch.frame(6) is None
    told = [watch.frame(now, sees_nothing=True) for now in (7, 15, 16, 17)]
    assert told == [None, None, Fault.CAMERA_COVERED, None]
    assert [watch.frame(now) for now in (18, 19)] == [Fault.CAMERA_BACK, None]


def test_a_covered_camera_that_is_lost_comes_back_once():
    """A camera that is still covered after it has come back is reported again after ten seconds."""
    watch = CameraWatch(CameraSettings(covered_s=10.0), 0.0)
    assert watch.frame(10, sees_nothing=True) is Fault.CAMERA_COVERED
    assert watch.broken(11) is Fault.CAMERA_LOST
    told = [watch.frame(now, sees_nothing=True) for now in (12, 13, 21, 22)]
    assert told == [Fault.CAMERA_BACK, None, None, Fault.CAMERA_COVERED]
