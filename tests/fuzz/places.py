"""The place of an input: a file or something else in its place, and its name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

ODD_NAMES = (
    b"a b",
    b"\xff\xfe",
    b"line\nend",
    b"\x1b[31mred",
    b"-v",
    b"12:30",
    b"%03d",
    b"a" * 200,
    "😀é".encode(),
    b"'quoted\"",
    b"~",
    b"*",
    b".hidden",
    b"\xed\xa0\x80",
)
DEVICES = ("/dev/zero", "/dev/null", "/dev/full", "/dev/urandom", "/proc/self/mem", "/proc/self/environ")
ENDLESS_BYTES = 6 << 30
"""Of a file that is longer than any memory, and takes no place on the disk."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An input at its place."""

    path: Path
    what: str
    may_wait: bool = False
    is_closed: bool = False


def placed(path: Path, data: bytes, rng: Random, share: float = 0.1) -> Placed:
    """Write the input at `path`; with probability `share` something else stands there, or the name is odd."""
    if rng.random() >= share:
        path.write_bytes(data)
        return Placed(path, "")
    if rng.random() < 0.4:
        return _oddly_named(path, data, rng)
    name = rng.choice(list(STAND_INS))
    STAND_INS[name](path, data, rng)
    return Placed(path, name, may_wait=name == "pipe", is_closed=name == "no rights")


def _oddly_named(path: Path, data: bytes, rng: Random) -> Placed:
    name = rng.choice(ODD_NAMES)
    odd = path.with_name(os.fsdecode(name) + path.suffix)
    odd.write_bytes(data)
    return Placed(odd, f"called {name[:20]!r}")


def _link_to_device(path: Path, data: bytes, rng: Random) -> None:
    path.symlink_to(rng.choice(DEVICES))


def _no_rights(path: Path, data: bytes, rng: Random) -> None:
    path.write_bytes(data)
    path.chmod(0)


def _endless(path: Path, data: bytes, rng: Random) -> None:
    path.write_bytes(data)
    os.truncate(path, ENDLESS_BYTES)


def _socket(path: Path, data: bytes, rng: Random) -> None:
    """Make a socket, which `open` refuses."""
    os.mknod(path, 0o600 | 0o140000)


STAND_INS = {
    "nothing": lambda path, data, rng: None,
    "empty": lambda path, data, rng: path.write_bytes(b""),
    "folder": lambda path, data, rng: path.mkdir(),
    "pipe": lambda path, data, rng: os.mkfifo(path),
    "device": _link_to_device,
    "socket": _socket,
    "link to nothing": lambda path, data, rng: path.symlink_to("nowhere"),
    "link to itself": lambda path, data, rng: path.symlink_to(path.name),
    "no rights": _no_rights,
    "endless": _endless,
}
