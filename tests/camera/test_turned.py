"""A camera that is mounted on its side or upside down."""

import tomllib

import cv2
import numpy as np
import pytest

from assistant.app.configuration.settings import parse_settings
from assistant.camera.drivers.recording import ReplaySource
from assistant.camera.turned import TurnedSource
from assistant.errors import ConfigError
from assistant.pictures.turning import Turn

pytestmark = pytest.mark.runtime


def test_a_turned_camera_stands_upright(folder):
    """A camera on its side, upside down or behind a mirror gives the whole frame, upright, at its own time."""
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    cv2.imwrite(str(folder / "0.png"), pixels)
    turned = {
        Turn(90): np.rot90(pixels, -1),
        Turn(180): np.rot90(pixels, 2),
        Turn(270): np.rot90(pixels),
        Turn(0, mirror=True): np.fliplr(pixels),
        Turn(90, mirror=True): np.fliplr(np.rot90(pixels, -1)),
    }
    for turn, expected in turned.items():
        source = TurnedSource(ReplaySource(folder), turn)
        source.open()
        assert source.wait() == 0.0
        assert np.array_equal(source.grab().gray, expected)
        assert [source.grab().t_s for _ in range(4)] == pytest.approx([0.1, 0.2, 0.3, 0.4])
        assert source.grab() is None


@pytest.mark.parametrize("turn", ["45", "-90", "360", "90.0", '"90"', "true"])
def test_no_camera_is_turned_by_another_angle(turn):
    """The settings allow four angles, as whole numbers."""
    with pytest.raises(ConfigError, match="allowed is 0 or 90 or 180 or 270"):
        parse_settings(tomllib.loads(f"camera.turn_deg = {turn}"))
