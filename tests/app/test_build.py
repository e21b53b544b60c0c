"""What the service is built of, by its settings and the camera."""

import pytest

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import parse_settings
from assistant.outputs.drivers.camera_light import CameraLight

pytestmark = pytest.mark.runtime

PINS = {"light": {"gpio": 23}}


@pytest.mark.parametrize(
    ("camera", "expected"), [("webcam", [CameraLight]), ("simulated", []), ("replay:talk.mp4", [])]
)
def test_only_a_real_camera_has_outputs_on_pins(pins, tmp_path, monkeypatch, camera, expected):
    """A light is built for a real camera; a demonstration or a recording sees nobody, and takes no pin."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    components = build_components(RunOptions(camera=camera, voice="none"), parse_settings(PINS))
    assert [type(each) for each in components.sinks] == expected
    for each in (*components.sinks, components.command_handler, components.battery):
        each.close()
    components.voice.speaker.close(finish=False)
