"""Runs a model once in another process, because a damaged model can end the process that runs it."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from assistant.errors import ModelError
from assistant.networks.interpreter import load_interpreter
from assistant.networks.shipped import shipped_finder, shipped_model

LONGEST_S = 60.0
"""A trial that takes longer has failed; a Pi Zero 2 W takes about five seconds for a model of a megabyte."""

MOST_BYTES = 2 << 30
"""The process of the trial may use this much address space; libraries take most of it."""


def try_apart(model: Path, content: bytes, interpreter: str | None = None) -> None:
    """Load and run the model in another process; raise ModelError when that fails, crashes or does not end.

    The models that come with the program are not tried, because the tests of the program have run them.
    """
    if model.resolve() in {shipped_model().resolve(), shipped_finder().resolve()}:
        return
    command = [sys.executable, "-P", "-m", __name__, str(model), *([] if interpreter is None else [interpreter])]
    try:
        tried = subprocess.run(command, input=content, capture_output=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        raise ModelError(
            f"{model}: the model gives no answer within {LONGEST_S:g} seconds; make it again, or copy it again"
        ) from None
    if tried.returncode < 0:
        raise ModelError(
            f"{model}: the model is damaged: it ends the program that runs it; make it again, or copy it again"
        )
    if tried.returncode:
        raise ModelError(tried.stdout.decode(errors="replace").strip() or f"{model}: the model cannot be tried")


def _run(model: Path, content: bytes, interpreter: str | None) -> None:
    """Run the model once, on whatever its input holds, with at most `MOST_BYTES` of address space."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    loaded = load_interpreter(model, content, interpreter)
    try:
        loaded.invoke()
    except (ValueError, RuntimeError, MemoryError) as error:
        raise ModelError(f"{model}: is not a TFLite model that can be run: {error}") from error


def main(arguments: list[str]) -> int:
    """Run the model that is on standard input; if it cannot be run, print the reason and return 1."""
    try:
        _run(Path(arguments[0]), sys.stdin.buffer.read(), next(iter(arguments[1:]), None))
    except ModelError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
