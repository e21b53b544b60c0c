"""The command `quantize`."""

from __future__ import annotations

import argparse
import csv
import logging
import os
from collections.abc import Sequence
from functools import partial

from assistant.errors import AssistantError, one_line
from assistant.standard_streams import complain, exit_code
from quantize.commands import balance, compare, convert, evaluate, finder, models, publish, score, stats, train
from quantize.data.tables import LONGEST_LINE


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong arguments."""
    return exit_code("quantize", partial(_run, argv))


def _run(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    csv.field_size_limit(LONGEST_LINE)
    said = _Notices()
    logging.getLogger("quantize").addHandler(said)
    try:
        arguments.command(arguments)
    except AssistantError as error:
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted; no model was written (a training goes on with --resume)")
        return 130
    finally:
        logging.getLogger("quantize").removeHandler(said)
    return 0


class _Notices(logging.Handler):
    """Writes each warning of this package to standard error, once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, unless it was written."""
        text = record.getMessage()
        if text not in self._said:
            self._said.add(text)
            _say(text)


def _say(text: str) -> None:
    """A line on standard error; names of files may hold signs that move the cursor."""
    complain(f"quantize: {one_line(text)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quantize", description="Makes and measures the headset's models.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (stats, models, train, score, balance, convert, compare, evaluate, publish, finder):
        command.add(subparsers)
    return parser
