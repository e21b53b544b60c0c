"""The command `quantize evaluate`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.files import refuse_overwriting
from assistant.networks.cards import card_path
from quantize.commands.arguments import (
    FERPLUS_HELP,
    MEASURING,
    PLOTTING,
    add_command,
    add_conventions,
    add_data,
    check_ending,
    data_of,
    require,
    write_json,
)


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    what = "measure a model: a .tflite file as the headset runs it, or a .keras file"
    example = "quantize evaluate models/emotion-int8.tflite --data fer2013.csv --usage PublicTest --out report"
    seed = "number that decides what --corrupt draws"
    evaluate = add_command(subparsers, "evaluate", run, what, example, seed_help=seed)
    evaluate.add_argument("model", type=Path, metavar="FILE", help="a .tflite or .keras file")
    add_data(evaluate, ferplus_help=FERPLUS_HELP)
    evaluate.add_argument(
        "--usage", default="PublicTest", help="the usage whose pictures are classified (default: %(default)s)"
    )
    evaluate.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="write plots and a page to this folder (they show faces of the data set)",
    )
    add_conventions(evaluate)
    evaluate.add_argument(
        "--corrupt", action="store_true", help="measure on dark, turned, covered and other corrupted pictures too"
    )


def run(arguments: argparse.Namespace) -> None:
    """Measure a model, and print the measures."""
    require((*MEASURING, *PLOTTING) if arguments.out else MEASURING)
    from quantize.evaluation.evaluate import evaluate
    from quantize.evaluation.foreign_models import parse_conventions

    data, conventions = data_of(arguments), parse_conventions(arguments.labels, arguments.scale)
    check_ending(arguments.model, ".tflite", ".keras")
    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.model, card_path(arguments.model), *data.files))
    seed = arguments.seed if arguments.corrupt else None
    evaluation = evaluate(arguments.model, data, arguments.usage, conventions=conventions, corrupt_seed=seed)
    _print(evaluation.result)
    write_json(arguments.json, evaluation.result)
    if arguments.out:
        from quantize.evaluation.report import write_evaluation

        print(f"{write_evaluation(arguments.out, evaluation)}: the same with plots")


def _print(result: dict[str, Any]) -> None:
    print(f"{result['model']} on {result['n']} pictures of {result['usage']}")
    accuracy = f"{result['accuracy']:.2%}{_interval(result['accuracy_interval'])}"
    print(f"accuracy {accuracy}, balanced {result['balanced_accuracy']:.2%}", end=", ")
    print(f"macro F1 {result['macro_f1']:.3f}, calibration error {result['expected_calibration_error']:.2%}")
    columns = ("precision", "recall", "f1", "support")
    print(f"  {'':<9}" + "".join(f"{name:>11}" for name in columns))
    for label in result["recall"]:
        shares = "".join(f"{result[name][label]:>11.1%}" for name in columns[:2])
        print(f"  {label:<9}{shares}{result['f1'][label]:>11.3f}{result['support'][label]:>11}")
    if result.get("ferplus_n") == 0:
        print("agreement with FER+'s majority of 0 pictures: no picture has a majority among the seven emotions")
    elif "ferplus_n" in result:
        error = result["ferplus_expected_calibration_error"]
        agreement = f"{result['ferplus_accuracy']:.2%}{_interval(result['ferplus_accuracy_interval'])}"
        print(f"agreement with FER+'s majority {agreement} of {result['ferplus_n']} pictures", end=", ")
        print(f"calibration error {error:.2%}")
        print("  recall " + ", ".join(f"{label} {share:.1%}" for label, share in result["ferplus_recall"].items()))
    if result.get("joined"):
        _print_joined(result["joined"])
    for name, measures in result.get("corruptions", {}).items():
        crowd = f", FER+ {measures['ferplus_accuracy']:.1%}" if measures.get("ferplus_accuracy") is not None else ""
        made = measures.get("joined")
        joined = (
            f", joined recall {made['balanced_accuracy']:.1%}, error {made['expected_calibration_error']:.2%}"
            if made
            else ""
        )
        print(f"  {name:<24} accuracy {measures['accuracy']:.1%}, macro F1 {measures['macro_f1']:.3f}{crowd}{joined}")


def _print_joined(made: dict[str, Any]) -> None:
    print(f"joined output: recall as a mean over the emotions {_share_and_error(made)}")
    print("  recall " + ", ".join(f"{label} {share:.1%}" for label, share in made["recall"].items()))
    for name, said in made["said"].items():
        print(f"  enough evidence to say {name}: {said['share']:.1%} of the pictures")
        print(f"    of those, right: {said['right']:.1%}")


def _interval(ends: Sequence[float]) -> str:
    return f" ({ends[0]:.2%} to {ends[1]:.2%})"


def _share_and_error(made: dict[str, Any]) -> str:
    return f"{made['balanced_accuracy']:.2%}, calibration error {made['expected_calibration_error']:.2%}"
