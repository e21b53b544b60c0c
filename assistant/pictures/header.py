"""Reads what a picture's bytes promise before anything is decoded: kind, size, orientation, and animation.

JPEG: ITU-T T.81, annex B; PNG: w3.org/TR/png-3; WebP: RFC 9649; BMP: Microsoft's BITMAPINFOHEADER; PNM: Netpbm.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.pictures.exif import HEIGHT, TILE_HEIGHT, TILE_WIDTH, WIDTH, exif_turn, first_directory
from assistant.pictures.turning import Turn

PNG = b"\x89PNG\r\n\x1a\n"
PNG_MOVES = frozenset({b"acTL", b"fcTL", b"fdAT"})
JPEG = b"\xff\xd8\xff"
JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""Markers that are followed by the size of the picture."""
JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers that are followed by nothing."""
JPEG_SCAN = b"\xff\xda"
JPEG_APP1 = 0xE1
MOST_SCANS = 64
"""A JPEG with more scans is refused, because each may go over the whole picture.

A camera's JPEG has one scan, a progressive one about ten.
"""
MOST_MARKERS = 4096
"""So many markers are read before a JPEG's size; a colour profile may take 255 of them."""
MOST_CHUNKS = 100_000
"""A PNG or WebP with more chunks is refused; in a PNG each chunk may be 4 KB of a large picture."""
WEBP_PICTURES = (b"VP8 ", b"VP8L", b"VP8X")
WEBP_MOVES = frozenset({b"ANIM", b"ANMF"})
WEBP_ANIMATION_FLAG = 0x02
PNM = re.compile(rb"P[1-6](?:\s|#[^\n]*\n)+(\d{1,9})(?:\s|#[^\n]*\n)+(\d{1,9})\s")


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What a picture promises; the size is that before the picture is turned."""

    kind: str
    width: int
    height: int
    turn: Turn = Turn()
    """The turn that makes the decoded picture upright."""
    moves: bool = False
    """Whether the picture is an animation, or has parts of one."""
    is_whole: bool = True
    """Whether the file is as long as it promises; for a damaged file, a decoder would still reserve the memory."""

    @property
    def pixels(self) -> int:
        """The number of pixels."""
        return self.width * self.height


def picture_header(data: bytes) -> PictureHeader | None:
    """Return the header of a picture of a kind that is read; None for anything else, whatever its name says."""
    try:
        header = _header(data)
    except (struct.error, IndexError):  # the file ends too soon
        return None
    return header if header is not None and header.pixels else None


def _header(data: bytes) -> PictureHeader | None:
    if data.startswith(PNG):
        return _png(data)
    if data.startswith(JPEG):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data.startswith(b"BM"):
        return _bmp(data)
    return _pnm(data) or _tiff(data)


def _png(data: bytes) -> PictureHeader | None:
    length, kind, width, height = struct.unpack_from(">I4sII", data, len(PNG))
    if (length, kind) != (13, b"IHDR"):
        return None
    turn, moves, is_whole, has_ended = Turn(), False, True, False
    for kind, at, length in _png_chunks(data):
        moves = moves or kind in PNG_MOVES
        is_whole = is_whole and (has_ended or at + length <= len(data))
        has_ended = has_ended or kind == b"IEND"
        if kind == b"eXIf":
            turn = exif_turn(data[at : at + length])
    return PictureHeader("PNG", width, height, turn, moves, is_whole)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Give the kind of each chunk, where its content begins, and its length; chunks behind the end count too."""
    at = len(PNG)
    for _ in range(MOST_CHUNKS):
        if at + 8 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, at + 8, length
        at += 12 + length
    raise IndexError


def _jpeg(data: bytes) -> PictureHeader | None:
    if data.count(JPEG_SCAN) > MOST_SCANS:
        return None
    at, turn = 2, Turn()
    for _ in range(MOST_MARKERS):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return PictureHeader("JPEG", width, height, turn)
        if marker == JPEG_SCAN[1]:
            return None
        length = _jpeg_length(data, at, marker)
        segment = data[at + 4 : at + length]
        if marker == JPEG_APP1 and segment.startswith(b"Exif\0\0"):
            turn = exif_turn(segment)
        at += length
    return None


def _jpeg_length(data: bytes, at: int, marker: int) -> int:
    """Return the length of a marker with what follows it."""
    if marker == 0xFF:  # a fill byte
        return 1
    return 2 if marker in JPEG_BARE else 2 + int(struct.unpack_from(">H", data, at + 2)[0])


def _webp(data: bytes) -> PictureHeader | None:
    """Read a WebP; the canvas and the picture each promise a size, and the larger one counts."""
    largest, turn, moves = PictureHeader("WebP", 0, 0), Turn(), False
    for kind, at, length in _webp_chunks(data):
        moves = moves or kind in WEBP_MOVES or (kind == b"VP8X" and bool(data[at] & WEBP_ANIMATION_FLAG))
        if kind == b"EXIF":
            turn = exif_turn(data[at : at + length])
        if kind in WEBP_PICTURES:
            largest = max(largest, _webp_picture(kind, data, at), key=lambda each: each.pixels)
    return PictureHeader("WebP", largest.width, largest.height, turn, moves)


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Give the kind of each chunk, where its content begins, and its length."""
    at = 12
    for _ in range(MOST_CHUNKS):
        if at + 8 > len(data):
            return
        kind, length = struct.unpack_from("<4sI", data, at)
        yield kind, at + 8, length
        at += 8 + length + length % 2
    raise IndexError


def _webp_picture(kind: bytes, data: bytes, at: int) -> PictureHeader:
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at + by : at + by + 3], "little") + 1 for by in (4, 7))
    elif kind == b"VP8L":
        bits = struct.unpack_from("<I", data, at + 1)[0]
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, at + 6))
    return PictureHeader("WebP", width, height)


def _bmp(data: bytes) -> PictureHeader:
    (length,) = struct.unpack_from("<I", data, 14)
    width, height = struct.unpack_from("<HH" if length == 12 else "<ii", data, 18)
    return PictureHeader("BMP", abs(width), abs(height))


def _pnm(data: bytes) -> PictureHeader | None:
    found = PNM.match(data[:4096])
    return PictureHeader("PNM", int(found[1]), int(found[2])) if found else None


def _tiff(data: bytes) -> PictureHeader | None:
    """Read a TIFF; a tile may be larger than the picture, and is decoded whole. OpenCV itself obeys the orientation."""
    directory = first_directory(data)
    if directory is None:
        return None
    width = max(directory.get(WIDTH, 0), directory.get(TILE_WIDTH, 0))
    height = max(directory.get(HEIGHT, 0), directory.get(TILE_HEIGHT, 0))
    return PictureHeader("TIFF", width, height)
