"""The names of cameras, and which camera each of them opens."""

import pytest

from assistant.camera.choose import camera_opener, upright_source
from assistant.camera.drivers.auto import AutoSource
from assistant.camera.drivers.picamera import PicameraSource
from assistant.camera.drivers.webcam import WebcamSource
from assistant.camera.registry import parse_camera
from assistant.camera.settings import CameraSettings
from assistant.camera.turned import TurnedSource
from assistant.errors import CameraError, ConfigError

NO_CAMERAS = (
    *("front", "webcam:", "webcam:1000", f"webcam:{'9' * 5000}", f"webcam:{'x' * 256}", "webcam:\x1b[2J"),
    *("webcam:\u0663", "replay:", "replay", "simulated:", "auto:1", ""),
)


@pytest.mark.parametrize("name", NO_CAMERAS, ids=lambda name: ascii(name)[:20])
def test_a_name_that_is_no_camera_is_refused(name):
    """The error lists the names that are allowed, and is short even for a very long name."""
    with pytest.raises(ConfigError, match="allowed is auto, picamera") as caught:
        parse_camera(name)
    assert len(str(caught.value)) < 250


def test_a_real_camera_is_never_simulated():
    """`auto` chooses among real cameras only; where there is none, it raises an error."""
    source = AutoSource(CameraSettings(), 15)
    assert {type(each) for each in source._candidates()} <= {PicameraSource, WebcamSource}
    if not source._candidates():
        with pytest.raises(CameraError, match="no camera is found"):
            source.open()


@pytest.mark.parametrize("name", ["auto", "picamera", "webcam", "webcam:3", "webcam:usb-Some_Camera-video-index0"])
def test_every_real_camera_is_turned_as_it_is_mounted(name):
    """Every real camera is turned by the settings, and a recording or a simulation is not."""
    mounted = CameraSettings(turn_deg=180, mirror=True)
    assert isinstance(upright_source(parse_camera(name), mounted, None), TurnedSource)
    assert not isinstance(upright_source(parse_camera(name), CameraSettings(), None), TurnedSource)
    for recorded in ("simulated", "replay:talk.mp4"):
        assert not isinstance(upright_source(parse_camera(recorded), mounted, None), TurnedSource)


def test_a_real_camera_cannot_be_fast():
    """`--fast` is refused for a real camera, which has one speed only."""
    with pytest.raises(ConfigError, match="--fast"):
        camera_opener("webcam:0", CameraSettings(), None, fast=True)
