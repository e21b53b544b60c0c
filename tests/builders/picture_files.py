"""Picture files: with an EXIF orientation, animated, or with a header that differs from the content."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping

import cv2
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]

STORED: Mapping[int, Callable[[Gray], Gray]] = {
    1: lambda upright: upright,
    2: np.fliplr,
    3: lambda upright: np.rot90(upright, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).T,
    8: lambda upright: np.rot90(upright, -1),
}
"""For each EXIF orientation: how a camera in this position stores an upright picture."""


def coded(picture: object, suffix: str = ".jpg") -> bytes:
    """Encode a picture as a file of this type."""
    done, data = cv2.imencode(suffix, picture)  # type: ignore[call-overload]
    assert done
    return bytes(data)


def exif(orientation: int, order: str = "<") -> bytes:
    """Write EXIF data with an orientation and nothing else."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(f"{order}IHHHIHHI", 8, 1, 274, 3, 1, orientation, 0, 0)


def jpeg_turned(picture: Gray, orientation: int) -> bytes:
    """Encode a JPEG with this EXIF orientation."""
    segment = b"Exif\0\0" + exif(orientation, ">")
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", 2 + len(segment)) + segment + coded(picture, ".jpg")[2:]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Write a PNG chunk with its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(picture: Gray, *chunks: bytes) -> bytes:
    """Encode a PNG with these chunks after its first chunk."""
    data = coded(picture, ".png")
    return data[:33] + b"".join(chunks) + data[33:]


def png_turned(picture: Gray, orientation: int) -> bytes:
    """Encode a PNG with this EXIF orientation."""
    return png_with(picture, png_chunk(b"eXIf", exif(orientation)))


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    """Write a WebP file of these chunks."""
    parts = b"".join(kind + struct.pack("<I", len(each)) + each + bytes(len(each) % 2) for kind, each in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def webp_canvas(width: int, height: int, flags: int) -> tuple[bytes, bytes]:
    """Write the WebP chunk that states the size and the features of the file."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", struct.pack("<I", flags) + size


def webp_picture(picture: Gray) -> tuple[bytes, bytes]:
    """Encode a picture and return the only chunk of its WebP file."""
    data = coded(picture, ".webp")
    return data[12:16], data[20 : 20 + struct.unpack_from("<I", data, 16)[0]]


def webp_turned(picture: Gray, orientation: int) -> bytes:
    """Encode a WebP with this EXIF orientation."""
    height, width = picture.shape
    return webp(webp_canvas(width, height, 0x08), webp_picture(picture), (b"EXIF", exif(orientation)))


def tiff_turned(picture: Gray, orientation: int) -> bytes:
    """Write an uncompressed TIFF with this orientation."""
    height, width = picture.shape
    entries = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 274: orientation, 277: 1, 278: height}
    entries[279] = picture.size
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, 4 if value > 65535 else 3, 1, value) for tag, value in entries.items()
    )
    pixels = picture.tobytes() + bytes(picture.size % 2)
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels + directory + bytes(4)


def animated_png(picture: Gray, count: int = 2) -> bytes:
    """Encode a PNG whose header states several pictures."""
    return png_with(picture, png_chunk(b"acTL", struct.pack(">II", count, 0)))


def animated_webp(picture: Gray) -> bytes:
    """Encode an animated WebP with one picture."""
    height, width = picture.shape
    kind, data = webp_picture(picture)
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    frame = bytes(6) + size + bytes(4) + kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    return webp(webp_canvas(width, height, 0x02), (b"ANIM", bytes(6)), (b"ANMF", frame))
