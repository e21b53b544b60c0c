"""Chooses the mode in which a camera's sensor is read out: one that shows all that the lens shows.

For a small picture, libcamera would choose the mode of the nearest size, which some sensors cut from their middle.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import CameraError

RAW_FORMAT = re.compile(r"(?:S[RGB]{4}|R)(\d+)")
"""Matches libcamera's names of raw pictures, such as SRGGB10_CSI2P or R8; the group is the bits of a pixel."""

UNUSABLE = (RuntimeError, OSError, LookupError, TypeError, ValueError, AttributeError)
"""What Picamera2 raises while it configures, reads or starts a mode (the numbers are issues of raspberrypi/picamera2).

RuntimeError: the driver offers the mode and then refuses it (#963). OSError: there is too little memory, as on a Zero
2 W with Raspberry Pi OS 13 (#1358, #1404). The others: the driver leaves out limits (#485), or libcamera has no
configuration for the streams that are asked for.
"""


FEW_BUFFERS = 3
"""So many frames are kept by the camera where memory is short, instead of six (raspberrypi/picamera2#972)."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SensorMode:
    """One way to read a sensor out."""

    size: tuple[int, int]
    """Width and height of the pictures, in pixels."""

    bit_depth: int
    seen: tuple[int, int]
    """Width and height of the part of the sensor that the pictures show, in the sensor's pixels."""

    fps: float
    """The highest frame rate."""

    def asked_for(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Return Picamera2's configuration with this mode, and without the raw stream, whose memory nobody needs."""
        return _in_mode(configuration, self.size, self.bit_depth)


def widest(modes: Iterable[SensorMode], size: tuple[int, int], fps: float) -> SensorMode | None:
    """Return the mode that shows most; of several, the smallest that is fast enough and not smaller than `size`."""

    def rank(mode: SensorMode) -> tuple[int, bool, bool, int, int]:
        too_small = mode.size[0] < size[0] or mode.size[1] < size[1]
        return -_area(mode.seen), mode.fps < fps, too_small, _area(mode.size), -mode.bit_depth

    return min(modes, key=rank, default=None)


def configurations(mode: SensorMode | None, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the configurations to try: this mode, then the mode that Picamera2 chooses, with less and less memory."""
    if mode is not None:
        yield mode.asked_for(asked)
    yield dict(asked)
    yield {**asked, "raw": None}
    yield {**asked, "raw": None, "buffer_count": FEW_BUFFERS}


def start_first(start: Callable[[dict[str, Any]], None], wanted: Iterable[dict[str, Any]]) -> None:
    """Start with the first of the configurations that works; when none works, raise the first one's error."""
    failure: Exception | None = None
    for each in wanted:
        try:
            return start(each)
        except CameraError:
            raise
        except UNUSABLE as error:
            logger.warning("the camera does not start with the sensor's mode %s: %s", each["sensor"] or "auto", error)
            failure = failure or error.with_traceback(None)
    raise failure or CameraError("there is no configuration for the camera")


def modes_of(camera: Any, configuration: Mapping[str, Any]) -> list[SensorMode]:
    """Return the modes of a Picamera2's sensor, after configuring it for each; empty where the camera names none.

    `Picamera2.sensor_modes` wants memory for raw pictures too, which a Zero 2 W lacks (raspberrypi/picamera2#1358).
    """
    found = [_tried(camera, configuration, *each) for each in _sizes(getattr(camera, "_raw_modes", [])).items()]
    return [mode for mode in found if mode is not None]


def _sizes(raw_modes: Iterable[Mapping[str, Any]]) -> dict[tuple[int, int], int]:
    """Return the sensor's sizes, each with its most bits a pixel: fewer would be faster, but these are fast enough."""
    sizes: dict[tuple[int, int], int] = {}
    for mode in raw_modes:
        raw = RAW_FORMAT.match(str(mode["format"]))
        if raw:
            sizes[mode["size"]] = max(int(raw[1]), sizes.get(mode["size"], 0))
    return sizes


def _tried(camera: Any, configuration: Mapping[str, Any], size: tuple[int, int], bit_depth: int) -> SensorMode | None:
    try:
        camera.configure(_in_mode(configuration, size, bit_depth))
        controls = camera.camera_controls
        if not {"ScalerCrop", "FrameDurationLimits"} <= controls.keys():
            return None
        _, crop, _ = controls["ScalerCrop"]
        return SensorMode(size, bit_depth, crop[2:], 1e6 / controls["FrameDurationLimits"][0])
    except UNUSABLE as error:
        logger.warning("the camera's sensor mode %dx%d cannot be used: %s", *size, error)
        return None


def _in_mode(configuration: Mapping[str, Any], size: tuple[int, int], bit_depth: int) -> dict[str, Any]:
    return {**configuration, "raw": None, "sensor": {"output_size": size, "bit_depth": bit_depth}}


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
