"""Makes pictures smaller, faces above all."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]


def shrunk(picture: Gray, size: tuple[int, int]) -> Gray:
    """Return a picture [height, width] in a smaller size (width, height): each pixel is the mean of those it covers.

    The picture is halved as often as possible, because OpenCV does that much faster than any other step. The last row
    and the last column of an odd size are left out.
    """
    while picture.shape[1] >= 2 * size[0] and picture.shape[0] >= 2 * size[1]:
        height, width = picture.shape[0] // 2, picture.shape[1] // 2
        halved = cv2.resize(picture[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
        picture = np.asarray(halved, np.uint8)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
