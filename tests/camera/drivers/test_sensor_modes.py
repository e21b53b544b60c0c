"""Which mode of a sensor is chosen, among the modes of real sensors that were listed in public."""

import itertools
import logging

import pytest

from assistant.camera.drivers.sensor_modes import SensorMode, modes_of, widest

# size, bits, x, y, width and height of what is seen, pictures a second
LISTED = {
    # Camera Module 1: https://github.com/raspberrypi/linux/issues/5309
    "ov5647": [
        ((640, 480), 10, (16, 0, 2560, 1920), 58.92),
        ((1296, 972), 10, (0, 0, 2592, 1944), 43.25),
        ((1920, 1080), 10, (348, 434, 1928, 1080), 30.62),
        ((2592, 1944), 10, (0, 0, 2592, 1944), 15.63),
    ],
    # Camera Module 2: https://github.com/raspberrypi/picamera2/issues/683 and, of eight bits,
    # https://github.com/lit-robotics/libcamera-rs/pull/75
    "imx219": [
        ((640, 480), 10, (1000, 752, 1280, 960), 103.33),
        ((1640, 1232), 10, (0, 0, 3280, 2464), 41.85),
        ((1920, 1080), 10, (680, 692, 1920, 1080), 47.57),
        ((3280, 2464), 10, (0, 0, 3280, 2464), 21.19),
        ((640, 480), 8, (1000, 752, 1280, 960), 206.65),
        ((1640, 1232), 8, (0, 0, 3280, 2464), 83.70),
        ((1920, 1080), 8, (680, 692, 1920, 1080), 47.57),
        ((3280, 2464), 8, (0, 0, 3280, 2464), 21.19),
    ],
    # Camera Module 3: https://github.com/pollen-robotics/reachy_mini,
    # docs/platforms/reachy_mini/media_advanced_controls.md
    "imx708": [
        ((1536, 864), 10, (768, 432, 3072, 1728), 120.13),
        ((2304, 1296), 10, (0, 0, 4608, 2592), 56.03),
        ((4608, 2592), 10, (0, 0, 4608, 2592), 14.35),
    ],
    # High Quality Camera: https://github.com/raspberrypi/picamera2/issues/1358
    "imx477": [
        ((1332, 990), 10, (696, 528, 2664, 1980), 120.05),
        ((2028, 1080), 12, (0, 440, 4056, 2160), 50.03),
        ((2028, 1520), 12, (0, 0, 4056, 3040), 40.01),
        ((4056, 3040), 12, (0, 0, 4056, 3040), 10.0),
    ],
}
"""The Global Shutter Camera has but one mode."""


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("sensor", "size", "fps", "taken"),
    [
        ("ov5647", (640, 480), 15, ((1296, 972), 10)),
        ("imx219", (640, 480), 15, ((1640, 1232), 10)),
        ("imx708", (640, 480), 15, ((2304, 1296), 10)),
        ("imx477", (640, 480), 15, ((2028, 1520), 12)),
        ("imx219", (640, 480), 60, ((1640, 1232), 8)),  # fewer bits are faster
        ("imx219", (640, 480), 120, ((1640, 1232), 10)),  # none that sees all is as fast
        ("imx708", (640, 480), 90, ((2304, 1296), 10)),  # to see all counts more than the rate
        ("ov5647", (1920, 1080), 15, ((2592, 1944), 10)),  # no picture is made larger than it was taken
        ("imx219", (1920, 1080), 30, ((1640, 1232), 10)),  # but where it would be too slow
        ("imx708", (160, 120), 5, ((2304, 1296), 10)),
    ],
)
def test_all_is_seen_in_the_smallest_pictures_that_suffice(sensor, size, fps, taken, backwards):
    """The order in which the modes are listed does not matter."""
    modes = [SensorMode(size, bits, (crop[2], crop[3]), rate) for size, bits, crop, rate in LISTED[sensor]]
    mode = widest(reversed(modes) if backwards else modes, size, fps)
    assert (mode.size, mode.bit_depth) == taken


