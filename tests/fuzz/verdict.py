"""Decides what is wrong with the end of a command."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.fuzz.case import Case
from tests.fuzz.child import Ended

MOST_READ = 200_000
"""Of what a command said."""
OWN = frozenset({"stdout", "stderr", "home", "command.sh"})
"""What a case's folder has that is no input."""
UNFINISHED = ".unfinished-"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What no message may hold: a terminal takes it for an order."""

Stamps = Mapping[Path, tuple[int, int, int]]
Fault = tuple[str, str]


def stamps(folder: Path) -> Stamps:
    """Return what lies in the folder of a case, with the time of each last change."""
    found = {}
    for path in _below(folder):
        there = path.lstat()
        if path.relative_to(folder).parts[0] not in OWN:
            found[path] = (there.st_mode, there.st_size, there.st_mtime_ns if stat.S_ISREG(there.st_mode) else 0)
    return found


def _below(folder: Path) -> Iterator[Path]:
    for top, folders, files in os.walk(folder):
        yield from (Path(top) / name for name in (*folders, *files))


def faults(case: Case, folder: Path, before: Stamps, ended: Ended, most_mb: int) -> list[Fault]:
    """Return each fault with what was seen."""
    out, err = (_said(folder / name) for name in ("stdout", "stderr"))
    found: list[Fault] = []
    if "Traceback (most recent call last)" in err + out:
        found.append(("traceback", last_words(err + out)))
    if ended.hung:
        found.append(("hang", f"after {ended.seconds:.0f} s {_where(err)}"))
    elif case.may_wait and ended.code in (-signal.SIGTERM, 0):
        pass
    elif ended.code < 0:
        found.append(("signal", f"{signal.Signals(-ended.code).name} {_where(err)}"))
    elif ended.code not in case.codes and "Traceback" not in err:
        found.append(("exit code", f"{ended.code}, right is {case.codes}: {last_words(err)}"))
    found += _words(out, err, ended)
    if ended.memory_mb > most_mb:
        found.append(("memory", f"{ended.memory_mb} MB"))
    if not ended.hung and ended.code >= 0:
        found += [("half-written", each) for each in _left(folder, before, ended.code)]
    return found


def last_words(text: str) -> str:
    """Return the last line of the output; of a traceback, the error."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")[:200]


def _words(out: str, err: str, ended: Ended) -> Iterator[Fault]:
    if ended.code in (1, 2) and not (out + err).strip():
        yield "words", "it failed without a word"
    found = CONTROL.search(out + err)
    if found:
        yield "words", f"{found[0]!r} on the terminal"


def _where(err: str) -> str:
    """Return the innermost function of faulthandler's trace of the main thread."""
    lines = re.findall(r'File "([^"]+)", line (\d+) in (\S+)', err)
    return f"in {Path(lines[0][0]).name}:{lines[0][1]} {lines[0][2]}" if lines else ""


def _left(folder: Path, before: Stamps, code: int) -> Iterator[str]:
    """Return the files that were changed, left behind or half-written."""
    after = stamps(folder)
    yield from (
        f"{path.name} was changed" for path, stamp in before.items() if after.get(path) != stamp and path.suffix
    )
    for path in after.keys() - before.keys():
        if "out" not in path.relative_to(folder).parts[:1] or path.name.startswith(UNFINISHED):
            yield f"{path.relative_to(folder)} was left"
        elif code and path.suffix != ".jsonl":  # events tell what happened until then
            yield f"{path.relative_to(folder)} was left though it failed"
        elif path.is_file() and not _is_whole(path):
            yield f"{path.relative_to(folder)} is not whole"
    yield from (f"{path.name} was left" for path in _below(folder / "home") if path.name.startswith(UNFINISHED))


def _is_whole(path: Path) -> bool:
    try:
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"), parse_constant=_refused)
        elif path.suffix == ".jsonl":
            [json.loads(line, parse_constant=_refused) for line in path.read_text(encoding="utf-8").splitlines()]
        elif path.suffix in (".npz", ".keras"):
            with zipfile.ZipFile(path) as packed:
                return packed.testzip() is None
    except (ValueError, zipfile.BadZipFile):
        return False
    return True


def _refused(name: str) -> None:
    raise ValueError(name)


def _said(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        size = path.stat().st_size
        beginning = file.read(MOST_READ)
        file.seek(max(len(beginning), size - MOST_READ))
        return (beginning + file.read()).decode("utf-8", errors="replace")
