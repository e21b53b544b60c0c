"""Runs a model once in a process of its own: a damaged one would end the program that loads it, without a word."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from assistant.errors import ModelError
from assistant.interpreter import load_interpreter
from assistant.shipped import shipped_finder, shipped_model

LONGEST_S = 60.0
"""A Pi Zero 2 W takes about five seconds for a model of a megabyte."""

MOST_BYTES = 2 << 30
"""Of addresses, most of which are libraries."""


def try_apart(model: Path, content: bytes, interpreter: str | None = None) -> None:
    """ModelError where the process that runs the model dies or hangs; what it can say itself, loading will say.

    The models that come with the program are not tried: its tests have run them.
    """
    if model.resolve() in {shipped_model().resolve(), shipped_finder().resolve()}:
        return
    command = [sys.executable, "-P", "-m", __name__, *([] if interpreter is None else [interpreter])]
    try:
        code = subprocess.run(command, input=content, capture_output=True, timeout=LONGEST_S, check=False).returncode
    except subprocess.TimeoutExpired:
        raise ModelError(f"{model}: the model does not end; make it again, or copy it again") from None
    if code < 0:
        raise ModelError(f"{model}: the model is damaged so that it ends what runs it; make it again, or copy it again")


def _run(content: bytes, interpreter: str | None) -> None:
    """Once, on what stands in its memory, of which there is not more than any model of ours needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    loaded = load_interpreter(Path("model"), content, interpreter)
    loaded.invoke()


if __name__ == "__main__":
    try:
        _run(sys.stdin.buffer.read(), next(iter(sys.argv[1:]), None))
    except (ModelError, RuntimeError, ValueError):
        sys.exit(1)
