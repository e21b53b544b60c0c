"""The command `quantize balance`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError
from assistant.files import refuse_overwriting
from quantize.commands.arguments import TRAINING, add_command, add_data, check_ending, data_of, require, write_json


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    what = "add offsets to the output for FER-2013's labels, so that each emotion reaches --least-recall"
    example = "quantize balance runs/both.keras --data fer2013.csv --least-recall 0.5 --out runs/balanced.keras"
    balance = add_command(subparsers, "balance", run, what, example)
    balance.add_argument("model", type=Path, metavar="FILE.keras", help="the trained network")
    add_data(balance, "the data set that the network was trained on")
    least = "recall that each emotion must reach on the validation part (default: %(default)s)"
    balance.add_argument("--least-recall", type=float, default=0.5, metavar="SHARE", help=least)
    balance.add_argument(
        "--out", type=Path, required=True, metavar="FILE.keras", help="the file to write; its facts go beside it"
    )


def run(arguments: argparse.Namespace) -> None:
    """Add the offsets, and print accuracy and weakest recall before and after."""
    require(TRAINING)
    from quantize.export.label_bias import balance

    data = data_of(arguments)
    check_ending(arguments.out, ".keras")
    refuse_overwriting("--out", arguments.out, (arguments.model, arguments.data))
    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.model, arguments.data))
    if not 0 < arguments.least_recall < 1:
        raise ConfigError(f"--least-recall {arguments.least_recall:g}: give a share between 0 and 1")
    result = balance(arguments.model, data, arguments.out, arguments.least_recall)
    write_json(arguments.json, result)
    for name in ("before", "after"):
        accuracy, weakest = result[name]["accuracy"], result[name]["weakest_recall"]
        print(f"{arguments.out}: validation {name} {accuracy:.2%}, weakest recall {weakest:.2%}")
