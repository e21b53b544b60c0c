"""The command `quantize`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from assistant.errors import AssistantError, output_failed
from quantize.commands import balance, compare, convert, evaluate, finder, models, publish, score, stats, train


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong arguments."""
    arguments = _parser().parse_args(argv)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        arguments.command(arguments)
        sys.stdout.flush()
    except AssistantError as error:
        print(f"quantize: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        return output_failed("quantize", error)
    except KeyboardInterrupt:
        print("quantize: interrupted; no model was written (a training goes on with --resume)", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quantize", description="Makes and measures the headset's models.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (stats, models, train, score, balance, convert, compare, evaluate, publish, finder):
        command.add(subparsers)
    return parser
