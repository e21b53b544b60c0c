"""From a picture of a face to the numbers that the network is given: the only copy of these steps.

The headset, the training and the evaluation all call `face_to_input`, so that the network meets at run time
the kind of picture that it learned from.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

INPUT_SIZE_PX = 48
"""Width and height of FER-2013's pictures."""

MIN_DEVIATION = 8.0
"""Gray levels; a flatter picture than this is noise, which must not be blown up to full contrast."""

CLIP = 3.0
"""Standard deviations kept on either side of the mean; it bounds the range that int8 has to share out."""

NORMALISATION = f"gray, area-resized, (pixel - mean) / max(deviation, {MIN_DEVIATION:g}), clipped to +-{CLIP:g}"
"""What the model card says of these steps; a model trained with others is refused."""

Gray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]


def standardise(faces: npt.NDArray[np.generic]) -> FloatArray:
    """Give each picture of [..., height, width] the mean 0 and the deviation 1, as float32 of the same shape.

    Exposure and contrast differ more between a camera and FER-2013 than between two emotions.
    """
    pixels = faces.astype(np.float32)
    mean = pixels.mean(axis=(-2, -1), keepdims=True)
    deviation = pixels.std(axis=(-2, -1), keepdims=True)
    scaled = (pixels - mean) / np.maximum(deviation, np.float32(MIN_DEVIATION))
    clipped: FloatArray = np.clip(scaled, -CLIP, CLIP).astype(np.float32, copy=False)
    return clipped


def resize_face(face: Gray, size_px: int = INPUT_SIZE_PX) -> Gray:
    """Bring a gray picture [height, width] to [size_px, size_px]."""
    if face.shape == (size_px, size_px):
        return face
    shrinking = min(face.shape) >= size_px
    resized = cv2.resize(face, (size_px, size_px), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR)
    return np.asarray(resized, dtype=np.uint8)


def face_to_input(face: Gray, size_px: int = INPUT_SIZE_PX) -> FloatArray:
    """Turn a gray picture of a face [height, width] into the network's input [size_px, size_px, 1]."""
    return standardise(resize_face(face, size_px))[..., np.newaxis]
