"""Standard input, output and error, which may be closed, full or read by nobody."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

STREAMS = (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))
"""What stands in for each where it is closed: errors go nowhere, and to write into standard output fails as before."""


def exit_code(program: str, command: Callable[[], int]) -> int:
    """Run a command: its exit code, or 1 and a line where its output cannot be written."""
    _open_closed()
    try:
        try:
            return command()
        finally:
            sys.stdout.flush()
    except OSError as error:
        return _output_failed(program, error)


def _open_closed() -> None:
    """Put something in the place of each closed stream, or the next file that is opened would get its number."""
    for number, (name, flags) in enumerate(STREAMS):
        if getattr(sys, name) is None:
            setattr(sys, name, _stand_in(number, flags))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files may hold what the terminal has not


def _stand_in(number: int, flags: int) -> io.TextIOWrapper:
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
    """Write a line to standard error, if that can be done."""
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - nothing is left to flush into


def _output_failed(program: str, error: OSError) -> int:
    """Who has stopped reading needs no message."""
    if not isinstance(error, BrokenPipeError):
        complain(f"{program}: {error.filename or 'output'}: {error.strerror or error}")
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - nothing is left to flush into
    return 1
