"""Makes the valid inputs from which bad ones are made; a program that runs once for all workers."""

from __future__ import annotations

import contextlib
import shutil
import struct
import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.drawn.face import Looks, draw_face
from assistant.emotions import Emotion
from assistant.networks.cards import card_path
from assistant.networks.shipped import shipped_model
from tests.fuzz.chunks import FORMS, Chunk, png, riff

Picture = npt.NDArray[np.uint8]

GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
STUBS = {
    "photo.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x24meta\0\0\0\0" + b"\0" * 24,
    "photo.avif": b"\0\0\0\x18ftypavif\0\0\0\0mif1avif\0\0\0\x24meta\0\0\0\0" + b"\0" * 24,
    "one.gif": GIF,
    "page.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "drawn.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    "text.txt": b"This is no picture.\n",
    "map.pfm": b"Pf\n4 4\n-1.0\n" + b"\0\0\x80\x3f" * 16,
    "map.pam": b"P7\nWIDTH 4\nHEIGHT 4\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n" + b"\x80" * 16,
    "plain.ppm": b"P3\n2 2\n255\n" + b"1 2 3 " * 4,
}
"""Pictures that OpenCV has no encoder for, or that are none."""

VOTES = "neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
"""FER+'s columns."""


def write_seeds(folder: Path, *, keras: bool) -> None:
    """Write the inputs into folders of their kinds; with `keras` a network and its scores too."""
    for name in ("pictures", "videos", "model", "tables"):
        (folder / name).mkdir(parents=True)
    face = _face()
    _write_pictures(folder / "pictures", face)
    _write_videos(folder / "videos", face)
    for file in (shipped_model(), card_path(shipped_model())):
        shutil.copy(file, folder / "model" / f"m{file.suffix}")
    _write_tables(folder / "tables", face)
    if keras:
        (folder / "keras").mkdir()
        _write_keras(folder / "keras")


def _face() -> Picture:
    gray, _ = draw_face(PROTOTYPES[Emotion.HAPPY], Looks())
    small = cv2.resize(gray, (96, 96), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(small, 0, 255), dtype=np.uint8)


def _write_pictures(folder: Path, face: Picture) -> None:
    color = np.dstack([face, face, 255 - face])
    coded = {
        "gray.jpg": (face, []),
        "color.jpg": (color, []),
        "progressive.jpg": (color, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_RST_INTERVAL, 2]),
        "gray.png": (face, []),
        "color.png": (color, []),
        "alpha.png": (np.dstack([color, face]), []),
        "deep.png": (face.astype(np.uint16) * 257, []),
        "bits.png": (face, [cv2.IMWRITE_PNG_BILEVEL, 1]),
        "lossy.webp": (color, [cv2.IMWRITE_WEBP_QUALITY, 50]),
        "lossless.webp": (color, [cv2.IMWRITE_WEBP_QUALITY, 101]),
        "color.bmp": (color, []),
        "gray.pgm": (face, []),
        "color.tiff": (color, []),
        "gray.jp2": (face, []),
        "color.hdr": (color.astype(np.float32), []),
        "color.ras": (color, []),
    }
    for name, (picture, options) in coded.items():
        with contextlib.suppress(cv2.error):  # each OpenCV has other encoders
            (folder / name).write_bytes(cv2.imencode(Path(name).suffix, picture, options)[1].tobytes())
    for name, content in STUBS.items():
        (folder / name).write_bytes(content)
    _write_animated(folder)
    _write_turned(folder)


