"""Wrong values, texts and encodings for TOML, JSON, CSV, scripts and forms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.fuzz.bytewise import mutated

NUMBERS = (
    "0",
    "-1",
    "-0.0",
    "1e999",
    "-1e999",
    "1e-400",
    "nan",
    "-inf",
    "Infinity",
    "NaN",
    "9" * 400,
    "9" * 5000,
    "0x10",
    "1_000",
    "00017",
    "1,5",
    "١٢",
    "²",
    "4294967296",
    "18446744073709551616",
    "0." + "3" * 3000,
)
TEXTS = (
    "",
    " ",
    "\0",
    "\x1b[2J\x1b]0;x\a",
    "a" * 201,
    "b" * 70_000,
    "é",
    "😀",
    "\u202etxt",
    "../../etc/passwd",
    "/dev/zero",
    "%s%n%p",
    "{0}{x!r}",
    "$(id)",
    "'; id #",
    "a\nb",
    "\r\n",
    "~",
    "-",
    "--help",
    "null",
    "\ufeff",
    "\ufffe",
    "<script>",
)
OTHER_TOML = (
    "true",
    "[]",
    "{}",
    "[1, 'a', [2]]",
    "{a = {b = {c = 1}}}",
    "1979-05-27T07:32:00Z",
    "07:32:00",
    "'''\n'''",
    '"\\u0000"',
    '"\\ud800"',
    '"\\q"',
    '"open',
    "[" * 20 + "]" * 20,
    "[" * 3000 + "]" * 3000,
    "{a=" * 300 + "1" + "}" * 300,
    "1 2",
    "",
)
OTHER_JSON = (
    "true",
    "null",
    "[]",
    "{}",
    '[1, "a", [2]]',
    '{"a": {"b": 1}}',
    '"\\ud800"',
    '"\\u0000"',
    '"open',
    "[" * 20 + "]" * 20,
    "[" * 3000 + "]" * 3000,
    '{"a":' * 3000 + "1" + "}" * 3000,
    "",
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7", "cp500")


def toml_value(rng: Random) -> str:
    """Draw a text for the place behind an equals sign."""
    return rng.choice((rng.choice(NUMBERS), _toml_text(rng), rng.choice(OTHER_TOML)))


def json_value(rng: Random) -> str:
    """Draw a text for the place behind a colon."""
    return rng.choice((rng.choice(NUMBERS), json.dumps(rng.choice(TEXTS)), rng.choice(OTHER_JSON)))


def _toml_text(rng: Random) -> str:
    text = rng.choice(TEXTS)
    return f'"{text}"' if rng.random() < 0.2 else json.dumps(text)


def encoded(text: str, rng: Random) -> tuple[bytes, str]:
    """Return the text as bytes, in UTF-8 in more than half of the cases, and say how."""
    if rng.random() < 0.55:
        return text.encode("utf-8", errors="replace"), "in UTF-8"
    if rng.random() < 0.3:
        changed, how = mutated(text.encode("utf-8", errors="replace"), rng)
        return changed, how
    if rng.random() < 0.2:
        ends = rng.choice(("\r\n", "\r", "\n\r", "\x85", "\u2028"))
        return text.replace("\n", ends).encode(), f"with line ends {ends!r}"
    name = rng.choice(ENCODINGS)
    return text.encode(name, errors="replace"), f"in {name}"


def changed_json(table: Any, rng: Random) -> tuple[str, str]:
    """Return a JSON table with a few entries wrong, missing, doubled or of another kind, and name them."""
    told, values = [], {}
    for number in range(rng.choice((1, 1, 1, 3))):
        holder, key = rng.choice(list(_entries(table)) or [({"": 0}, "")])
        told.append(str(key))
        if rng.random() < 0.2:
            del holder[key]
        else:
            holder[key] = f"@{number}@"
            values[holder[key]] = json_value(rng)
    text = json.dumps(table, ensure_ascii=False)
    for sign, value in values.items():
        text = text.replace(f'"{sign}"', value)
    if rng.random() < 0.1:
        text = rng.choice((f"[{text}]", text + text, text[:-1], f"{text},", text.replace(":", "=", 1), json_value(rng)))
    return text, f"{' and '.join(told)} changed"


def _entries(table: Any) -> Iterator[tuple[Any, Any]]:
    """Return every place in a JSON table: its container and its key."""
    items = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    for key, value in list(items):
        yield table, key
        yield from _entries(value)


def changed_toml(text: str, rng: Random) -> tuple[str, str]:
    """Return a TOML file with a few lines wrong, missing, doubled or added, and say how."""
    lines = text.splitlines()
    told = []
    for _ in range(rng.choice((1, 1, 2, 4))):
        way = rng.choice((_value, _value, _value, _key, _lost, _doubled, _deep, _moved))
        told.append(way(lines, rng))
        if not lines:
            break
    return "\n".join(lines) + "\n", ", ".join(told)


def _assignments(lines: list[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if "=" in line and not line.startswith("#")] or [0]


def _value(lines: list[str], rng: Random) -> str:
    at = rng.choice(_assignments(lines))
    key = lines[at].partition("=")[0]
    lines[at] = f"{key}= {toml_value(rng)}"
    return f"another value of {key.strip()[:40]}"


def _key(lines: list[str], rng: Random) -> str:
    at = rng.choice(_assignments(lines))
    key, sign, value = lines[at].partition("=")
    names = ("", "a.b.c", '"a b"', "'\\'", "é", "a" * 5000, ".".join("a" * 40), f"{key.strip()}.x", '"\\u0000"', "#")
    lines[at] = f"{rng.choice(names)} {sign}{value}"
    return f"another key than {key.strip()[:40]}"


def _lost(lines: list[str], rng: Random) -> str:
    lines.pop(rng.randrange(len(lines)))
    return "a line lost"


def _doubled(lines: list[str], rng: Random) -> str:
    at = rng.randrange(len(lines))
    lines[at:at] = [lines[at]] * rng.choice((1, 1, 500))
    return "a line doubled"


def _moved(lines: list[str], rng: Random) -> str:
    lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))
    return "a line moved"


def _deep(lines: list[str], rng: Random) -> str:
    count = rng.choice((5, 17, 200, 3000, 20_000))
    deep = (
        f"[{'.'.join('a' * count)}]",
        f"[[{'.'.join('a' * count)}]]",
        f"x = {'[' * count}{']' * count}",
        f"x = {'{a=' * count}1{'}' * count}",
        f"{'.'.join('a' * count)} = 1",
        "\n".join(f"[{'.'.join('a' * depth)}]" for depth in range(1, min(count, 200))),
    )
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(deep))
    return f"{count} deep"
