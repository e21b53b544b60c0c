"""The command `quantize`: parses the command line and runs one of its commands."""

from __future__ import annotations

import argparse
import csv
import logging
import os
from collections.abc import Sequence
from functools import partial

from assistant.errors import AssistantError, one_line
from assistant.standard_streams import complain, exit_code
from quantize.commands import (
    average,
    balance,
    compare,
    convert,
    evaluate,
    finder,
    models,
    movements,
    publish,
    score,
    stats,
    train,
)
from quantize.data.tables import LONGEST_LINE


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code: 0 when it is done, 1 when it has failed, 2 for wrong arguments."""
    return exit_code("quantize", partial(_run, argv))


def _run(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    csv.field_size_limit(LONGEST_LINE)
    warnings = _Warnings()
    logging.getLogger("quantize").addHandler(warnings)
    try:
        arguments.command(arguments)
    except AssistantError as error:
        _complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _complain("interrupted; no model was written (--resume goes on with a training)")
        return 130
    finally:
        logging.getLogger("quantize").removeHandler(warnings)
    return 0


class _Warnings(logging.Handler):
    """Writes each warning of this package to standard error; a warning that is repeated is written once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._written: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the warning, unless it was written already."""
        text = record.getMessage()
        if text not in self._written:
            self._written.add(text)
            _complain(text)


def _complain(text: str) -> None:
    """Write a line to standard error, without characters that control the terminal, which file names may hold."""
    complain(f"quantize: {one_line(text)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quantize", description="Trains and measures the headset's models.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (
        stats,
        models,
        train,
        score,
        average,
        balance,
        convert,
        compare,
        evaluate,
        publish,
        finder,
        movements,
    ):
        command.add(subparsers)
    return parser
