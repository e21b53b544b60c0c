"""How much of its sensor a Raspberry Pi camera shows, and which angle that leaves."""

from __future__ import annotations

import logging
import math
from typing import Any

NEARLY_ALL = 0.9
"""From this share of the sensor's width on, the mode shows what the lens shows."""

CLOSE_DEG = 3.0
"""A `camera.view_deg` that differs by no more than this is near enough."""

LENS_DEG = {"ov5647": 53.5, "imx219": 62.2, "imx708": 66.0, "imx708_wide": 102.0}
"""The angle of the whole sensor's width, by the sensor's name (raspberrypi.com, camera documentation, hardware)."""

logger = logging.getLogger(__name__)


def told_view(camera: Any, size: tuple[int, int], view_deg: float) -> str:
    """Log and return what the frames of an open Picamera2 show, and what to set; empty where it does not say so.

    `size` is that of the frames in pixels, and `view_deg` is the setting.
    """
    crop = camera.camera_controls.get("ScalerCrop")
    properties = getattr(camera, "camera_properties", {})
    array = properties.get("PixelArraySize")
    if not crop or not array or not all(array):
        return ""
    _, (_, _, width, height), _ = crop
    words = f"the mode shows {width / array[0]:.0%} of the sensor's width and {height / array[1]:.0%} of its height"
    if width / array[0] >= NEARLY_ALL:
        logger.info("%s", words)
        return words
    lens_deg = LENS_DEG.get(str(properties.get("Model")))
    left_deg = None if lens_deg is None else angle_deg(lens_deg, size, (width, height), array[0])
    words += f", so people at the sides are not seen{_advice(left_deg, view_deg)}"
    logger.warning("%s", words)
    return words


def _advice(left_deg: float | None, view_deg: float) -> str:
    """Return what `camera.view_deg` should be; empty when it is near enough."""
    if left_deg is None:
        return "; set view_deg under [camera] to the angle that is left, since distances are calculated from it"
    if abs(left_deg - view_deg) <= CLOSE_DEG:
        return ""
    return f"; set view_deg = {left_deg:.1f} under [camera], since distances are calculated from it"


def angle_deg(lens_deg: float, size: tuple[int, int], crop: tuple[int, int], array_width: int) -> float:
    """Return the angle of a frame's width, whose sides are cut off where the mode's part of the sensor is wider."""
    seen = min(crop[0], crop[1] * size[0] / size[1]) / array_width
    return 2 * math.degrees(math.atan(seen * math.tan(math.radians(lens_deg) / 2)))
