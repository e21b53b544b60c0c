"""Imitates a camera: its blur, light, noise and compression; and decides whether a face is still visible after that."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from quantize.finder.data.faces import FloatArray, Gray
from quantize.finder.frames.pieces import Random

MIN_INSIDE = 0.55
"""A face is visible only if at least this share of its box lies inside the picture."""

MIN_CONTRAST = 1.2
"""A face is visible only if its gray levels have a standard deviation above this."""

MIN_OVER_NOISE = 0.5
"""A face is visible only if its contrast is above this share of the noise; for 144 pixels, a small face needs more."""


def photographed(view: FloatArray, noise: FloatArray, rng: Random) -> Gray:
    """Return the view [height, width] as a camera would give it.

    `noise` has the standard deviation 1 and is at least as large as the view.
    """
    picture: Any = np.clip(_blurred(view, rng), 0, 255)
    light = 1.0
    if rng.random() < 0.55:
        light = math.exp(rng.uniform(math.log(0.05), 0.0)) if rng.random() < 0.75 else rng.uniform(1.0, 1.8)
    if rng.random() < 0.5:
        picture = 255 * (picture / 255) ** np.float32(math.exp(rng.uniform(-0.5, 0.5)))
    levels = math.exp(rng.uniform(math.log(0.3), math.log(3 if light < 0.3 else 8)))
    around = noise[: view.shape[0], : view.shape[1]]
    photo: Gray = np.clip(picture * np.float32(light) + np.float32(levels) * around + 0.5, 0, 255).astype(np.uint8)
    if rng.random() < 0.12:
        stored = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])[1]
        photo = np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint8)
    return photo


def is_visible(photo: Gray, row: FloatArray) -> bool:
    """Return whether a person could see the face of this row in the camera's picture, uint8 [height, width].

    A face that is half cut off, too dark or lost in noise would teach the network that dark or noisy places are faces.
    """
    if _share_inside(photo, row) < MIN_INSIDE:
        return False
    x, y = row[5::2].mean(), row[6::2].mean()
    reach = 0.33 * row[3]
    part = photo[max(0, int(y - reach)) : int(y + reach) + 1, max(0, int(x - reach)) : int(x + reach) + 1]
    if min(part.shape) < 3:
        return False
    gray = part.astype(np.float32)
    fine = np.abs(gray[1:, 1:] + gray[:-1, :-1] - gray[1:, :-1] - gray[:-1, 1:])
    noise = float(np.median(fine)) / (2 * 0.6745)  # the standard deviation, if the noise is normal
    contrast = math.sqrt(max(float(gray.var()) - noise**2, 0.0))
    return bool(contrast > max(MIN_CONTRAST, MIN_OVER_NOISE * noise * 3 / math.sqrt(row[3] / 16)))


def _share_inside(photo: Gray, row: FloatArray) -> float:
    (height, width), (x, y, wide, tall) = photo.shape, (float(each) for each in row[1:5])
    across = min(x + wide / 2, width) - max(x - wide / 2, 0.0)
    down = min(y + tall / 2, height) - max(y - tall / 2, 0.0)
    return float(max(across, 0.0) * max(down, 0.0) / max(wide * tall, 1.0))


def _blurred(view: FloatArray, rng: Random) -> Any:
    """Return the view out of focus, or blurred by motion in one direction, or unchanged."""
    if rng.random() < 0.3:
        return cv2.GaussianBlur(view, (0, 0), rng.uniform(0.3, 1.3))
    if rng.random() < 0.1:
        length = int(rng.integers(2, 7))
        line = np.zeros((length, length), np.float32)
        line[length // 2] = 1 / length
        turn = cv2.getRotationMatrix2D(((length - 1) / 2,) * 2, rng.uniform(0, 180), 1)
        kernel = np.asarray(cv2.warpAffine(line, turn, (length, length)), np.float32)
        return cv2.filter2D(view, -1, np.asarray(kernel / max(float(kernel.sum()), 1e-3), np.float32))
    return view
