"""A picture of a face in the middle of a frame of 640x480."""

from __future__ import annotations

import cv2
import numpy as np

from assistant.pictures.reading import Gray

FRAME_WIDTH, FRAME_HEIGHT = 640, 480


def framed(picture: Gray, size_px: int, enlarge_by: int = cv2.INTER_CUBIC) -> tuple[Gray, tuple[int, int]]:
    """Scale a square picture to `size_px` and continue its edges to fill a frame.

    Args:
        picture: A square picture, [height, width].
        size_px: The side that the picture has in the frame.
        enlarge_by: OpenCV's interpolation for a picture that grows; one that shrinks is averaged.

    Returns:
        The frame, [480, 640], and the x and y of the picture's upper left corner in it.
    """
    method = cv2.INTER_AREA if size_px < picture.shape[1] else enlarge_by
    scaled = cv2.resize(picture, (size_px, size_px), interpolation=method)
    left, top = (FRAME_WIDTH - size_px) // 2, (FRAME_HEIGHT - size_px) // 2
    right, bottom = FRAME_WIDTH - size_px - left, FRAME_HEIGHT - size_px - top
    frame = cv2.copyMakeBorder(scaled, top, bottom, left, right, cv2.BORDER_REPLICATE)
    return np.asarray(frame, np.uint8), (left, top)
