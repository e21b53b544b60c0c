"""The command `assistant`: reads the arguments, turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence

from assistant.command_line import ctl, doctor, install, look, practice, run, settings, voice, web
from assistant.errors import AssistantError, output_failed

COMMANDS = (run, look, doctor, practice, settings, voice, ctl, install, web)
"""In the order in which the help lists them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong arguments or settings."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")  # its errors come as exceptions and return values
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files may hold what the terminal has not
    try:
        code = int(arguments.command(arguments))
        sys.stdout.flush()
    except AssistantError as error:
        print(f"assistant: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return output_failed("assistant", error)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant", description="Tells what the face in front of a camera shows. Everything stays on the device."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in COMMANDS:
        each.add(commands)
    return parser
