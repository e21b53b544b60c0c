"""Texts that people write: settings, phrases, scripts of the simulated camera, tables."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from random import Random

from assistant.app.configuration.settings import Settings, settings_as_toml
from assistant.camera.drivers.simulated import DEFAULT_SCRIPT, WORDS
from assistant.speech.phrases import languages
from tests.fuzz.bytewise import mutated
from tests.fuzz.case import Case, Seeds
from tests.fuzz.places import placed
from tests.fuzz.words import NUMBERS, TEXTS, changed_toml, encoded

DEMO = ("--camera", "simulated:empty 0.2", "--fast", "--voice", "none")


def settings(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw the machine's settings file, which is refused when wrong, or the wearer's, which does not count then."""
    lines = [line for line in settings_as_toml(Settings()).splitlines() if rng.random() < 0.5 or line.startswith("[")]
    text, how = changed_toml("\n".join(lines), rng)
    data, coded = encoded(text, rng)
    if rng.random() < 0.2:
        own = folder / "home" / "state"
        own.mkdir(parents=True)
        there = placed(own / "settings.toml", data, rng, share=0.1)
        there.path.rename(own / "settings.toml") if there.path.is_file() else None
        environment = {"STATE_DIRECTORY": str(own)}
        arguments = rng.choice((("settings", "--current"), ("run", *DEMO)))
        return Case(f"the wearer's: {how}, {coded}; {there.what}", "assistant", arguments, (0, 1), environment)
    there = placed(folder / "settings.toml", data, rng)
    run = rng.random() < 0.25
    arguments = ("run", *DEMO) if run else ("settings", "--current")
    what = f"{how}, {coded}; {there.what}".strip("; ")
    codes = (0, 1, 2) if run else (0, 2)  # a button that is asked for is not there
    return Case(
        what, "assistant", (*arguments, "--config", str(there.path)), codes, overrides_rights=not there.is_closed
    )


def phrases(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a file of the wearer's phrases."""
    text = (resources.files("assistant.speech.phrases") / f"{rng.choice(languages())}.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if rng.random() < 0.5 or line.startswith("[")]
    changed, how = changed_toml("\n".join(lines), rng)
    data, coded = encoded(changed, rng)
    there = placed(folder / "phrases.toml", data, rng)
    config = folder / "settings.toml"
    named = str(there.path).encode("unicode_escape", errors="surrogateescape").decode("ascii")
    is_plain = named == str(there.path) and '"' not in named
    config.write_text(f'voice.wordings = "{there.path}"\n' if is_plain and rng.random() < 0.5 else "", encoding="utf-8")
    what = f"{how}, {coded}; {there.what}".strip("; ")
    return Case(
        what, "assistant", ("run", *DEMO, "--config", str(config)), (0, 2), overrides_rights=not there.is_closed
    )


def scripts(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a script of words and seconds."""
    entries = [_entry(rng) for _ in range(rng.choice((1, 2, 3, 50)))]
    script = rng.choice((",", ", ", ", ", ", ", ",,", "\n")).join(entries)
    if rng.random() < 0.3:
        script = mutated(DEFAULT_SCRIPT.encode(), rng)[0].decode("utf-8", errors="surrogateescape")
    script = script.replace("\0", "")[:100_000]
    options = ("--fast", "--voice", "none", "--duration", "0.5")
    return Case(f"{script[:60]!a}", "assistant", ("run", "--camera", f"simulated:{script}", *options), (0, 1, 2))


def _entry(rng: Random) -> str:
    """Draw an entry, which is mostly right."""
    word, seconds = rng.choice(WORDS), rng.choice(("1", "0.1", "2.5", "1e-9", "86400"))
    if rng.random() < 0.6:
        return f"{word} {seconds}"
    marked = ("happy+other", "happy+other+other", "happy+left+other", "sad+up+down", "+other", "unplugged+other")
    odd = rng.choice((*TEXTS, *marked, "HAPPY"))
    number = rng.choice(("86401", *NUMBERS))
    return rng.choice((f"{odd} {seconds}", f"{word} {number}", f"{word}{seconds}", f"{seconds} {word}", word))


def tables(rng: Random, folder: Path, seeds: Seeds) -> Case:
    """Draw a table of pictures, or of votes, that is to be counted."""
    table, votes = ((seeds / "tables" / name).read_text(encoding="utf-8") for name in ("fer2013.csv", "fer2013new.csv"))
    with_votes = rng.random() < 0.4
    changed, how = _table_changed(votes if with_votes else table, rng)
    data, coded = encoded(changed, rng)
    there = placed(folder / "table.csv", data, rng, share=0.08)
    names = (str(seeds / "tables" / "fer2013.csv"), "--ferplus", str(there.path)) if with_votes else (str(there.path),)
    options = ("--json", str(folder / "out" / "stats.json"), *(["--strict"] if rng.random() < 0.2 else []))
    what = f"{'votes' if with_votes else 'pictures'}: {how}, {coded}; {there.what}".strip("; ")
    return Case(what, "quantize", ("stats", *names, *options), (0, 1, 2), overrides_rights=not there.is_closed)


def _table_changed(text: str, rng: Random) -> tuple[str, str]:
    rows = [line.split(",") for line in text.splitlines()]
    rows = rows[: rng.choice((1, 2, 8, 50))]
    told = []
    for _ in range(rng.choice((1, 1, 3))):
        at = rng.choice((0, rng.randrange(len(rows))))
        way = rng.choice((_cell, _cell, _header, _row_lost, _row_doubled, _quotes, _delimiter))
        told.append(way(rows, at, rng))
        if not rows:
            break
    return "\n".join(",".join(row) for row in rows) + "\n", ", ".join(told)


def _cell(rows: list[list[str]], at: int, rng: Random) -> str:
    row = rows[at]
    column = rng.randrange(len(row)) if row else 0
    parts = row[column].split(" ") if row else [""]
    parts[rng.randrange(len(parts))] = rng.choice((*NUMBERS, *TEXTS, "256", "-1", "7", "1.5", " 3 "))
    row[column : column + 1] = [" ".join(parts)]
    return f"a cell of row {at}"


def _header(rows: list[list[str]], at: int, rng: Random) -> str:
    rows[0] = [
        rng.choice((f" {name}", name.upper(), name, name, "", f'"{name}"', rng.choice(rows[0]))) for name in rows[0]
    ]
    return "the header"


def _row_lost(rows: list[list[str]], at: int, rng: Random) -> str:
    rows.pop(at)
    return f"row {at} lost"


def _row_doubled(rows: list[list[str]], at: int, rng: Random) -> str:
    rows[at:at] = [list(rows[at]) * rng.choice((1, 1, 40))] * rng.choice((1, 30))
    return f"row {at} doubled"


def _quotes(rows: list[list[str]], at: int, rng: Random) -> str:
    rows[at] = [rng.choice((f'"{cell}"', f'"{cell}', cell, f"{cell}\0", f"'{cell}'")) for cell in rows[at]]
    return f"quotes in row {at}"


def _delimiter(rows: list[list[str]], at: int, rng: Random) -> str:
    sign = rng.choice(";\t|:")
    rows[:] = [[sign.join(row)] for row in rows]
    return f"columns parted by {sign!r}"
