"""The photographs that come with scikit-image, and which of them show no people."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import cv2
import numpy as np

from assistant.pictures.reading import Gray

WITHOUT_PEOPLE = (
    "brick",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "chelsea",
    "clock",
    "hubble_deep_field",
    "moon",
    "rocket",
)
"""None of these photographs was used in training."""


def gray_photograph(name: str) -> Gray:
    """Return one of scikit-image's photographs in gray; exit when scikit-image is not installed."""
    try:
        from skimage import data
    except ImportError:
        sys.exit("scikit-image is missing: run this benchmark with .venv-dev/bin/python, which script/test makes")
    picture = np.asarray(getattr(data, name)())
    return np.asarray(picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def scenes_without_people() -> Iterator[Gray]:
    """Yield each photograph without people eight times: in all four quarter turns, as it is and as a negative."""
    for gray in map(gray_photograph, WITHOUT_PEOPLE):
        for turned in (np.rot90(gray, quarter) for quarter in range(4)):
            for scene in (turned, 255 - turned):
                yield np.ascontiguousarray(scene, dtype=np.uint8)
