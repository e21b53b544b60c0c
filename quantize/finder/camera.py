"""What a camera makes of a view: its blur, its light, its noise, its compression."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from quantize.finder.pieces import FloatArray, Gray, Random


def photographed(view: FloatArray, noise: FloatArray, rng: Random) -> Gray:
    """The view [height, width] as a camera gives it; `noise` has the deviation 1 and is as large or larger."""
    picture: Any = np.clip(_blurred(view, rng), 0, 255)
    light = 1.0
    if rng.random() < 0.55:
        light = math.exp(rng.uniform(math.log(0.05), 0.0)) if rng.random() < 0.75 else rng.uniform(1.0, 1.8)
    if rng.random() < 0.5:
        picture = 255 * (picture / 255) ** np.float32(math.exp(rng.uniform(-0.5, 0.5)))
    levels = math.exp(rng.uniform(math.log(0.3), math.log(3 if light < 0.3 else 8)))
    around = noise[: view.shape[0], : view.shape[1]]
    seen: Gray = np.clip(picture * np.float32(light) + np.float32(levels) * around + 0.5, 0, 255).astype(np.uint8)
    if rng.random() < 0.12:
        stored = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])[1]
        seen = np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint8)
    return seen


LEAST_INSIDE = 0.55
"""Of a face's box."""

LEAST_CONTRAST = 1.2
"""Gray levels by which a face must deviate from its mean."""

LEAST_OVER_NOISE = 0.5
"""By how much a face must stand out of the noise, as a share of it and for 144 pixels; a small face needs more."""


def is_visible(seen: Gray, row: FloatArray) -> bool:
    """Whether a person could see the face of this row: not half cut off, not too dark, not lost in noise.

    `seen` is the camera's picture, uint8 [height, width]. A face that nobody could see would teach the network that
    dark or noisy places are faces.
    """
    if _share_inside(seen, row) < LEAST_INSIDE:
        return False
    x, y = row[5::2].mean(), row[6::2].mean()
    reach = 0.33 * row[3]
    part = seen[max(0, int(y - reach)) : int(y + reach) + 1, max(0, int(x - reach)) : int(x + reach) + 1]
    if min(part.shape) < 3:
        return False
    gray = part.astype(np.float32)
    fine = np.abs(gray[1:, 1:] + gray[:-1, :-1] - gray[1:, :-1] - gray[:-1, 1:])
    noise = float(np.median(fine)) / (2 * 0.6745)  # of normal noise
    contrast = math.sqrt(max(float(gray.var()) - noise**2, 0.0))
    return bool(contrast > max(LEAST_CONTRAST, LEAST_OVER_NOISE * noise * 3 / math.sqrt(row[3] / 16)))


def _share_inside(seen: Gray, row: FloatArray) -> float:
    (height, width), (x, y, wide, tall) = seen.shape, (float(each) for each in row[1:5])
    across = min(x + wide / 2, width) - max(x - wide / 2, 0.0)
    down = min(y + tall / 2, height) - max(y - tall / 2, 0.0)
    return float(max(across, 0.0) * max(down, 0.0) / max(wide * tall, 1.0))


def _blurred(view: FloatArray, rng: Random) -> Any:
    """Out of focus, or moved in one direction, or neither."""
    if rng.random() < 0.3:
        return cv2.GaussianBlur(view, (0, 0), rng.uniform(0.3, 1.3))
    if rng.random() < 0.1:
        length = int(rng.integers(2, 7))
        line = np.zeros((length, length), np.float32)
        line[length // 2] = 1 / length
        turn = cv2.getRotationMatrix2D(((length - 1) / 2,) * 2, rng.uniform(0, 180), 1)
        way = np.asarray(cv2.warpAffine(line, turn, (length, length)), np.float32)
        return cv2.filter2D(view, -1, np.asarray(way / max(float(way.sum()), 1e-3), np.float32))
    return view
