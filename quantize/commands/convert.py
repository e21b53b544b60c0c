"""The command `quantize convert`."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError
from assistant.files import refuse_overwriting
from quantize.commands.arguments import (
    FERPLUS_HELP,
    TRAINING,
    add_command,
    add_data,
    check_ending,
    data_of,
    require,
    write_json,
)
from quantize.data.dataset import DataSet
from quantize.networks.face_output import FACE_OUTPUT
from quantize.networks.movement_output import MOVEMENT_OUTPUT
from quantize.networks.tflite_files import Form

ONNX = "onnx"
"""The form for programs that run networks by onnxruntime."""


ADDED = (
    ("--face-head", "faces", "quantize finder head"),
    ("--movements", "movements", "quantize movements train"),
)
"""The options for outputs that are trained by themselves, what each is for, and the command that trains it."""


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    what = "convert a trained network; only int8 gets a card"
    example = "quantize convert runs/compact.keras --data fer2013.csv --out runs/compact.tflite --max-drop 0.5"
    seed = "number that decides which pictures set the ranges of int8"
    convert = add_command(subparsers, "convert", run, what, example, seed_help=seed)
    convert.add_argument("model", type=Path, metavar="FILE.keras", help="the trained network")
    add_data(
        convert, "the data set that the network was trained on", f"{FERPLUS_HELP}; the card gets measures by them too"
    )
    convert.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.tflite|FILE.onnx",
        help="the file to write; the card of an int8 file goes beside it",
    )
    form = "how numbers are stored; the headset takes int8; onnx is for other programs (default: %(default)s)"
    convert.add_argument("--form", choices=[*(str(form) for form in Form), ONNX], default="int8", help=form)
    for option, what, trained_by in ADDED:
        added = f"the output for {what} that `{trained_by}` trained; only with int8"
        convert.add_argument(option, type=Path, metavar="FILE.keras", help=added)
    convert.add_argument(
        "--max-drop",
        type=float,
        metavar="POINTS",
        help="write nothing if int8 lowers the accuracy by more than POINTS percentage points; only with int8",
    )
    convert.add_argument(
        "--usage",
        default="validation",
        help="pictures for the card's measures: the validation part of the training (default), or a usage of the data",
    )


def run(arguments: argparse.Namespace) -> None:
    """Convert a trained network; of an int8 file, print what accuracy that cost."""
    require(TRAINING)
    from quantize.export.convert import Measuring, convert

    data = data_of(arguments)
    check_ending(arguments.out, ".onnx" if arguments.form == ONNX else ".tflite")
    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.model, *data.files))
    drop, is_int8 = arguments.max_drop, arguments.form == Form.INT8
    if drop is not None and (not math.isfinite(drop) or not is_int8):
        raise ConfigError(f"--max-drop {drop:g}: give a number of points, and only with --form int8")
    for option, given in (("--face-head", arguments.face_head), ("--movements", arguments.movements)):
        if given and not is_int8:
            raise ConfigError(f"{option} {given}: only with --form int8, which the headset takes")
    if not is_int8:
        _convert_for_others(arguments, data)
        return
    how = Measuring(arguments.usage, arguments.max_drop)
    given = {FACE_OUTPUT: arguments.face_head, MOVEMENT_OUTPUT: arguments.movements}
    added = {name: path for name, path in given.items() if path}
    card = convert(arguments.model, data, arguments.out, how, seed=arguments.seed, added=added)
    write_json(arguments.json, card)
    _print(arguments.out, card["measures"])


def _convert_for_others(arguments: argparse.Namespace, data: DataSet) -> None:
    """Convert to a form that the headset does not take."""
    from quantize.export.convert import convert_form, convert_onnx

    result: dict[str, Any] = {"form": arguments.form}
    words = ""
    if arguments.form == ONNX:
        require(("onnx", "onnxruntime", "tf2onnx"), extra="onnx")
        result["bytes"], result["difference"] = convert_onnx(arguments.model, data, arguments.out)
        words = f"; its logits differ by at most {result['difference']:.1e} from those of a float32 .tflite file"
    else:
        form = Form(arguments.form)
        result["bytes"] = convert_form(arguments.model, data, arguments.out, form, seed=arguments.seed)
    write_json(arguments.json, result)
    size = f"{arguments.form}, {result['bytes'] / 1000:.0f} KB"
    print(f"{arguments.out}: {size}; without a card, since the headset takes only int8{words}")


def _print(out: Path, measures: dict[str, Any]) -> None:
    for key, truth in (("accuracy", "FER-2013's labels"), ("ferplus_accuracy", "FER+'s majority")):
        if measures["int8"].get(key) is not None:
            shares = f"{measures['float'][key]:.2%} as float, {measures['int8'][key]:.2%} as int8"
            print(f"{out}: {measures['usage']} by {truth} {shares}")