def test_of_no_modes_none_is_the_widest():
    """A camera other than the Pi's has no modes to choose from."""
    assert widest([], (640, 480), 15) is None


class Camera:
    """A stand-in for the parts of Picamera2 that are used; it knows the view and the rate of a mode once configured."""

    def __init__(self, listed, names="SRGGB{}_CSI2P", refused=()):
        self._raw_modes = [{"format": names.format(bits), "size": size} for size, bits, _, _ in listed]
        self._listed, self._refused = listed, refused
        self.configurations = []

    def configure(self, configuration):
        """Take the configuration, or refuse it as Picamera2 does."""
        self.configurations.append(configuration)
        wanted = configuration["sensor"]["output_size"], configuration["sensor"]["bit_depth"]
        if wanted[0] in self._refused:
            raise RuntimeError("Failed to configure camera: Invalid argument")
        crop, fps = next((crop, fps) for *which, crop, fps in self._listed if tuple(which) == wanted)
        shortest_us = round(1e6 / fps)
        self.camera_controls = {
            "ScalerCrop": ((0, 0, 64, 64), crop, crop),
            "FrameDurationLimits": (shortest_us, 11767556, 33333),
        }


@pytest.mark.parametrize("sensor", LISTED)
def test_a_cameras_modes_are_found_by_configuring_it(sensor):
    """Each size is tried once, with the most bits, and without a raw stream, for which a small Pi has no memory."""
    camera = Camera(LISTED[sensor])
    found = modes_of(camera, {"main": {"size": (640, 480)}, "raw": {}, "sensor": {}})
    deepest = [max(group, key=lambda mode: mode[1]) for group in by_size(LISTED[sensor])]
    assert [(mode.size, mode.bit_depth, mode.seen) for mode in found] == [
        (size, bits, crop[2:]) for size, bits, crop, _ in deepest
    ]
    assert [mode.fps for mode in found] == pytest.approx([fps for *_, fps in deepest], rel=0.01)
    assert all(each["raw"] is None and each["main"] == {"size": (640, 480)} for each in camera.configurations)


def by_size(listed):
    """Group the modes by their size, in the order of their sizes."""
    return [list(group) for _, group in itertools.groupby(sorted(listed), key=lambda mode: mode[0])]


@pytest.mark.parametrize("names", ["YUYV", "MJPEG", "NV12", "RGB565"])
def test_a_camera_without_raw_pictures_is_not_configured(names):
    """A webcam and libcamera's virtual camera have no modes."""
    camera = Camera(LISTED["imx219"], names=names)
    assert modes_of(camera, {}) == []
    assert camera.configurations == []


def test_an_old_picamera2_has_no_modes():
    """Picamera2 before 0.3.13 takes no modes."""
    assert modes_of(object(), {}) == []


def test_a_camera_that_does_not_tell_its_view_has_no_modes():
    """A gray webcam also calls its pictures raw, but has no modes."""
    camera = Camera(LISTED["ov5647"][:1], names="R{}")
    camera.configure = lambda _: setattr(camera, "camera_controls", {"Brightness": (0, 1, 0)})
    assert modes_of(camera, {}) == []


def test_a_mode_that_is_refused_is_left_out(caplog):
    """The other modes are used, and the log names the refused one."""
    camera = Camera(LISTED["imx708"], refused=[(2304, 1296)])
    with caplog.at_level(logging.WARNING):
        found = modes_of(camera, {})
    assert [mode.size for mode in found] == [(1536, 864), (4608, 2592)]
    assert caplog.messages == [
        "the camera's sensor mode 2304x1296 cannot be used: Failed to configure camera: Invalid argument"
    ]


def test_the_mode_is_asked_for_by_its_size_and_bits():
    """The rest of the configuration stays, and there is no raw stream."""
    mode = SensorMode((2304, 1296), 10, (4608, 2592), 56.03)
    assert mode.asked_for({"main": {"size": (640, 480)}, "raw": {"size": (640, 480)}}) == {
        "main": {"size": (640, 480)},
        "raw": None,
        "sensor": {"output_size": (2304, 1296), "bit_depth": 10},
    }
