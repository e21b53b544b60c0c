"""Reads single pictures as gray and upright; what a picture promises is checked before OpenCV decodes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.documents import read_bytes
from assistant.errors import CameraError
from assistant.pictures.header import PictureHeader, picture_header
from assistant.pictures.other_kinds import what_else

Gray = npt.NDArray[np.uint8]

KINDS = ("JPEG", "PNG", "WebP", "BMP", "TIFF", "PNM")
PICTURE_SUFFIXES = frozenset(
    {".bmp", ".jfif", ".jpeg", ".jpg", ".pbm", ".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp"}
)
MOST_MEGAPIXELS = 50.0
"""A larger picture is refused, where the caller does not say otherwise."""

BYTES_A_PIXEL, BYTES_BESIDE = 8, 1 << 20
"""A file with more bytes for each pixel, and besides, is not read; uncompressed colours of 16 bits have 6."""

GRAY_AS_STORED = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
"""OpenCV must ignore orientations, because its versions obey different ones; this module obeys all of them."""


def decoded(data: bytes, most_megapixels: float, kinds: Sequence[str] = KINDS) -> Gray:
    """Return a picture as gray uint8 [height, width], upright; CameraError says what else it is, or what is wrong."""
    header = checked_header(data, most_megapixels, kinds)
    try:
        gray = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), GRAY_AS_STORED)
    except cv2.error:
        gray = None
    if gray is None:
        raise CameraError(_damaged(header.kind))
    return header.turn.of(np.asarray(gray, dtype=np.uint8))


def checked_header(data: bytes, most_megapixels: float, kinds: Sequence[str] = KINDS) -> PictureHeader:
    """Return the header of a picture that may be decoded; CameraError says why another one may not."""
    header = picture_header(data)
    if header is None or header.kind not in kinds:
        raise CameraError(what_else(data) or f"is not a picture that can be read; these can: {', '.join(kinds)}")
    if header.moves:
        raise CameraError(f"is an animated {header.kind} picture, which is not read: save a single picture of it")
    if not header.is_whole:
        raise CameraError(_damaged(header.kind))
    if header.pixels > most_megapixels * 1e6:
        size = f"{header.pixels / 1e6:.3g} megapixels ({header.width}x{header.height})"
        raise CameraError(f"has {size}; at most {most_megapixels:g} are read")
    return header


def _damaged(kind: str) -> str:
    return f"is not a picture that can be read: it begins as {kind}, but is damaged"


def read_gray(path: Path, most_megapixels: float = MOST_MEGAPIXELS) -> Gray:
    """Read the picture in a regular file, as `decoded` does; CameraError names the file too."""
    largest = round(most_megapixels * 1e6) * BYTES_A_PIXEL + BYTES_BESIDE
    data = read_bytes(path, CameraError, largest)
    try:
        return decoded(data, most_megapixels)
    except CameraError as error:
        raise CameraError(f"{path}: {error}") from error


def to_gray(picture: Gray) -> Gray:
    """Return a frame of OpenCV, [height, width] or [height, width, 3], as gray [height, width]."""
    if picture.ndim == 2:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
