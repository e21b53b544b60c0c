"""`quantize publish`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError
from assistant.files import refuse_overwriting
from assistant.networks.cards import card_path
from quantize.commands.common import (
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
    """Add its parser."""
    what = "calibrate a converted model and put it, its card and a page about it into a folder"
    example = "quantize publish runs/compact.tflite --data fer2013.csv --name emotion-int8 --out models"
    publish = add_command(subparsers, "publish", run, what, example, seed="nothing is drawn here")
    publish.add_argument("model", type=Path, metavar="FILE.tflite", help="what `quantize convert` wrote")
    add_data(publish, "what it was trained on", FERPLUS_HELP)
    publish.add_argument("--name", help="of the published files (default: the model's)")
    publish.add_argument("--out", type=Path, default=Path("models"), metavar="FOLDER", help="(default: %(default)s)")
    publish.add_argument(
        "--precision",
        type=float,
        default=0.9,
        metavar="SHARE",
        help="how often an emotion is to be right from its threshold on (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> None:
    """Publish a model."""
    require((*TRAINING, *PLOTTING))
    from quantize.export.publish import publish

    data = data_of(arguments)
    check_ending(arguments.model, ".tflite")
    if not 0 < arguments.precision <= 1:
        raise ConfigError(f"--precision: {arguments.precision:g} is no share above 0 and up to 1")
    out = arguments.out / f"{arguments.name or arguments.model.stem}.tflite"
    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.model, card_path(arguments.model), *data.files))
    card = publish(arguments.model, data, out, arguments.precision)
    for output in card["outputs"]:
        made = output["calibration"]
        error = made["calibration_error"]
        print(f"{output['name']}, by {made['truth']} on {made['n']} pictures of the validation part:")
        print(
            f"  temperature {made['temperature']:.3f}, error {error['before']:.2%} before, {error['after']:.2%} after"
        )
        limits = ", ".join(f"{label} {'never' if at is None else at}" for label, at in made["thresholds"].items())
        print(f"  named from {limits}")
        named = f"{made['named']:.1%} are named, {made['named_rightly']:.1%} of these rightly"
        print(f"  so {named if made['named'] else 'none are named'}")
    print(f"{out}: with its card and {out.with_suffix('.md').name}")
    write_json(arguments.json, card)
