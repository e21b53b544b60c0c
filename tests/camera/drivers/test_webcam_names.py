"""Webcams by number, by the names that udev gives, and by path."""

import re

import pytest

from assistant.camera.drivers.webcam import WebcamSource
from assistant.camera.drivers.webcam_names import named_webcams, webcam_number, webcams
from assistant.errors import CameraError


def test_a_missing_webcam_is_named():
    """The error names the device."""
    with pytest.raises(CameraError, match="there is no /dev/video93"):
        WebcamSource("93", 640, 480, 15).open()


@pytest.fixture
def devices(tmp_path):
    """Return a folder of devices: two nodes of webcams, with the names that udev gives them."""
    for name in ("video0", "video12", "video1000", "videos", "null"):
        (tmp_path / name).touch()
    for link, target in (("by-id/usb-Cam-index0", "video12"), ("by-path/usb-1.2", "video0"), ("by-id/gone", "video7")):
        (tmp_path / "v4l" / link).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "v4l" / link).symlink_to(f"../../{target}")
    (tmp_path / "v4l/by-id/odd").symlink_to("../../null")
    return tmp_path


def test_a_webcam_is_found_by_what_stays(devices):
    """A webcam is found by its number, by a name of udev, and by a path to either."""
    names = ("0", "12", "usb-Cam-index0", "usb-1.2", f"{devices}/v4l/by-id/usb-Cam-index0", f"{devices}/video0")
    assert [webcam_number(name, devices) for name in names] == [0, 12, 12, 0, 12, 0]
    assert webcams(devices) == [0, 12]
    assert list(named_webcams(devices)) == ["gone", "odd", "usb-Cam-index0", "usb-1.2"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("7", "there is no {devices}/video7; is it plugged in"),
        ("gone", "there is no {devices}/v4l/by-id/gone; is it plugged in"),
        ("front", "no webcam has this name; {devices}/v4l has gone, odd, usb-Cam-index0, usb-1.2"),
        ("odd", "{devices}/v4l/by-id/odd is not a webcam"),
        ("{devices}/null", "{devices}/null is not a webcam"),
        ("{devices}/none", "there is no {devices}/none"),
        ("..", "no webcam has this name"),
    ],
)
def test_a_webcam_that_is_not_there_is_named(devices, name, complaint):
    """The error names the webcam and lists those that exist."""
    with pytest.raises(CameraError, match=re.escape(complaint.format(devices=devices))):
        webcam_number(name.format(devices=devices), devices)