def _write_animated(folder: Path) -> None:
    """Write a PNG of three pictures (w3.org/TR/png, acTL), and a WebP of two (RFC 9649)."""
    head, *_ = FORMS["png"].apart((folder / "color.png").read_bytes())
    pixels = b"".join(
        each.data for each in FORMS["png"].apart((folder / "color.png").read_bytes()) if each.name == b"IDAT"
    )
    chunks = [head, Chunk(b"acTL", struct.pack(">II", 3, 0)), _frame(0), Chunk(b"IDAT", pixels)]
    for number in (1, 3):
        chunks += [_frame(number), Chunk(b"fdAT", struct.pack(">I", number + 1) + pixels)]
    (folder / "animated.png").write_bytes(png([*chunks, Chunk(b"IEND", b"")]))
    _, coded, *_ = FORMS["riff"].apart((folder / "lossy.webp").read_bytes())
    size = (95).to_bytes(3, "little") * 2
    one = b"\0" * 6 + size + b"\x64\0\0\0" + riff([Chunk(b"RIFF", b""), coded])[12:]
    (folder / "animated.webp").write_bytes(
        riff(
            [
                Chunk(b"RIFF", b"WEBP"),
                Chunk(b"VP8X", b"\2\0\0\0" + size),
                Chunk(b"ANIM", b"\xff" * 4 + b"\0\0"),
                *[Chunk(b"ANMF", one)] * 2,
            ]
        )
    )


def _frame(number: int) -> Chunk:
    return Chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 96, 96, 0, 0, 1, 10, 0, 0))


def _write_turned(folder: Path) -> None:
    """Write pictures with an orientation in their EXIF data."""
    exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    data = (folder / "color.jpg").read_bytes()
    app1 = b"Exif\0\0" + exif
    (folder / "turned.jpg").write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(app1)) + app1 + data[2:])
    kind, coded, *_ = FORMS["riff"].apart((folder / "lossy.webp").read_bytes())
    extended = Chunk(b"VP8X", b"\x08\0\0\0" + (95).to_bytes(3, "little") * 2)
    (folder / "turned.webp").write_bytes(riff([kind, extended, coded, Chunk(b"EXIF", exif)]))


def _write_videos(folder: Path, face: Picture) -> None:
    color = np.dstack([face] * 3)
    for name, code in (("a.avi", "MJPG"), ("b.mp4", "mp4v"), ("c.avi", "XVID"), ("d.mkv", "mp4v"), ("e.mov", "mp4v")):
        writer = cv2.VideoWriter(str(folder / name), cv2.VideoWriter.fourcc(*code), 10.0, (96, 96))
        for _ in range(5):
            writer.write(color)
        writer.release()
        if not (folder / name).exists() or not (folder / name).stat().st_size:
            (folder / name).unlink(missing_ok=True)
    picture = cv2.imencode(".jpg", color)[1].tobytes()
    (folder / "f.mjpeg").write_bytes(picture * 5)
    (folder / "g.y4m").write_bytes(b"YUV4MPEG2 W96 H96 F10:1 Cmono\n" + (b"FRAME\n" + face.tobytes()) * 5)
    (folder / "h.gif").write_bytes(GIF)


def _write_tables(folder: Path, face: Picture) -> None:
    """Write a small fer2013.csv, and fer2013new.csv with the votes of the crowd for its rows."""
    small = cv2.resize(face, (48, 48), interpolation=cv2.INTER_AREA).astype(int)
    pictures, votes = ["emotion,pixels,Usage"], [f"Usage,Image name,{VOTES}"]
    for row in range(49):
        usage = "PublicTest" if row >= 42 else "Training"
        pixels = " ".join(map(str, np.clip(small + row, 0, 255).ravel()))
        pictures.append(f"{row % 7},{pixels},{usage}")
        votes.append(f"{usage},fer{row:07d}.png,{','.join('8' if row % 10 == place else '1' for place in range(10))}")
    for name, lines in (("fer2013.csv", pictures), ("fer2013new.csv", votes)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="ascii")


def _write_keras(folder: Path) -> None:
    """Write a network of one layer, as any Keras model is, and the output of `quantize score` for it."""
    import keras
    from keras import layers

    from quantize.cli import main

    inputs = keras.Input((48, 48, 1))
    flat = layers.Flatten()(layers.AveragePooling2D(12)(inputs))
    keras.Model(inputs, layers.Dense(7)(flat)).save(folder / "one.keras")
    table = folder.parent / "tables" / "fer2013.csv"
    code = main(["score", str(folder / "one.keras"), "--data", str(table), "--out", str(folder / "one.npz")])
    assert code == 0


if __name__ == "__main__":
    write_seeds(Path(sys.argv[1]), keras="keras" in sys.argv[2:])
