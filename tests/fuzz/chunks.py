"""Files that are made of chunks, taken apart and put together: PNG, RIFF (WebP, AVI), JPEG, MP4, zip (.keras, .npz).

What is put together is right in itself, checksums and lengths, so that a decoder comes to what was changed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.fuzz.bytewise import INTERESTING, mutated, place

PNG = b"\x89PNG\r\n\x1a\n"
SCAN = b"\xff\xda"
BOXES = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"udta"})
"""Of MP4, those that hold others."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk with its name and its content."""

    name: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of file is taken apart and put together."""

    apart: Callable[[bytes], list[Chunk]]
    together: Callable[[list[Chunk]], bytes]


def remade(data: bytes, form: Form, rng: Random) -> tuple[bytes, str]:
    """Return the file with some chunks changed, removed, doubled, moved or renamed, and say how."""
    chunks = form.apart(data)
    told = []
    for _ in range(rng.choice((1, 1, 2, 5))):
        if chunks:
            way = rng.choice(WAYS)
            told.append(way(chunks, rng))
    return form.together(chunks), ", ".join(told)


def _lose(chunks: list[Chunk], rng: Random) -> str:
    return f"{_shown(chunks.pop(rng.randrange(len(chunks))))} lost"


def _double(chunks: list[Chunk], rng: Random) -> str:
    at, times = rng.randrange(len(chunks)), rng.choice((1, 1, 20))
    chunks[at:at] = [chunks[at]] * times
    return f"{_shown(chunks[at])} {times + 1} times"


def _move(chunks: list[Chunk], rng: Random) -> str:
    chunk = chunks.pop(rng.randrange(len(chunks)))
    chunks.insert(rng.randrange(len(chunks) + 1), chunk)
    return f"{_shown(chunk)} moved"


def _rename(chunks: list[Chunk], rng: Random) -> str:
    at = rng.randrange(len(chunks))
    name = rng.choice(chunks).name if rng.random() < 0.5 else rng.randbytes(len(chunks[at].name))
    chunks[at] = replace(chunks[at], name=name)
    return f"{_shown(chunks[at])} renamed"


def _change(chunks: list[Chunk], rng: Random) -> str:
    at = rng.randrange(len(chunks))
    data, how = mutated(chunks[at].data, rng)
    chunks[at] = replace(chunks[at], data=data)
    return f"{_shown(chunks[at])} {how}"


def _put_number(chunks: list[Chunk], rng: Random) -> str:
    """Set a size, a count or a time to an odd number."""
    at = rng.randrange(len(chunks))
    data, number = chunks[at].data, rng.choice((*INTERESTING, rng.randbytes(2), b"\0\0\0\1"))
    where = place(data, rng) & ~1
    chunks[at] = replace(chunks[at], data=data[:where] + number + data[where + len(number) :])
    return f"{_shown(chunks[at])} with {number.hex()} at {where}"


def _empty(chunks: list[Chunk], rng: Random) -> str:
    at = rng.randrange(len(chunks))
    chunks[at] = replace(chunks[at], data=b"")
    return f"{_shown(chunks[at])} empty"


WAYS = (_lose, _double, _move, _rename, _change, _change, _put_number, _put_number, _put_number, _empty)


def _shown(chunk: Chunk) -> str:
    return chunk.name.decode("ascii", errors="backslashreplace")


def _png_apart(data: bytes) -> list[Chunk]:
    at, chunks = len(PNG), []
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        chunks.append(Chunk(name, data[at + 8 : at + 8 + length]))
        at += 12 + length
    return chunks


def png(chunks: list[Chunk]) -> bytes:
    """Make a PNG of these chunks."""
    return PNG + b"".join(
        struct.pack(">I", len(each.data)) + each.name + each.data + struct.pack(">I", zlib.crc32(each.name + each.data))
        for each in chunks
    )


def _riff_apart(data: bytes) -> list[Chunk]:
    """Take a RIFF file apart; the first chunk is the kind of the file, and lists stay whole."""
    at, chunks = 12, [Chunk(b"RIFF", data[8:12])]
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        chunks.append(Chunk(name, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return chunks


def riff(chunks: list[Chunk]) -> bytes:
    """Make a WebP or AVI of these chunks, the first of which is the kind of the file."""
    kind, *rest = chunks or [Chunk(b"RIFF", b"")]
    body = kind.data + b"".join(
        each.name + struct.pack("<I", len(each.data)) + each.data + b"\0" * (len(each.data) % 2) for each in rest
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _jpeg_apart(data: bytes) -> list[Chunk]:
    """Take a JPEG apart by its markers; the last segment is the scan with everything behind it."""
    at, chunks = 2, []
    while at + 4 <= len(data) and data[at + 1] != 0xDA:
        length = struct.unpack_from(">H", data, at + 2)[0]
        chunks.append(Chunk(data[at : at + 2], data[at + 4 : at + 2 + length]))
        at += 2 + length
    return [*chunks, Chunk(SCAN, data[at + 2 :])]


def jpeg(chunks: list[Chunk]) -> bytes:
    """Make a JPEG of these segments."""
    lengths = (b"" if each.name == SCAN else struct.pack(">H", min(2 + len(each.data), 65535)) for each in chunks)
    return b"\xff\xd8" + b"".join(each.name + length + each.data for each, length in zip(chunks, lengths, strict=True))


def _mp4_apart(data: bytes) -> list[Chunk]:
    """Take an MP4 apart; outer boxes become `moov(` and `)`."""
    at, chunks = 0, []
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + max(length, 8)]
        chunks += (
            [Chunk(name + b"(", b""), *_mp4_apart(body), Chunk(b")", b"")] if name in BOXES else [Chunk(name, body)]
        )
        at += max(length, 8)
    return chunks


def mp4(chunks: list[Chunk]) -> bytes:
    """Make an MP4 of these boxes."""
    open_boxes: list[tuple[bytes, list[bytes]]] = [(b"", [])]
    for each in chunks:
        if each.name.endswith(b"("):
            open_boxes.append((each.name[:4], [each.data]))
        elif each.name == b")" and len(open_boxes) > 1:
            name, parts = open_boxes.pop()
            open_boxes[-1][1].append(_box(name, b"".join(parts)))
        else:
            open_boxes[-1][1].append(_box(each.name, each.data))
    return b"".join(b"".join(parts) for _, parts in open_boxes)


def _box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", 8 + len(data)) + name.ljust(4)[:4] + data


def _zip_apart(data: bytes) -> list[Chunk]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [Chunk(name.encode(), packed.read(name)) for name in packed.namelist()]


def zipped(chunks: list[Chunk]) -> bytes:
    """Make a zip file of these entries."""
    packed_bytes = io.BytesIO()
    with zipfile.ZipFile(packed_bytes, "w") as packed:
        for each in chunks:
            entry = zipfile.ZipInfo(each.name.decode("utf-8", errors="replace").replace("\0", "?") or "?")
            packed.writestr(entry, each.data)
    return packed_bytes.getvalue()


FORMS = {
    "png": Form(_png_apart, png),
    "riff": Form(_riff_apart, riff),
    "jpeg": Form(_jpeg_apart, jpeg),
    "mp4": Form(_mp4_apart, mp4),
    "zip": Form(_zip_apart, zipped),
}


def form_of(data: bytes) -> Form | None:
    """Return how a file is taken apart, or None for a file without chunks."""
    beginnings = {PNG: "png", b"RIFF": "riff", b"\xff\xd8\xff": "jpeg", b"PK\3\4": "zip"}
    for beginning, name in beginnings.items():
        if data.startswith(beginning):
            return FORMS[name]
    return FORMS["mp4"] if data[4:8] == b"ftyp" else None
