"""`assistant report`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.cli.common import Subparsers, add_command, add_settings
from assistant.errors import AssistantError

EXAMPLES = """examples:
  sudo assistant report
  sudo assistant report --out /boot/firmware/report.txt    # on the partition that every computer shows
  assistant report --out -
"""
STANDARD_OUTPUT = "-"
MACHINES = Path("/etc/emotion-assistant/settings.toml")


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    what = "write a file that tells a helper how this headset is: nothing about people, no picture, no secret"
    report = add_command(commands, "report", _report, what, EXAMPLES)
    report.add_argument(
        "--out",
        metavar="FILE",
        help="the file to write; -: standard output (default: emotion-assistant-report-DATE.txt in this folder)",
    )
    report.add_argument("--camera", default="auto", help="camera that the doctor tries (default: auto)")
    add_settings(report, f"the machine's settings file (default: {MACHINES}, if it is there)")


def _report(arguments: argparse.Namespace) -> int:
    config = arguments.config or (MACHINES if MACHINES.exists() else None)
    if arguments.out == STANDARD_OUTPUT:
        _write_to(sys.stdout.write, config, arguments.camera)
        return 0
    from assistant.files import refuse_overwriting, replaced_atomically

    target = Path(arguments.out) if arguments.out else Path(_name())
    refuse_overwriting("--out", target, (config,))
    try:
        with replaced_atomically(target) as unfinished, unfinished.open("w", encoding="utf-8") as file:
            _write_to(file.write, config, arguments.camera)
    except OSError as error:
        raise AssistantError(f"report {target}: cannot be written: {error.strerror}; name another --out") from error
    print(f"{target} is written. It holds nothing about people. Read it, then send it to who helps you.")
    return 0


def _write_to(write: object, config: Path | None, camera: str) -> None:
    assert callable(write)
    for text in _parts(config, camera):
        write(f"{text}\n")


def _parts(config: Path | None, camera: str) -> Iterator[str]:
    from assistant.cli.report.content import parts
    from assistant.cli.report.scrubbed import scrubbed

    for text in parts(config, camera):
        yield scrubbed(text)


def _name() -> str:
    from datetime import UTC, datetime

    return f"emotion-assistant-report-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.txt"
