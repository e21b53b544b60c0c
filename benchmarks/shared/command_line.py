"""The command line of a benchmark."""

from __future__ import annotations

import argparse
from pathlib import Path


def benchmark_parser(doc: str | None) -> argparse.ArgumentParser:
    """Build a parser whose `--help` shows a benchmark's own docstring; `doc` is its `__doc__`."""
    return argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)


def existing_path(text: str) -> Path:
    """Return an argument as a path; argparse exits with 2 when there is nothing at it."""
    path = Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text}: there is no such file or folder")
    return path
