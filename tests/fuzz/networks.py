"""Bad models and their companions: .tflite files, cards, .keras files, scores of teachers."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from random import Random

from tests.fuzz.bytewise import mutated
from tests.fuzz.case import Case, Seeds
from tests.fuzz.chunks import FORMS, Chunk, remade
from tests.fuzz.places import placed
from tests.fuzz.words import changed_json, encoded

TAUGHT = ("--epochs", "1", "--teacher-weight", "0.5", "--live-teachers")
HEAD_BYTES = 20_000
"""Of a .tflite file, where its tables may be; what follows is mostly weights."""


def models(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a damaged .tflite file; most of the cards name its hash, so that it is loaded."""
    data = (seeds / "model" / "m.tflite").read_bytes()
    data, how = _tables_changed(data, rng) if rng.random() < 0.5 else mutated(data, rng)
    there = placed(folder / "model.tflite", data, rng, share=0.15)
    what = f"{how}; {there.what}".strip("; ")
    if rng.random() < 0.8:
        card = json.loads((seeds / "model" / "m.json").read_bytes())
        if rng.random() < 0.8:
            card["sha256"] = hashlib.sha256(data).hexdigest()
            what += "; its card has its SHA-256"
        there.path.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
    return _asked(what, there.path, rng, folder, seeds, overrides_rights=not there.is_closed)


def cards(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a wrong card beside a good model."""
    model = folder / "model.tflite"
    model.symlink_to(seeds / "model" / "m.tflite")
    text, how = changed_json(json.loads((seeds / "model" / "m.json").read_bytes()), rng)
    data, coded = encoded(text, rng)
    there = placed(folder / "model.json", data, rng, share=0.08)
    what = f"{how}, {coded}; {there.what}".strip("; ")
    return _asked(what, model, rng, folder, seeds, overrides_rights=not there.is_closed)


def _asked(what: str, model: Path, rng: Random, folder: Path, seeds: Seeds, *, overrides_rights: bool) -> Case:
    """Draw a command that takes a model."""
    picture, name = str(seeds / "pictures" / "gray.png"), str(model)
    script = ("--camera", "simulated:happy 0.5", "--fast", "--voice", "none")
    commands: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
        (("look", "--model", name, picture), (0, 1)),
        (("doctor", "model", "--model", name), (0, 1)),
        (("run", *script, "--model", name), (0, 2)),
    )
    arguments, codes = rng.choice(commands)
    return Case(what, "assistant", arguments, codes, overrides_rights=overrides_rights)


def _tables_changed(data: bytes, rng: Random) -> tuple[bytes, str]:
    """Change numbers in the tables at the beginning or the end: offsets, shapes, kinds, scales."""
    changed = bytearray(data)
    told = []
    for _ in range(rng.choice((1, 2, 8))):
        at = rng.choice((rng.randrange(64), rng.randrange(HEAD_BYTES), len(data) - 4 - rng.randrange(HEAD_BYTES))) & ~3
        number = rng.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\1\0\0\0", rng.randbytes(4)))
        changed[at : at + 4] = number
        told.append(f"{number.hex()} at {at}")
    return bytes(changed), ", ".join(told)


def keras_files(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a damaged .keras file: its zip, its entries, or its description of the network."""
    data = (seeds / "keras" / "one.keras").read_bytes()
    way = rng.random()
    if way < 0.5:
        data, how = _description_changed(data, rng)
    else:
        data, how = remade(data, FORMS["zip"], rng) if way < 0.8 else mutated(data, rng)
    there = placed(folder / "model.keras", data, rng, share=0.08)
    table, out = str(seeds / "tables" / "fer2013.csv"), folder / "out"
    name = str(there.path)
    commands = (
        ("evaluate", name, "--data", table, "--usage", "PublicTest", "--json", str(out / "e.json")),
        ("score", name, "--data", table, "--out", str(out / "s.npz")),
        ("compare", name, "--data", table, "--json", str(out / "c.json")),
    )
    what = f"{how}; {there.what}".strip("; ")
    return Case(what, "quantize", rng.choice(commands), (0, 1), overrides_rights=not there.is_closed)


def _description_changed(data: bytes, rng: Random) -> tuple[bytes, str]:
    entries = FORMS["zip"].apart(data)
    told = "nothing"
    for number, entry in enumerate(entries):
        if entry.name == b"config.json":
            text, told = changed_json(json.loads(entry.data), rng)
            entries[number] = Chunk(entry.name, text.encode("utf-8", errors="replace"))
    return FORMS["zip"].together(entries), f"config.json: {told}"


def score_files(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a damaged .npz file as a teacher; a second teacher is missing, so that no training begins."""
    data = (seeds / "keras" / "one.npz").read_bytes()
    data, how = remade(data, FORMS["zip"], rng) if rng.random() < 0.6 else mutated(data, rng)
    there = placed(folder / "teacher.npz", data, rng, share=0.08)
    table, out = seeds / "tables" / "fer2013.csv", folder / "out" / "net.keras"
    missing = folder / "missing.keras"
    return Case(
        f"{how}; {there.what}".strip("; "),
        "quantize",
        ("train", "--data", str(table), "--teacher", str(there.path), "--out", str(out), *TAUGHT, str(missing)),
        (1, 2),
        overrides_rights=not there.is_closed,
    )
