"""Reads a TIFF directory: the first one of a TIFF file, or the EXIF data of another kind of picture.

TIFF 6.0 (Adobe, 1992); EXIF: CIPA DC-008. OpenCV obeys the orientation of some kinds in some versions.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from assistant.pictures.turning import Turn

ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
"""How a TIFF file begins, and the order of the bytes in its numbers, as `struct` names it."""

WIDTH, HEIGHT, ORIENTATION, TILE_WIDTH, TILE_HEIGHT = 256, 257, 274, 322, 323
LAYOUTS = {3: "H", 4: "I"}
"""The layouts of the types of whole numbers, as `struct` names them."""

TURNS = {
    2: Turn(0, mirror=True),
    3: Turn(180),
    4: Turn(180, mirror=True),
    5: Turn(90, mirror=True),
    6: Turn(90),
    7: Turn(270, mirror=True),
    8: Turn(270),
}
"""The turn that makes each orientation upright; 1 is upright, and an unknown number counts as 1."""


def first_directory(data: bytes) -> Mapping[int, int] | None:
    """Return the single whole numbers of the first directory, by their tags; None where this is not a whole TIFF."""
    order = ORDERS.get(data[:4])
    if order is None:
        return None
    try:
        (at,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, at)
        entries = [struct.unpack_from(f"{order}HHI4s", data, at + 2 + 12 * number) for number in range(count)]
    except struct.error:
        return None
    return {
        tag: struct.unpack_from(f"{order}{LAYOUTS[kind]}", value)[0]
        for tag, kind, length, value in entries
        if kind in LAYOUTS and length == 1
    }


def exif_turn(data: bytes) -> Turn:
    """Return the turn that makes a picture with this EXIF data upright."""
    directory = first_directory(data.removeprefix(b"Exif\0\0")) or {}
    return TURNS.get(directory.get(ORIENTATION, 1), Turn())
