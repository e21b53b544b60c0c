"""The command `assistant`: reads the arguments, turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from functools import partial

from assistant.cli import ctl, install, look, run, settings, voice, web
from assistant.cli.doctor import command as doctor
from assistant.cli.practice import command as practice
from assistant.cli.report import command as report
from assistant.errors import AssistantError, one_line
from assistant.standard_streams import complain, exit_code

COMMANDS = (run, look, doctor, report, practice, settings, voice, ctl, install, web)
"""The help lists the commands in this order."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong arguments or settings."""
    return exit_code("assistant", partial(_run, argv))


class _OneLine(logging.Formatter):
    """Writes each message as one line, since a name in it may hold control characters that a terminal would obey."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as logging calls it
        """Return the message without any prefix."""
        return one_line(record.getMessage())


def _run(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    written = logging.StreamHandler(sys.stderr)
    written.setFormatter(_OneLine())
    logging.basicConfig(level=logging.INFO, handlers=[written])
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")  # its errors come as exceptions and return values
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    try:
        return int(arguments.command(arguments))
    except AssistantError as error:
        complain(f"assistant: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant", description="Says what the face in front of a camera shows. Everything stays on the device."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in COMMANDS:
        each.add(commands)
    return parser
