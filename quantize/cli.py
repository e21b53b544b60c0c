"""The command `quantize`: train, convert, evaluate."""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, ConfigError, DataError
from assistant.files import refuse_overwriting, replaced_atomically

TRAINING = ("keras", "tensorflow", "sklearn", "rich")
MEASURING = ("sklearn", "rich")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong arguments."""
    arguments = _parser().parse_args(argv)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        arguments.command(arguments)
    except AssistantError as error:
        print(f"quantize: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"quantize: {error.filename or 'output'}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("quantize: interrupted; no model was written", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quantize", description="Makes and measures the headset's models.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_train(commands)
    _add_convert(commands)
    _add_evaluate(commands)
    models = _add(
        commands, "models", _models, "list the networks that can be trained", "quantize models --json models.json"
    )
    _add_json(models)
    return parser


def _add(commands: Any, name: str, command: Callable[[argparse.Namespace], None], what: str, example: str) -> Any:
    parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=command)
    return parser


def _add_train(commands: Any) -> None:
    from quantize.architectures import ARCHITECTURES
    from quantize.train import Recipe

    train = _add(
        commands,
        "train",
        _train,
        "train a network on the Training pictures of FER-2013",
        "quantize train --data fer2013.csv --out runs/compact.keras",
    )
    train.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DATA",
        help="fer2013.csv, or a folder with train/<label>/* and test/<label>/*",
    )
    train.add_argument("--out", type=Path, required=True, metavar="FILE.keras", help="where the best model goes")
    defaults = Recipe()
    train.add_argument(
        "--architecture", choices=ARCHITECTURES, default=defaults.architecture, help="(default: %(default)s)"
    )
    train.add_argument("--epochs", type=_count, default=defaults.epochs, help="(default: %(default)s)")
    train.add_argument("--seed", type=_seed, default=defaults.seed, help="(default: %(default)s)")
    train.add_argument("--limit", type=_count, metavar="N", help="take the first N rows only, for a trial")


def _add_convert(commands: Any) -> None:
    convert = _add(
        commands,
        "convert",
        _convert,
        "quantize a trained network to int8 and write its card",
        "quantize convert runs/compact.keras --data fer2013.csv --out models/emotion-int8.tflite",
    )
    convert.add_argument("model", type=Path, metavar="FILE.keras")
    convert.add_argument("--data", type=Path, required=True, metavar="DATA", help="what it was trained on")
    convert.add_argument("--out", type=Path, required=True, metavar="FILE.tflite", help="the card goes beside it")
    convert.add_argument(
        "--usage",
        default="validation",
        help="what the card's measures are taken on: validation (default) or a usage of the file",
    )


def _add_evaluate(commands: Any) -> None:
    evaluate = _add(
        commands,
        "evaluate",
        _evaluate,
        "measure a .tflite model as the headset runs it",
        "quantize evaluate models/emotion-int8.tflite --data fer2013.csv --usage PublicTest",
    )
    evaluate.add_argument("model", type=Path, metavar="FILE.tflite")
    evaluate.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DATA",
        help="fer2013.csv, or a folder with train/<label>/* and test/<label>/*",
    )
    evaluate.add_argument("--ferplus", type=Path, metavar="CSV", help="fer2013new.csv, the FER+ votes")
    evaluate.add_argument("--usage", default="PublicTest", help="(default: %(default)s)")
    _add_json(evaluate)


def _add_json(parser: Any) -> None:
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")


def _count(text: str) -> int:
    return _whole(text, 1)


def _seed(text: str) -> int:
    return _whole(text, 0)


def _whole(text: str, low: int) -> int:
    if not text.isdecimal() or not low <= int(text) < 2**32:
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from {low} on is needed")
    return int(text)


def _train(arguments: argparse.Namespace) -> None:
    _require(TRAINING)
    from quantize.train import Recipe, train

    _ending(arguments.out, ".keras")
    chosen = {name: getattr(arguments, name) for name in ("architecture", "epochs", "seed")}
    recipe = dataclasses.replace(Recipe(), **chosen)
    facts = train(arguments.data, arguments.out, recipe, limit=arguments.limit)
    print(
        f"{arguments.out}: {facts['validation_accuracy']:.1%} of the validation pictures, epoch {facts['best_epoch']}"
    )


def _convert(arguments: argparse.Namespace) -> None:
    _require(TRAINING)
    from quantize.convert import convert

    _ending(arguments.out, ".tflite")
    measures = convert(arguments.model, arguments.data, arguments.out, usage=arguments.usage)["measures"]
    float_accuracy, int8_accuracy = measures["float"]["accuracy"], measures["int8"]["accuracy"]
    print(f"{arguments.out}: {measures['usage']} {float_accuracy:.1%} as float, {int8_accuracy:.1%} as int8")


def _evaluate(arguments: argparse.Namespace) -> None:
    _require(MEASURING)
    from quantize.evaluate import evaluate

    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.model, arguments.data, arguments.ferplus))

    result = evaluate(arguments.model, arguments.data, arguments.usage, arguments.ferplus)
    _print_measures(result)
    _write_json(arguments.json, result)


def _models(arguments: argparse.Namespace) -> None:
    _require(TRAINING)
    from quantize.architectures import ARCHITECTURES, int8_bytes, multiply_adds

    table = {}
    print(f"{'name':<20}{'parameters':>12}{'multiply-adds':>15}{'int8 bytes':>12}")
    for name, build in ARCHITECTURES.items():
        model = build()
        row = (int(model.count_params()), multiply_adds(model), int8_bytes(model))
        table[name] = dict(zip(("parameters", "multiply_adds", "int8_bytes"), row, strict=True))
        print(f"{name:<20}{row[0]:>12,}{row[1]:>15,}{row[2]:>12,}", flush=True)
    _write_json(arguments.json, table)


def _write_json(path: Path | None, content: Any) -> None:
    if path is not None:
        with replaced_atomically(path) as unfinished:
            unfinished.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _print_measures(result: dict[str, Any]) -> None:
    print(f"{result['model']} on {result['n']} pictures of {result['usage']}")
    print(f"accuracy {result['accuracy']:.2%}, macro F1 {result['macro_f1']:.3f}")
    for label, recall in result["recall"].items():
        print(f"  {label:<9} recall {recall:.1%}")
    if "ferplus_n" in result:
        print(f"agreement with FER+'s majority {result['ferplus_accuracy']:.2%} of {result['ferplus_n']} pictures")


def _ending(path: Path, ending: str) -> None:
    if path.suffix != ending:
        raise ConfigError(f"{path}: the name must end in {ending}")


def _require(modules: Sequence[str]) -> None:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise DataError(f"{missing[0]} is not installed; install the extra 'desktop'")
