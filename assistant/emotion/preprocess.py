"""Turns a picture of a face into the numbers that the network is given; these steps exist only here.

The headset, the training and the evaluation all call `face_to_input`, so that the network is given the same kind of
picture as it has learned from.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.shrinking import shrunk
from assistant.geometry import BoundingBox

INPUT_SIZE_PX = 48
"""Width and height of FER-2013's pictures."""

MIN_DEVIATION = 8.0
"""Gray levels; a picture with a smaller standard deviation is noise, which must not be given full contrast."""

CLIP = 3.0
"""Pixels are clipped at this many standard deviations from the mean, because int8 has few steps for the whole range."""

NORMALISATION = f"gray, area-resized, (pixel - mean) / max(deviation, {MIN_DEVIATION:g}), clipped to +-{CLIP:g}"
"""What the model card says of these steps; a model trained with others is refused."""

Gray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]


def standardise(faces: npt.NDArray[np.generic]) -> FloatArray:
    """Return pictures [..., height, width], each brought to the mean 0 and the deviation 1, float32 of the same shape.

    Exposure and contrast differ more between a camera and FER-2013 than between two emotions.
    """
    pixels = faces.astype(np.float32)
    mean = pixels.mean(axis=(-2, -1), keepdims=True)
    deviation = pixels.std(axis=(-2, -1), keepdims=True)
    scaled = (pixels - mean) / np.maximum(deviation, np.float32(MIN_DEVIATION))
    clipped: FloatArray = np.clip(scaled, -CLIP, CLIP).astype(np.float32, copy=False)
    return clipped


def as_gray(picture: npt.NDArray[np.generic]) -> Gray:
    """Return a picture of any number type, with no, one, three (BGR) or four channels, as gray uint8 [height, width].

    Numbers with a fraction are taken for 0 to 1, those of 16 bits for 0 to 65535. An array of another shape gives an
    empty picture.
    """
    if picture.ndim == 3 and picture.shape[2] == 1:
        picture = picture[:, :, 0]
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] not in (3, 4)) or not picture.size:
        return np.zeros((0, 0), np.uint8)
    pixels = np.ascontiguousarray(_as_bytes(picture))
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels[:, :, :3], cv2.COLOR_BGR2GRAY), np.uint8)


def _as_bytes(picture: npt.NDArray[np.generic]) -> Gray:
    if picture.dtype == np.uint8:
        return np.asarray(picture, np.uint8)
    if picture.dtype == np.uint16:
        return np.asarray(np.asarray(picture, np.uint16) >> 8, np.uint8)
    values = np.nan_to_num(np.asarray(picture, np.float64))
    whole = np.issubdtype(picture.dtype, np.integer) or picture.dtype == np.bool_
    return np.asarray(np.clip(values if whole else 255 * np.clip(values, 0, 1), 0, 255), np.uint8)


def resize_face(face: Gray, size_px: int = INPUT_SIZE_PX) -> Gray:
    """Resize a gray picture [height, width] to [size_px, size_px]."""
    if face.shape == (size_px, size_px):
        return face
    size = (size_px, size_px)
    return shrunk(face, size) if min(face.shape) >= size_px else np.asarray(cv2.resize(face, size), np.uint8)


def upright_crop(gray: Gray, box: BoundingBox, roll_deg: float) -> Gray:
    """Return the face in `box` of a gray frame, turned upright about its middle; it leans by `roll_deg` clockwise.

    The crop is empty where the box lies outside of the frame. What reaches out of the frame is filled from its edge.
    """
    if (inside := box.clipped(gray.shape[1], gray.shape[0])) is None or (inside == box and not roll_deg):
        return box.crop(gray)
    turn = np.asarray(cv2.getRotationMatrix2D(box.center, roll_deg, 1.0))
    turn[:, 2] -= (box.x, box.y)
    return np.asarray(cv2.warpAffine(gray, turn, (box.width, box.height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def face_to_input(face: Gray, size_px: int = INPUT_SIZE_PX) -> FloatArray:
    """Turn a gray picture of a face [height, width] into the network's input [size_px, size_px, 1]."""
    return standardise(resize_face(face, size_px))[..., np.newaxis]
