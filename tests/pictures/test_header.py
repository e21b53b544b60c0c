"""The header of a picture is read before the picture is decoded."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import CameraError
from assistant.pictures.header import PictureHeader, picture_header
from assistant.pictures.reading import decoded
from tests.builders.picture_files import coded

PICTURE = np.arange(48 * 31, dtype=np.uint8).reshape(31, 48)


def png(width: int, height: int) -> bytes:
    """Return the beginning of a PNG of this size, with almost no content."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (head, data)
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(("suffix", "kind"), [(".jpg", "JPEG"), (".png", "PNG"), (".webp", "WebP")])
def test_the_size_is_read(suffix, kind):
    """The kind and the size of what OpenCV writes are read."""
    assert picture_header(coded(PICTURE, suffix)) == PictureHeader(kind, 48, 31)


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", b"BM" + bytes(60), b"II*\0" + bytes(60), b"P5 x", b"\xff\xd8\xff", b"RIFF"],
)
def test_what_is_no_picture_of_these_kinds_has_none(data):
    """Other data have no header, and decoding them raises an error."""
    assert picture_header(data) is None
    with pytest.raises(CameraError, match="is not a picture that can be read; these can: JPEG, PNG, WebP"):
        decoded(data, 1)


@given(st.sampled_from([".jpg", ".png", ".webp"]), st.integers(0, 400), st.binary(max_size=3))
def test_a_piece_of_one_or_a_damaged_one_is_no_crash(suffix, length, rest):
    """A part of a picture, with other bytes behind it, has a header or none."""
    header = picture_header(coded(PICTURE, suffix)[:length] + rest)
    assert header is None or header.pixels > 0


def test_a_bomb_is_refused_by_its_header():
    """A picture of a hundred megapixels in a kilobyte is never decoded."""
    with pytest.raises(CameraError, match=r"has 100 megapixels \(10000x10000\); at most 25 are read"):
        decoded(png(10_000, 10_000), 25)


def test_a_jpeg_with_a_thousand_scans_is_refused():
    """Each scan would decode the whole picture."""
    assert picture_header(coded(PICTURE) + b"\xff\xda" * 1000) is None


def test_a_webp_counts_by_the_larger_of_canvas_and_picture():
    """A WebP may state a small canvas and hold a large picture."""
    picture = coded(PICTURE, ".webp")[12:]
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (9_999).to_bytes(3, "little") + (9_999).to_bytes(3, "little")
    data = b"WEBP" + canvas + picture
    assert picture_header(b"RIFF" + struct.pack("<I", len(data)) + data) == PictureHeader("WebP", 10_000, 10_000)


def test_a_damaged_picture_is_told_from_one_that_is_none():
    """The error about a damaged picture differs from the one about data that are no picture."""
    with pytest.raises(CameraError, match="begins as PNG, but is damaged"):
        decoded(coded(PICTURE, ".png")[:60], 1)
