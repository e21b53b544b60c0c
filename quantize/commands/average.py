"""The command `quantize average`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError
from assistant.files import refuse_overwriting
from quantize.commands.arguments import TRAINING, add_command, check_ending, require, write_json


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    what = "average the weights of networks that were trained further from the same one"
    example = "quantize average runs/further.keras runs/before.keras --out runs/mean.keras"
    average = add_command(subparsers, "average", run, what, example)
    average.add_argument(
        "models", type=Path, nargs="+", metavar="FILE.keras", help="two or more networks; the facts are the first one's"
    )
    average.add_argument(
        "--out", type=Path, required=True, metavar="FILE.keras", help="the file to write; its facts go beside it"
    )


def run(arguments: argparse.Namespace) -> None:
    """Write the network with the mean weights."""
    require(TRAINING)
    from quantize.training.averaging import average

    check_ending(arguments.out, ".keras")
    refuse_overwriting("--out", arguments.out, arguments.models)
    if arguments.json:
        refuse_overwriting("--json", arguments.json, arguments.models)
    if len(arguments.models) < 2:
        raise ConfigError(f"{arguments.models[0]}: a mean needs two networks or more")
    average(arguments.models, arguments.out)
    write_json(arguments.json, {"averaged": [str(path) for path in arguments.models]})
    print(f"{arguments.out}: the mean of {len(arguments.models)} networks")
