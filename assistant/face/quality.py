"""Whether a picture of a face is good enough to be classified, and if not, why."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.reject_reason import RejectReason

Gray = npt.NDArray[np.uint8]


# Measured on the validation part (FER-2013's labels, sensor noise of 2 gray levels): beyond these limits the model is
# right on fewer than 55% of the faces. benchmarks/quality.py repeats it.
MIN_WIDTH_PX = 18
"""A face narrower than this is not classified, because it would have to be enlarged from too few pixels."""

MIN_MEAN, MAX_MEAN = 11.0, 200.0
"""A face whose mean gray level lies outside of these is not classified."""

MIN_DEVIATION = 4.5
"""A face whose gray levels have a smaller standard deviation is not classified, because the noise hides it."""

MIN_SHARPNESS = 0.088
"""A face with a lower `sharpness` is not classified."""

MAX_YAW_DEG = 50.0
"""A head that is turned further than this to either side shows too little of its face."""

GAUSSIAN_PX = 1.0
"""Standard deviation of the filter; finer detail is as often the sensor's noise as it is the face's."""

SMALLEST_PX = 3
"""A picture whose sides are shorter has no middle to look at."""

LEAST_WEIGHT = 0.2
"""The weight of a face that is just sharp enough: its emotion is right little more often than not."""


def reject_reason(width_px: int, face: Gray, sharp: float, *, yaw_deg: float = 0.0) -> RejectReason | None:
    """Return why a face that is `width_px` wide in its frame is not classified; None where it is.

    `face` is the upright crop, uint8 [height, width], at the size that the model takes, `sharp` is its sharpness, and
    `yaw_deg` is how far the head is turned to a side.
    """
    if width_px < MIN_WIDTH_PX or face.size == 0:
        return RejectReason.TOO_SMALL
    mean, deviation = _mean_and_deviation(face)
    if mean < MIN_MEAN:
        return RejectReason.TOO_DARK
    if mean > MAX_MEAN:
        return RejectReason.TOO_BRIGHT
    if deviation < MIN_DEVIATION:
        return RejectReason.TOO_FLAT
    if abs(yaw_deg) > MAX_YAW_DEG:
        return RejectReason.TURNED_AWAY
    return RejectReason.BLURRED if sharp < MIN_SHARPNESS else None


def weight(sharp: float, not_a_face: float) -> float:
    """Return how much a face's scores count beside those of other frames, 0 to 1.

    They count more where the face is sharp, and where the probability `not_a_face` is low.
    """
    return max(LEAST_WEIGHT, min(1.0, sharp / MIN_SHARPNESS - 1.0)) * (1.0 - not_a_face)


def sharpness(face: Gray) -> float:
    """Return how fine the detail of `face`, uint8 [height, width], is, independent of its contrast.

    It is the standard deviation of the Laplacian of Gaussian, after the picture is brought to the deviation 1:
    D. Marr and E. Hildreth, "Theory of edge detection", 1980.
    """
    if min(face.shape) < SMALLEST_PX:
        return 0.0
    smooth = cv2.GaussianBlur(face.astype(np.float32), (0, 0), GAUSSIAN_PX, borderType=cv2.BORDER_REPLICATE)
    detail = cv2.Laplacian(smooth, cv2.CV_32F)[1:-1, 1:-1]
    return _mean_and_deviation(detail)[1] / max(_mean_and_deviation(face)[1], 1.0)


def _mean_and_deviation(picture: npt.NDArray[np.generic]) -> tuple[float, float]:
    mean, deviation = cv2.meanStdDev(np.asarray(picture))
    return float(mean[0, 0]), float(deviation[0, 0])
