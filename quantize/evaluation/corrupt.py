"""Corrupts pictures as a headset's camera does: dark, bright, blurred, turned, shifted, small, noisy, covered faces.

This is after D. Hendrycks and T. Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions", ICLR 2019.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from quantize.data.samples import Gray, Samples

Changed = npt.NDArray[np.uint8] | npt.NDArray[np.float64]
Corruption = Callable[[Gray, np.random.Generator], Changed]


def _moved(picture: Gray, turn_deg: float, right: float) -> Gray:
    size = picture.shape[0]
    matrix = cv2.getRotationMatrix2D(((size - 1) / 2, (size - 1) / 2), turn_deg, 1.0)
    matrix[0, 2] += right * size
    return np.asarray(cv2.warpAffine(picture, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


def _small(picture: Gray, _: np.random.Generator) -> Gray:
    small = cv2.resize(picture, (24, 24), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, picture.shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _covered(picture: Gray, rng: np.random.Generator) -> Gray:
    covered, size = picture.copy(), picture.shape[0]
    top, left = rng.integers(0, size - size // 3 + 1, 2)
    covered[top : top + size // 3, left : left + size // 3] = 128
    return covered


CORRUPTIONS: dict[str, Corruption] = {
    "dark": lambda picture, rng: 0.3 * picture + rng.normal(0, 2, picture.shape),
    "bright": lambda picture, rng: 1.6 * picture + rng.normal(0, 2, picture.shape),
    "blurred": lambda picture, _: np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), dtype=np.uint8),
    "turned 15 degrees": lambda picture, rng: _moved(picture, 15.0 * rng.choice((-1, 1)), 0.0),
    "box shifted by a tenth": lambda picture, rng: _moved(picture, 0.0, 0.1 * rng.choice((-1, 1))),
    "24 pixels wide": _small,
    "noisy": lambda picture, rng: picture + rng.normal(0, 15, picture.shape),
    "a ninth covered": _covered,
}


def corrupted(samples: Samples, name: str, seed: int) -> Samples:
    """Return the samples with each picture changed by the corruption of this name; `seed` decides what is drawn."""
    rng = np.random.default_rng(seed)
    changed = [np.clip(np.round(CORRUPTIONS[name](picture, rng)), 0, 255) for picture in samples.pixels]
    return Samples(np.stack(changed).astype(np.uint8), samples.labels, samples.row)
