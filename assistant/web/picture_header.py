"""What a picture's first bytes promise, read before anything is decoded: its kind and its size.

JPEG: ITU-T T.81, annex B; PNG: w3.org/TR/png; WebP: RFC 9649.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""Markers that a frame's size follows."""
JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers that nothing follows."""
JPEG_SCAN = b"\xff\xda"
MOST_SCANS = 64
"""Each may go over the whole picture; a camera's has one, a progressive one about ten."""


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What is promised."""

    kind: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        """How many."""
        return self.width * self.height


def picture_header(data: bytes) -> PictureHeader | None:
    """The header of a JPEG, PNG or WebP picture; None for anything else, whatever its name says."""
    try:
        if data.startswith(PNG):
            return _png(data)
        if data.startswith(JPEG):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):  # it ends too soon
        return None
    return None


def _png(data: bytes) -> PictureHeader | None:
    length, kind, width, height = struct.unpack_from(">I4sII", data, len(PNG))
    return _sized("PNG", width, height) if (length, kind) == (13, b"IHDR") else None


def _jpeg(data: bytes) -> PictureHeader | None:
    if data.count(JPEG_SCAN) > MOST_SCANS:
        return None
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in JPEG_BARE:
            at += 2
        elif marker in JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return _sized("JPEG", width, height)
        elif marker == JPEG_SCAN[1]:
            return None
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _webp(data: bytes) -> PictureHeader | None:
    """The canvas may be promised apart from the picture: both must be small."""
    at, largest = 12, None
    for _ in range(16):
        kind, length = struct.unpack_from("<4sI", data, at)
        at += 8
        if kind in (b"VP8 ", b"VP8L", b"VP8X"):
            found = _webp_chunk(kind, data, at)
            if largest is None or found.pixels > largest.pixels:
                largest = found
        if kind in (b"VP8 ", b"VP8L", b"ANIM"):
            break
        at += length + length % 2
    return None if largest is None else _sized("WebP", largest.width, largest.height)


def _webp_chunk(kind: bytes, data: bytes, at: int) -> PictureHeader:
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at + by : at + by + 3], "little") + 1 for by in (4, 7))
    elif kind == b"VP8L":
        bits = struct.unpack_from("<I", data, at + 1)[0]
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, at + 6))
    return PictureHeader("WebP", width, height)


def _sized(kind: str, width: int, height: int) -> PictureHeader | None:
    return PictureHeader(kind, width, height) if width and height else None
