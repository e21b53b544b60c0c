"""`python -m tests.fuzz` is the program that `script/fuzz` runs."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.child import ROOT
from tests.fuzz.kinds import KINDS, missing, shared_out
from tests.fuzz.pool import Trial, seeds_made, tried
from tests.fuzz.report import Report


def main(argv: Sequence[str] | None = None) -> int:
    """Try the inputs and print the table; return 1 when an input failed, 2 for wrong arguments."""
    arguments = _parser().parse_args(argv)
    if arguments.python:
        return _elsewhere(arguments.python, list(sys.argv[1:] if argv is None else argv))
    names = [name for name in arguments.kinds if not _left_out(name)]
    if not names:
        return 2
    trial = Trial(_folder(arguments), arguments.seed, arguments.patience, arguments.workers)
    if trial.folder.exists() and any(trial.folder.iterdir()):
        if arguments.keep:
            print(f"fuzz: {trial.folder}: is not empty; name another folder", file=sys.stderr)
            return 2
        shutil.rmtree(trial.folder)
    trial.folder.mkdir(parents=True, exist_ok=True)
    numbers = {name: range(count) for name, count in shared_out(arguments.count, names).items()}
    if arguments.only is not None:
        numbers = {name: range(arguments.only, arguments.only + 1) for name in names}
    return _tell(trial, numbers)


def _tell(trial: Trial, numbers: dict[str, range]) -> int:
    begun = time.monotonic()
    report = Report()
    seeds_made(trial, numbers)
    with contextlib.suppress(KeyboardInterrupt):  # what was tried until then counts
        tried(trial, numbers, report.add)
    minutes = (time.monotonic() - begun) / 60
    print("\n".join(report.table()))
    print(f"{report.tried} inputs of seed {trial.seed} in {minutes:.1f} minutes, {report.failed} failed")
    if not report.failed:
        shutil.rmtree(trial.folder)
        return 0
    print("\n".join(report.failures()))
    print(f"what failed is in {trial.folder}, each with its command in command.sh")
    return 1


def _folder(arguments: argparse.Namespace) -> Path:
    return Path(arguments.keep).resolve() if arguments.keep else ROOT / "build" / f"fuzz-{arguments.seed}"


def _left_out(name: str) -> bool:
    lacks = missing(name)
    if lacks:
        print(f"fuzz: {name}: left out, since {lacks} is not installed", file=sys.stderr)
    return bool(lacks)


def _elsewhere(python: str, argv: list[str]) -> int:
    """Do the same with another Python interpreter, which has other versions of the libraries."""
    at = next(number for number, each in enumerate(argv) if each.partition("=")[0] == "--python")
    del argv[at : at + 1 + ("=" not in argv[at])]
    os.chdir(ROOT)
    os.execv(python, [python, "-m", "tests.fuzz", *argv])  # noqa: S606 - the one that was named


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fuzz", description="Tries bad inputs of every kind through the real commands, and counts what goes wrong."
    )
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="how many inputs (default: %(default)s)")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same gives the same (default: %(default)s)"
    )
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--only", type=int, metavar="NUMBER", help="this one input of each kind")
    parser.add_argument("--keep", metavar="FOLDER", help="where what fails is kept (default: build/fuzz-S)")
    workers = os.cpu_count() or 1
    parser.add_argument("--workers", type=int, default=workers, metavar="N", help="at a time (default: %(default)s)")
    parser.add_argument(
        "--patience", type=float, default=20.0, metavar="SECONDS", help="what takes longer hangs (default: %(default)s)"
    )
    parser.add_argument("--python", metavar="PATH", help="another interpreter to run it with")
    return parser


if __name__ == "__main__":
    sys.exit(main())
