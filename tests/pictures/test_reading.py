"""Single pictures: they are upright, and a picture that must not be decoded is refused before it is."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.errors import CameraError
from assistant.pictures.reading import decoded, read_gray
from tests.builders import picture_files as files

pytestmark = pytest.mark.runtime

UPRIGHT = np.kron(np.array([[250, 20, 80], [120, 180, 40]], np.uint8), np.ones((16, 16), np.uint8))
"""Two lines of three squares, no two of one gray level."""

TURNED = {
    "JPEG": files.jpeg_turned,
    "PNG": files.png_turned,
    "WebP": files.webp_turned,
    "TIFF": files.tiff_turned,
}

ANIMATED = {
    "announced": files.animated_png(UPRIGHT),
    "a frame's size": files.png_with(UPRIGHT, files.png_chunk(b"fcTL", bytes(26))),
    "a frame behind the end": files.coded(UPRIGHT, ".png") + files.png_chunk(b"fdAT", bytes(30)),
    "announced late": files.coded(UPRIGHT, ".png")[:-12] + files.png_chunk(b"acTL", bytes(8)),
    "WebP": files.animated_webp(UPRIGHT),
    "WebP by its flag": files.webp(files.webp_canvas(48, 32, 0x02), files.webp_picture(UPRIGHT)),
    "WebP with a frame behind": files.webp(files.webp_picture(UPRIGHT), (b"ANMF", bytes(40))),
}

OTHERS = {
    b"\0\0\0\x1cftypheic" + b"\0\0\0\0mif1heicmiaf": "is a HEIC picture, which is not read: save it as JPEG or PNG",
    b"\0\0\0\x1cftypmif1" + b"\0\0\0\0mif1heicmiaf": "is a HEIC picture",
    b"\0\0\0\x1cftypavif" + b"\0\0\0\0avifmif1miaf": "is an AVIF picture, which is not read: save it as JPEG or PNG",
    b"\0\0\0\x1cftypmif1" + b"\0\0\0\0mif1avifmiaf": "is an AVIF picture",
    b"\0\0\0\x18ftypisom" + b"\0\0\0\0isommp41": "is a video, not a picture: `assistant run --camera replay:FILE`",
    b"\0\0\0\x14ftypqt  " + b"\0\0\0\0qt  ": "is a video",
    b"\0\0\0\x08wide\0\0\0\0mdat": "is a video",
    b"RIFF\0\0\0\0AVI LIST": "is a video",
    b"\x1aE\xdf\xa3\x01\0\0\0": "is a video",
    b"GIF89a" + bytes(20): "is a GIF picture, which is not read: save it as JPEG or PNG",
    b"\xff\x0a" + bytes(20): "is a JPEG XL picture",
    b"%PDF-1.4": "is a PDF file",
    b"plain text": "is not a picture that can be read; these can: JPEG, PNG, WebP, BMP, TIFF, PNM",
    b"": "is not a picture that can be read",
}


@pytest.mark.parametrize("orientation", files.STORED)
@pytest.mark.parametrize("kind", TURNED)
def test_every_orientation_is_set_right(kind, orientation):
    """All eight orientations of each kind that can state them give the upright picture."""
    stored = np.ascontiguousarray(files.STORED[orientation](UPRIGHT))
    gray = decoded(TURNED[kind](stored, orientation), 1)
    assert gray.shape == UPRIGHT.shape
    assert np.abs(gray[8::16, 8::16].astype(int) - UPRIGHT[8::16, 8::16]).max() < 12


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp", ".tiff", ".pgm"])
def test_the_kinds_that_are_read(tmp_path, suffix):
    """A picture of each kind is read from a file."""
    path = tmp_path / f"picture{suffix}"
    path.write_bytes(files.coded(UPRIGHT, suffix))
    assert np.abs(read_gray(path).astype(int) - UPRIGHT).mean() < 4


@pytest.mark.parametrize("data", ANIMATED.values(), ids=ANIMATED.keys())
def test_animations_are_refused_by_their_chunks(data):
    """An animation is refused wherever its chunks stand, since OpenCV's decoders have ended programs on them."""
    with pytest.raises(CameraError, match=r"is an animated (PNG|WebP) picture, which is not read"):
        decoded(data, 1)


@pytest.mark.parametrize(("data", "complaint"), OTHERS.items())
def test_what_is_not_read_is_named(tmp_path, data, complaint):
    """The error names the kind of the file and says what to do."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    with pytest.raises(CameraError) as caught:
        read_gray(path)
    assert str(caught.value).startswith(f"{path}: {complaint}")


HUGE = {
    "PNG": files.coded(UPRIGHT, ".png")[:16] + struct.pack(">II", 30_000, 30_000) + files.coded(UPRIGHT, ".png")[24:],
    "BMP": files.coded(UPRIGHT, ".bmp")[:18] + struct.pack("<ii", 30_000, -30_000) + bytes(60),
    "PNM": b"P5\n# of a scanner\n30000 30000\n255\n" + bytes(60),
    "TIFF": files.tiff_turned(np.zeros((1, 1), np.uint8), 1).replace(
        struct.pack("<HHII", 256, 3, 1, 1) + struct.pack("<HHII", 257, 3, 1, 1),
        struct.pack("<HHII", 256, 3, 1, 30_000) + struct.pack("<HHII", 257, 3, 1, 30_000),
    ),
    "WebP": files.webp(files.webp_canvas(30_000, 30_000, 0), files.webp_picture(UPRIGHT)),
}


@pytest.mark.parametrize("data", HUGE.values(), ids=HUGE.keys())
def test_what_promises_too_many_pixels_is_never_decoded(tmp_path, data):
    """By default a picture over fifty megapixels is refused."""
    path = tmp_path / "huge"
    path.write_bytes(data)
    with pytest.raises(CameraError, match=r"has 900 megapixels \(30000x30000\); at most 50 are read"):
        read_gray(path)


def test_the_most_pixels_can_be_set(tmp_path):
    """A picture of 0.0015 megapixels is read with a limit above that and refused with one below."""
    path = tmp_path / "picture.png"
    path.write_bytes(files.coded(UPRIGHT, ".png"))
    assert read_gray(path, 0.002).shape == UPRIGHT.shape
    with pytest.raises(CameraError, match=r"\(48x32\); at most 0.001 are read"):
        read_gray(path, 0.001)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_no_device_is_read_as_a_picture(device):
    """A device, which may have no end, is refused."""
    with pytest.raises(CameraError, match="name a regular file"):
        read_gray(Path(device))


def test_what_promises_more_than_there_is_is_never_decoded():
    """A chunk that states four gigabytes is refused; what follows the end of the picture does not matter."""
    data = files.coded(np.zeros((40, 40), np.uint8), ".png")
    at = data.index(b"IDAT") - 4
    with pytest.raises(CameraError, match="begins as PNG, but is damaged"):
        decoded(data[:at] + b"\xff\xff\xff\x00" + data[at + 4 :], 50)
    with pytest.raises(CameraError, match="begins as PNG, but is damaged"):
        decoded(data[: at + 12], 50)
    assert decoded(data + b"\xff\xff\xff\x00tail", 50).shape == (40, 40)


def test_a_damaged_picture_is_no_crash():
    """Each of the first hundred bytes is inverted; the result is a picture or CameraError."""
    for suffix in (".png", ".jpg", ".webp"):
        whole = files.coded(cv2.resize(UPRIGHT, (12, 8)), suffix)
        for at in range(min(100, len(whole))):
            damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
            with contextlib.suppress(CameraError):
                assert decoded(damaged, 1).dtype == np.uint8
