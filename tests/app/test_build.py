"""What the service is built of, by its settings and the camera."""

import pytest

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import parse_settings
from assistant.outputs.drivers.camera_light import CameraLight
from assistant.outputs.drivers.motors import Motors
from assistant.outputs.haptics import NoHaptics

pytestmark = pytest.mark.runtime

PINS = {"light": {"gpio": 23}, "haptics": {"left_gpio": 5}}


@pytest.mark.parametrize(
    ("camera", "expected"),
    [("webcam", [CameraLight, Motors]), ("simulated", [Motors]), ("replay:talk.mp4", [NoHaptics])],
)
def test_what_takes_the_pins_of_the_settings(pins, tmp_path, monkeypatch, camera, expected):
    """A light needs a real camera, since a demonstration sees nobody; motors are felt in a demonstration too."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    components = build_components(RunOptions(camera=camera, voice="none"), parse_settings(PINS))
    assert [type(each) for each in (*components.sinks, components.haptics)] == expected
    for each in (*components.sinks, components.haptics, components.command_handler, components.battery):
        each.close()
    components.voice.speaker.close(finish=False)
