"""The command `quantize`: train, convert, evaluate."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from quantize import commands
from quantize.forms import Form

DATA_HELP = "fer2013.csv, or a folder with train/<label>/* and test/<label>/*"


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
        print("quantize: interrupted; no model was written (a training goes on with --resume)", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quantize", description="Makes and measures the headset's models.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_train(subparsers)
    _add_convert(subparsers)
    _add_evaluate(subparsers)
    _add_compare(subparsers)
    _add_stats(subparsers)
    models = _add(
        subparsers,
        "models",
        commands.models,
        "list the networks that can be trained",
        "quantize models --json models.json",
    )
    _add_json(models)
    return parser


def _add(subparsers: Any, name: str, command: Callable[[argparse.Namespace], None], what: str, example: str) -> Any:
    parser = subparsers.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=command)
    return parser


def _add_train(subparsers: Any) -> None:
    from quantize.architectures import ARCHITECTURES
    from quantize.batches import Balance
    from quantize.train import Recipe

    train = _add(
        subparsers,
        "train",
        commands.train,
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
    ways = [str(way) for way in Balance]
    train.add_argument(
        "--balance", nargs="+", choices=ways, default=[], help="against rare emotions, each alone or together"
    )
    train.add_argument("--mixup", type=_share, default=0.0, metavar="ALPHA", help="mix pictures in pairs (default: 0)")
    train.add_argument("--ferplus", type=Path, metavar="CSV", help="fer2013new.csv, the FER+ votes, as targets")
    train.add_argument(
        "--crowd-weight",
        type=_share,
        metavar="SHARE",
        help="of FER+'s votes in the targets, 0 to 1 (with --ferplus: 1)",
    )
    train.add_argument("--patience", type=_count, metavar="N", help="end after N epochs without a better one")
    train.add_argument("--tensorboard", type=Path, metavar="FOLDER", help="log for TensorBoard there")
    train.add_argument("--resume", action="store_true", help="go on with an interrupted training of the same --out")
    train.add_argument("--limit", type=_count, metavar="N", help="take the first N rows only, for a trial")


def _add_convert(subparsers: Any) -> None:
    convert = _add(
        subparsers,
        "convert",
        commands.convert,
        "quantize a trained network to int8 and write its card",
        "quantize convert runs/compact.keras --data fer2013.csv --out models/emotion-int8.tflite",
    )
    convert.add_argument("model", type=Path, metavar="FILE.keras")
    convert.add_argument("--data", type=Path, required=True, metavar="DATA", help="what it was trained on")
    convert.add_argument("--out", type=Path, required=True, metavar="FILE.tflite", help="the card goes beside it")
    convert.add_argument("--form", choices=[str(form) for form in Form], default="int8", help="(default: %(default)s)")
    convert.add_argument("--max-drop", type=float, metavar="POINTS", help="refuse int8 that loses more accuracy")
    convert.add_argument(
        "--usage",
        default="validation",
        help="what the card's measures are taken on: validation (default) or a usage of the file",
    )


def _add_evaluate(subparsers: Any) -> None:
    evaluate = _add(
        subparsers,
        "evaluate",
        commands.evaluate,
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
    evaluate.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write plots and a page there (they show pictures)"
    )
    evaluate.add_argument("--corrupt", action="store_true", help="measure dark, turned, covered ... pictures too")
    evaluate.add_argument("--seed", type=_seed, default=2013, help="of the corruptions (default: %(default)s)")
    _add_json(evaluate)


def _add_compare(subparsers: Any) -> None:
    compare = _add(
        subparsers,
        "compare",
        commands.compare,
        "put .tflite models side by side on the same pictures",
        "quantize compare float32.tflite int8.tflite --data fer2013.csv --plot recall.png",
    )
    compare.add_argument("models", nargs="+", type=Path, metavar="FILE.tflite", help="the first is the yardstick")
    compare.add_argument("--data", type=Path, required=True, metavar="DATA", help=DATA_HELP)
    compare.add_argument("--usage", default="PublicTest", help="(default: %(default)s)")
    compare.add_argument("--plot", type=Path, metavar="FILE.png", help="write the recall of each emotion as bars")
    _add_json(compare)


def _add_stats(subparsers: Any) -> None:
    stats = _add(
        subparsers,
        "stats",
        commands.stats,
        "count, check and plot a data set",
        "quantize stats fer2013.csv --ferplus fer2013new.csv --out stats",
    )
    stats.add_argument("data", type=Path, metavar="DATA", help=DATA_HELP)
    stats.add_argument("--ferplus", type=Path, metavar="CSV", help="fer2013new.csv, the FER+ votes")
    stats.add_argument("--out", type=Path, metavar="FOLDER", help="write plots and a page there (they show pictures)")
    stats.add_argument("--strict", action="store_true", help="a bad picture is an error")
    stats.add_argument("--seed", type=_seed, default=2013, help="of the samples (default: %(default)s)")
    _add_json(stats)


def _add_json(parser: Any) -> None:
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")


def _count(text: str) -> int:
    return _whole(text, 1)


def _seed(text: str) -> int:
    return _whole(text, 0)


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r}: a number from 0 to 1 is needed")
    return number


def _whole(text: str, low: int) -> int:
    if not text.isdecimal() or not low <= int(text) < 2**32:
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from {low} on is needed")
    return int(text)
