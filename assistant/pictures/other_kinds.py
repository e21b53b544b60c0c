"""Recognises files of other kinds than the readable pictures, and says what to do with them."""

from __future__ import annotations

SAVE = "which is not read: save it as JPEG or PNG"
VIDEO = "is a video, not a picture: `assistant run --camera replay:FILE` plays it"

BEGINNINGS = {
    b"GIF87a": "GIF picture",
    b"GIF89a": "GIF picture",
    b"\xff\x0a": "JPEG XL picture",
    b"\0\0\0\x0cJXL ": "JPEG XL picture",
    b"\0\0\0\x0cjP  ": "JPEG 2000 picture",
    b"\xff\x4f\xff\x51": "JPEG 2000 picture",
    b"8BPS": "Photoshop file",
    b"%PDF": "PDF file",
    b"\x76\x2f\x31\x01": "OpenEXR picture",
    b"\0\0\1\0": "Windows icon",
    b"<svg": "drawing in SVG",
}
VIDEO_BEGINNINGS = (b"\x1aE\xdf\xa3", b"\0\0\1\xba", b"\0\0\1\xb3", b"FLV", b"OggS", b"\x30\x26\xb2\x75")
"""The first bytes of Matroska and WebM, of MPEG program and video streams, and of Flash, Ogg and Windows Media."""

QUICKTIME_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
BRANDS = {
    "an AVIF picture": frozenset({b"avif", b"avis"}),
    "a HEIC picture": frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}),
    "a raw picture of a camera": frozenset({b"crx "}),
}
"""The brands of pictures in the container of videos. AVIF stands first: it may also have HEIC's mif1 and msf1."""


def what_else(data: bytes) -> str | None:
    """Return what a file is, as the end of a sentence that begins with its name; None when its kind is unknown."""
    picture = boxed_picture(data)
    if picture is not None:
        return picture
    is_avi = data[:4] == b"RIFF" and data[8:12] == b"AVI "
    is_stream = data[:1] == b"G" and data[188:189] == b"G" and data[376:377] == b"G"  # MPEG's packets of 188 bytes
    if is_avi or is_stream or data.startswith(VIDEO_BEGINNINGS) or data[4:8] in QUICKTIME_BOXES:
        return VIDEO
    named = next((name for beginning, name in BEGINNINGS.items() if data.startswith(beginning)), None)
    return None if named is None else f"is a {named}, {SAVE}"


def boxed_picture(data: bytes) -> str | None:
    """Return which kind of picture a container of videos (ISO/IEC 14496-12) holds; None when it holds none."""
    if data[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
    names = (name for name, those in BRANDS.items() if brands & those)
    return next((f"is {name}, {SAVE}" for name in names), None)
