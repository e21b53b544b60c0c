"""Standard input, output and error: each may be closed, or full, or have no reader."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

STREAMS = (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))
"""How the substitute of a closed stream is opened: errors are lost, and a write to standard output still fails."""


def exit_code(program: str, command: Callable[[], int]) -> int:
    """Run a command and return its exit code; where its output cannot be written, complain and return 1."""
    _open_closed()
    try:
        try:
            return command()
        finally:
            sys.stdout.flush()
    except OSError as error:
        return _output_failed(program, error)


def _open_closed() -> None:
    """Open a substitute for each closed stream; without it, the next file would get the stream's number."""
    for number, (name, flags) in enumerate(STREAMS):
        if getattr(sys, name) is None:
            setattr(sys, name, _substitute(number, flags))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a file's name may have characters that the terminal does not have


def _substitute(number: int, flags: int) -> io.TextIOWrapper:
    descriptor = os.open(os.devnull, flags)
    if descriptor != number and not _is_open(number):
        os.dup2(descriptor, number)
        os.close(descriptor)
        descriptor = number
    return open(descriptor, "w" if number else "r", encoding="utf-8", closefd=False)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def complain(line: str) -> None:
    """Write a line to standard error; where that fails, the line is lost."""
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - nothing is left to flush into


def _output_failed(program: str, error: OSError) -> int:
    """Complain, except where the reader has closed the pipe; return the exit code."""
    if not isinstance(error, BrokenPipeError):
        complain(f"{program}: {error.filename or 'output'}: {error.strerror or error}")
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - nothing is left to flush into
    return 1
