"""The command `quantize publish`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError
from assistant.files import refuse_overwriting
from assistant.networks.cards import card_path
from quantize.commands.arguments import (
    FERPLUS_HELP,
    PLOTTING,
    TRAINING,
    add_command,
    add_data,
    check_ending,
    data_of,
    require,
    write_json,
)


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    what = "calibrate a converted model, and write it with its card and a page about it into a folder"
    example = "quantize publish runs/compact.tflite --data fer2013.csv --name emotion-int8 --out models"
    publish = add_command(subparsers, "publish", run, what, example)
    publish.add_argument("model", type=Path, metavar="FILE.tflite", help="a file that `quantize convert` wrote")
    add_data(publish, "the data set that the model was trained on", FERPLUS_HELP)
    publish.add_argument("--name", help="name of the published files (default: that of the model)")
    publish.add_argument(
        "--out",
        type=Path,
        default=Path("models"),
        metavar="FOLDER",
        help="the folder to write to (default: %(default)s)",
    )
    publish.add_argument(
        "--precision",
        type=float,
        default=0.9,
        metavar="SHARE",
        help="share of the pictures at or above an emotion's threshold that must be right (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> None:
    """Publish a model, and print its calibration."""
    require((*TRAINING, *PLOTTING))
    from quantize.export.publish import publish

    data = data_of(arguments)
    check_ending(arguments.model, ".tflite")
    if not 0 < arguments.precision <= 1:
        raise ConfigError(f"--precision {arguments.precision:g}: give a share above 0 and up to 1")
    out = arguments.out / f"{arguments.name or arguments.model.stem}.tflite"
    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.model, card_path(arguments.model), *data.files))
    card = publish(arguments.model, data, out, arguments.precision)
    for output in card["outputs"]:
        _print(output["name"], output["calibration"])
    print(f"{out}: with its card and {out.with_suffix('.md').name}")
    write_json(arguments.json, card)


def _print(name: str, made: dict[str, Any]) -> None:
    error = made["calibration_error"]
    print(f"{name}, by {made['truth']} on {made['n']} pictures of the validation part:")
    print(f"  temperature {made['temperature']:.3f}, error {error['before']:.2%} before, {error['after']:.2%} after")
    limits = ", ".join(f"{label} {'never' if at is None else at}" for label, at in made["thresholds"].items())
    print(f"  an emotion is said plainly from these scores on: {limits}")
    print(f"  confident enough to say plainly: {made['named']:.1%} of the pictures")
    if made["named"]:
        print(f"  of those, right: {made['named_rightly']:.1%}")
