"""Bad pictures, videos and folders of pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

from tests.fuzz.bytewise import mutated
from tests.fuzz.case import Case, Seeds
from tests.fuzz.chunks import form_of, remade
from tests.fuzz.places import DEVICES, ODD_NAMES, placed

SUFFIXES = (".png", ".jpg", ".webp", ".bmp", ".tif", ".pgm", ".gif", ".heic", ".mp4", "")
SYSTEM_FILES = {
    ".DS_Store": b"\0\0\0\1Bud1",
    "._x.jpg": b"\0\5\x16\7",
    "Thumbs.db": b"\xd0\xcf\x11\xe0",
    "desktop.ini": b"[x]",
}
INTRICATE = ("animated.png", "animated.png", "animated.webp", "turned.jpg", "turned.webp", "color.tiff")
"""Those with most to go wrong."""
QUIET = ("--fast", "--voice", "none", "--duration", "60")


def damaged(data: bytes, rng: Random, other: bytes = b"") -> tuple[bytes, str]:
    """Return a picture or a video with changed bytes or chunks."""
    form = form_of(data)
    if form is not None and rng.random() < 0.6:
        return remade(data, form, rng)
    return mutated(data, rng, other)


def picture(rng: Random, seeds: Seeds) -> tuple[bytes, str, str]:
    """Return a picture that is most likely damaged: its bytes, its ending, and what was done."""
    all_there = sorted((seeds / "pictures").iterdir())
    source, other = rng.choice(all_there), rng.choice(all_there)
    if rng.random() < 0.25:
        source = seeds / "pictures" / rng.choice(INTRICATE)
    suffix = source.suffix if rng.random() < 0.8 else rng.choice(SUFFIXES)
    if rng.random() < 0.05:
        return source.read_bytes(), suffix, source.name
    data, how = damaged(source.read_bytes(), rng, other.read_bytes())
    return data, suffix, f"{source.name}: {how}"


def pictures(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a case for `assistant look`; one in ten plays the picture as a recording."""
    data, suffix, what = picture(rng, seeds)
    there = placed(folder / f"picture{suffix}", data, rng)
    told = f"{what}; {there.what}".strip("; ")
    if rng.random() < 0.1:
        arguments = ("run", "--camera", f"replay:{there.path}", *QUIET)
        return Case(told, "assistant", arguments, (0, 1), may_wait=there.may_wait, overrides_rights=not there.is_closed)
    options = ["--json"] if rng.random() < 0.3 else []
    return Case(told, "assistant", ("look", *options, str(there.path)), (0, 1), overrides_rights=not there.is_closed)


def videos(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a case for `assistant run --camera replay:`."""
    source, other = (rng.choice(sorted((seeds / "videos").iterdir())) for _ in range(2))
    data, how = damaged(source.read_bytes(), rng, other.read_bytes())
    suffix = source.suffix if rng.random() < 0.9 else rng.choice((*SUFFIXES, ".sdp", ".m3u8", ".mpd", ".yuv"))
    there = placed(folder / f"video{suffix}", data, rng)
    events = ("--events", str(folder / "out" / "events.jsonl")) if rng.random() < 0.3 else ()
    return Case(
        f"{source.name}: {how}; {there.what}".strip("; "),
        "assistant",
        ("run", "--camera", f"replay:{there.path}", *QUIET, *events),
        (0, 1),
        may_wait=there.may_wait,
        overrides_rights=not there.is_closed,
    )


def folders(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a case with a folder of pictures, as a recording or as a data set."""
    top = folder / "pictures"
    as_data = rng.random() < 0.6
    told = _fill(top, rng, seeds, as_data=as_data)
    if not as_data:
        return Case(told, "assistant", ("run", "--camera", f"replay:{top}", *QUIET), (0, 1))
    out = ("--json", str(folder / "out" / "stats.json"))
    return Case(told, "quantize", ("stats", str(top), *out, *(["--strict"] if rng.random() < 0.2 else [])), (0, 1))


def _fill(top: Path, rng: Random, seeds: Seeds, *, as_data: bool) -> str:
    top.mkdir()
    told = []
    for number in range(rng.randrange(5)):
        below = _class_folder(top, rng) if as_data else top
        below.mkdir(parents=True, exist_ok=True)
        told.append(_add(below, number, rng, seeds))
    return ", ".join(told) or "nothing"


def _class_folder(top: Path, rng: Random) -> Path:
    part = rng.choice(("train", "test", "Train", "val", "validation", "PublicTest", "..", "x", "é"))
    label = rng.choice(("happy", "sad", "Happy", "contempt", "0", "happiness", "a b", "surprise", ".ipynb_checkpoints"))
    return top / (part if part != ".." else "up") / label


def _add(below: Path, number: int, rng: Random, seeds: Seeds) -> str:
    data, suffix, what = picture(rng, seeds)
    choice = rng.random()
    if choice < 0.15:
        name = rng.choice(list(SYSTEM_FILES))
        (below / name).write_bytes(SYSTEM_FILES[name])
        return name
    if choice < 0.25:
        odd = below / (os.fsdecode(rng.choice(ODD_NAMES)) + suffix)
        odd.write_bytes(data)
        return f"{odd.name[:20]!a}: {what}"
    if choice < 0.35:
        return _add_no_file(below / f"{number}{suffix or '.png'}", rng)
    if choice < 0.6:
        source = rng.choice(("gray.png", "color.jpg", "lossy.webp"))
        shutil.copy(seeds / "pictures" / source, below / f"{number}{Path(source).suffix}")
        return source
    (below / f"{number}{suffix}").write_bytes(data)
    return what


def _add_no_file(path: Path, rng: Random) -> str:
    way = rng.choice(("folder", "pipe", "device", "link up", "link to nothing"))
    if way == "folder":
        path.mkdir(exist_ok=True)
    elif way == "pipe" and not path.exists():
        os.mkfifo(path)
    elif not path.exists() and not path.is_symlink():
        path.symlink_to({"device": rng.choice(DEVICES), "link up": "..", "link to nothing": "nowhere"}.get(way, "x"))
    return way
