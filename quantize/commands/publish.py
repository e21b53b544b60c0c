"""The command `quantize publish`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

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
        "--photographs",
        type=Path,
        metavar="FOLDER",
        help="labelled photographs other than the data's, in a folder with labels.csv (picture, emotion); "
        "the thresholds are chosen on every second one too",
    )
    publish.add_argument(
        "--movements",
        type=Path,
        metavar="FILE.npz",
        help="what `quantize movements label` wrote; needed for a model with an output for movements",
    )


def run(arguments: argparse.Namespace) -> None:
    """Publish a model, and print its calibration."""
    require((*TRAINING, *PLOTTING))
    from quantize.data.movements import read_moving_faces
    from quantize.export.publish import publish

    data = data_of(arguments)
    check_ending(arguments.model, ".tflite")
    out = arguments.out / f"{arguments.name or arguments.model.stem}.tflite"
    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.model, card_path(arguments.model), *data.files))
    moving = None if arguments.movements is None else read_moving_faces(arguments.movements)
    card = publish(arguments.model, data, out, arguments.photographs, moving)
    for output in card["outputs"]:
        _print_output(output["name"], output["calibration"])
    _print_joined(card["joined"], len(card["outputs"]))
    for name, measures in card.get("movements", {}).get("as_they_are", {}).items():
        said = (
            "never said" if measures["right"] is None else f"said of {measures['said']}, right {measures['right']:.1%}"
        )
        print(f"{name}: shown by {measures['shown']} of {card['movements']['faces']} faces, {said}")
    print(f"{out}: with its card and {out.with_suffix('.md').name}")
    write_json(arguments.json, card)


def _print_output(name: str, made: dict[str, Any]) -> None:
    error = made["calibration_error"]
    print(f"{name}, by {made['truth']} on {made['n']} pictures of the validation part:")
    print(f"  temperature {made['temperature']:.3f}, error {error['before']:.2%} before, {error['after']:.2%} after")


def _print_joined(made: dict[str, Any], outputs: int) -> None:
    power = made["shares_power"]
    weight = f"weight of the labels' output {made['labels_weight']:g}" if outputs > 1 else "the only output"
    print(f"joined: {weight}, power of the votes' shares divided out {power:g}")
    print(f"  temperature {made['temperature']:.3f}; error and pictures of each condition:")
    for name, error in made["calibration_error"].items():
        print(f"    {name:<24} {error:.2%} of {made['chosen_on'][name]}")
    for name, table in made["thresholds"].items():
        limits = ", ".join(f"{label} {'never' if at is None else at}" for label, at in table.items())
        said = made["said"][name]
        print(f"  said {name} from this evidence on (right in {made['precision'][name]:.0%}): {limits}")
        print(f"    pictures as they are: {said['share']:.1%}; of those, right: {said['right']:.1%}")
