"""The arguments that several commands share, and the checks of them."""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.emotions import Emotion
from assistant.errors import ConfigError, DataError
from assistant.files import replaced_atomically
from quantize.data.dataset import DataSet

DATA_HELP = "the data set: fer2013.csv, or a folder with train/<label>/*, test/<label>/*, validation/<label>/*"
FERPLUS_HELP = "the FER+ votes on the rows of fer2013.csv: fer2013new.csv"
TRAINING = ("keras", "tensorflow", "sklearn", "rich", "matplotlib")
MEASURING = ("sklearn", "rich")
PLOTTING = ("matplotlib", "jinja2", "rich")
SEED = 2013

DRAWS_HELP = "number that decides all random draws"


def add_command(  # noqa: PLR0913 - a command needs all of them
    subparsers: Any,
    name: str,
    run: Callable[[argparse.Namespace], None],
    what: str,
    example: str,
    *,
    seed_help: str | None = None,
) -> Any:
    """Add and return a command's parser, with --json; --seed only where there is a help text for it."""
    parser = subparsers.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=run)
    add_outcome(parser, seed_help)
    return parser


def add_steps(subparsers: Any, name: str, what: str, examples: str) -> Any:
    """Add the parser of a command that has steps; return what `add_step` takes."""
    parser = subparsers.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser.add_subparsers(required=True, metavar="STEP")


def add_step(steps: Any, name: str, run: Any, what: str, seed_help: str | None = DRAWS_HELP) -> Any:
    """Add the parser of a step, with --json, and --seed where there is a help text for it."""
    parser = steps.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    parser.set_defaults(command=run)
    add_outcome(parser, seed_help)
    return parser


def add_outcome(parser: Any, seed_help: str | None = None) -> None:
    """Add --json, and --seed where there is a help text for it."""
    if seed_help is not None:
        text = f"{seed_help} (default: %(default)s)"
        parser.add_argument("--seed", type=whole_number, default=SEED, metavar="N", help=text)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to this file, for other programs")


def add_data(parser: Any, data_help: str = DATA_HELP, ferplus_help: str | None = None) -> None:
    """Add the options that name the data set; --ferplus only where there is a help text for it."""
    parser.add_argument("--data", type=Path, required=True, metavar="DATA", help=data_help)
    add_selection(parser, ferplus_help)


def add_selection(parser: Any, ferplus_help: str | None = None) -> None:
    """Add --skip, and --ferplus where there is a help text for it."""
    help_text = "class folders of the data to leave out, for example contempt"
    parser.add_argument("--skip", nargs="+", default=[], metavar="LABEL", help=help_text)
    parser.add_argument(
        "--classes",
        nargs="+",
        type=_class,
        default=[],
        metavar="NAME=EMOTION",
        help="what class folders with other names show, for example 1=surprise 2=fear",
    )
    if ferplus_help is not None:
        parser.add_argument("--ferplus", type=Path, metavar="CSV", help=ferplus_help)


def data_of(arguments: argparse.Namespace) -> DataSet:
    """Return the data set that these options name; options that exclude each other raise ConfigError."""
    return DataSet(arguments.data, getattr(arguments, "ferplus", None), tuple(arguments.skip), tuple(arguments.classes))


def _class(text: str) -> tuple[str, Emotion]:
    name, _, emotion = text.rpartition("=")
    if not name or emotion not in tuple(Emotion):
        raise argparse.ArgumentTypeError(f"{text!r}: NAME=EMOTION is needed, with one of {', '.join(Emotion)}")
    return name, Emotion(emotion)


def add_conventions(parser: Any) -> None:
    """Add the options that say how a model is read that is not from this project."""
    labels = "labels of the numbers of a model without card or facts, in order, for example angry,disgust,fear,..."
    parser.add_argument("--labels", metavar="A,B,...", help=labels)
    scale = (
        "values of black and white pixels for such a model: 0..1, 0..255 or (with an equals sign) --scale=-1..1; "
        "standard: as for this program's own models (default)"
    )
    parser.add_argument("--scale", metavar="LOW..HIGH", help=scale)


def write_json(path: Path | None, content: Any) -> None:
    """Write a result as JSON, if a file was asked for."""
    if path is not None:
        with replaced_atomically(path) as unfinished:
            unfinished.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def check_ending(path: Path, *endings: str) -> None:
    """Raise ConfigError when the name of a file has none of these endings."""
    if path.suffix not in endings:
        raise ConfigError(f"{path}: the name must end in {' or '.join(endings)}")


def require(modules: Sequence[str], *, extra: str = "desktop") -> None:
    """Raise DataError when one of these modules, which the extra has, is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise DataError(f"{missing[0]} is not installed; install the extra {extra!r}")


def positive_number(text: str) -> int:
    """Parse a whole number from 1 on."""
    return _whole(text, 1)


def whole_number(text: str) -> int:
    """Parse a whole number from 0 on."""
    return _whole(text, 0)


def _whole(text: str, low: int) -> int:
    if not text.isdecimal() or not low <= int(text) < 2**32:
        raise argparse.ArgumentTypeError(f"{text!r}: give a whole number from {low} on")
    return int(text)
