"""Changes of bytes, without any knowledge of what the bytes mean."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

INTERESTING = (b"\0", b"\xff", b"\x7f\xff\xff\xff", b"\xff" * 4, b"\x80\0\0\0", b"\0" * 8, b"\xff" * 8, b"%n", b"\r\n")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff")
"""Byte order marks."""


def mutated(data: bytes, rng: Random, other: bytes = b"") -> tuple[bytes, str]:
    """Change the bytes in up to four ways, and say how; pieces may come from `other`."""
    ways = [rng.choice(WAYS) for _ in range(rng.choice((1, 1, 1, 2, 4)))]
    for way in ways:
        data = way(data, rng, other)
    return data, ", ".join(way.__name__.strip("_").replace("_", " ") for way in ways)


def place(data: bytes, rng: Random) -> int:
    """Draw a place in the bytes; half of the draws are near the beginning, where headers are."""
    near = min(len(data), 64) if rng.random() < 0.5 else len(data)
    return rng.randrange(near) if near else 0


def _bits_flipped(data: bytes, rng: Random, other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 30)) if data else 0):
        changed[place(data, rng)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut_short(data: bytes, rng: Random, other: bytes) -> bytes:
    return data[: place(data, rng)]


def _beginning_lost(data: bytes, rng: Random, other: bytes) -> bytes:
    return data[place(data, rng) :]


def _piece_lost(data: bytes, rng: Random, other: bytes) -> bytes:
    at = place(data, rng)
    return data[:at] + data[at + rng.choice((1, 2, 16, 500)) :]


def _piece_doubled(data: bytes, rng: Random, other: bytes) -> bytes:
    at, length = place(data, rng), rng.choice((1, 4, 100, 1000))
    return data[: at + length] + data[at : at + length] * rng.choice((1, 1, 50)) + data[at + length :]


def _number_put_in(data: bytes, rng: Random, other: bytes) -> bytes:
    at, number = place(data, rng), rng.choice(INTERESTING)
    return data[:at] + number + data[at + len(number) * rng.randrange(2) :]


def _spliced(data: bytes, rng: Random, other: bytes) -> bytes:
    other = other or data
    return data[: place(data, rng)] + other[place(other, rng) :]


def _noise_put_in(data: bytes, rng: Random, other: bytes) -> bytes:
    at = place(data, rng)
    return data[:at] + rng.randbytes(rng.choice((1, 8, 300))) + data[at:]


def _marked(data: bytes, rng: Random, other: bytes) -> bytes:
    return rng.choice(MARKS) + data


def _all_noise(data: bytes, rng: Random, other: bytes) -> bytes:
    return data[: rng.choice((0, 4, 12))] + rng.randbytes(rng.choice((1, 100, 5000)))


WAYS: tuple[Callable[[bytes, Random, bytes], bytes], ...] = (
    _bits_flipped,
    _bits_flipped,
    _cut_short,
    _beginning_lost,
    _piece_lost,
    _piece_doubled,
    _number_put_in,
    _spliced,
    _noise_put_in,
    _marked,
    _all_noise,
)
