"""How much of its sensor a camera shows: the angles that docs/headset.md gives for the Pi's cameras."""

from types import SimpleNamespace

import pytest

from assistant.camera.drivers.sensor_view import LENS_DEG, angle_deg, told_view


@pytest.mark.parametrize(
    ("sensor", "size", "crop", "array_px", "expected_deg"),
    [
        ("imx708", (640, 480), (4608, 2592), 4608, 52.0),
        ("imx708", (640, 480), (3072, 1728), 4608, 36.0),
        ("imx708", (640, 360), (4608, 2592), 4608, 66.0),
        ("imx219", (640, 480), (3280, 2464), 3280, 62.2),
        ("imx219", (640, 480), (1280, 960), 3280, 26.5),
    ],
)
def test_the_angle_of_a_frame(sensor, size, crop, array_px, expected_deg):
    """A frame that is narrower in shape than the sensor loses its sides too."""
    assert angle_deg(LENS_DEG[sensor], size, crop, array_px) == pytest.approx(expected_deg, abs=0.3)


def camera(crop, **properties):
    """Return a stand-in with these properties, in a mode that shows this part."""
    controls = {"ScalerCrop": ((0, 0, 64, 64), crop, crop)} if crop else {}
    return SimpleNamespace(camera_controls=controls, camera_properties=properties)


@pytest.mark.parametrize(
    ("model", "crop", "view_deg", "advice"),
    [
        ("imx219", (0, 0, 3280, 2464), 52.0, ""),
        ("imx219", (1000, 752, 1280, 960), 52.0, "set view_deg = 26.5"),
        ("imx219", (1000, 752, 1280, 960), 26.0, "not seen"),
        ("another", (1000, 752, 1280, 960), 26.0, "set view_deg under [camera] to the angle that is left"),
    ],
)
def test_what_to_set_is_said_where_it_is_known(model, crop, view_deg, advice):
    """A setting that fits already is not asked for again."""
    words = told_view(camera(crop, Model=model, PixelArraySize=(3280, 2464)), (640, 480), view_deg)
    assert words.startswith("the mode shows ")
    assert advice in words
    assert ("set view_deg" in words) == advice.startswith("set")
    assert ("not seen" in words) == bool(advice)


def test_a_camera_that_does_not_say_what_it_shows_has_no_view():
    """Libcamera's virtual camera and webcams are such."""
    assert told_view(camera(None, PixelArraySize=(8, 8)), (640, 480), 52.0) == ""
    assert told_view(camera((0, 0, 8, 8), PixelArraySize=(0, 0)), (640, 480), 52.0) == ""
    assert told_view(SimpleNamespace(camera_controls={"ScalerCrop": (0, (0, 0, 1, 1), 0)}), (640, 480), 52.0) == ""
