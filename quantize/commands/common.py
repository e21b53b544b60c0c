"""What several commands take and do alike."""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError, DataError
from assistant.files import replaced_atomically
from quantize.data.dataset import DataSet

DATA_HELP = "fer2013.csv, or a folder with train/<label>/*, test/<label>/*, validation/<label>/*"
FERPLUS_HELP = "fer2013new.csv, the FER+ votes on the rows of fer2013.csv"
TRAINING = ("keras", "tensorflow", "sklearn", "rich", "matplotlib")
MEASURING = ("sklearn", "rich")
PLOTTING = ("matplotlib", "jinja2", "rich")
SEED = 2013


def add_command(  # noqa: PLR0913 - a command has so many sides
    subparsers: Any, name: str, run: Callable[[argparse.Namespace], None], what: str, example: str, *, seed: str
) -> Any:
    """A command's parser, with --seed and --json; `seed` says what is drawn by it."""
    parser = subparsers.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=run)
    parser.add_argument("--seed", type=place, default=SEED, metavar="N", help=f"{seed} (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there, for other programs")
    return parser


def add_data(parser: Any, data_help: str = DATA_HELP, ferplus_help: str | None = None) -> None:
    """The options that name the data set; --ferplus where there is a help for it."""
    parser.add_argument("--data", type=Path, required=True, metavar="DATA", help=data_help)
    add_taken(parser, ferplus_help)


def add_taken(parser: Any, ferplus_help: str | None = None) -> None:
    """The options that say what else is taken of the data set, and what is not."""
    help_text = "class folders of the data that are left out, as contempt"
    parser.add_argument("--skip", nargs="+", default=[], metavar="LABEL", help=help_text)
    if ferplus_help is not None:
        parser.add_argument("--ferplus", type=Path, metavar="CSV", help=ferplus_help)


def data_of(arguments: argparse.Namespace) -> DataSet:
    """The data set that these options name; ConfigError where they do not go together."""
    return DataSet(arguments.data, getattr(arguments, "ferplus", None), tuple(arguments.skip))


def add_reading(parser: Any) -> None:
    """The options that say how a model from elsewhere is read."""
    labels = "of a model without card or facts: what its numbers stand for, in order, as angry,disgust,fear,..."
    parser.add_argument("--labels", metavar="A,B,...", help=labels)
    scale = (
        "of such a model: what black and white become, as 0..1, 0..255 or (with an equals sign) --scale=-1..1; "
        "standard: prepared as for this program's own (assumed)"
    )
    parser.add_argument("--scale", metavar="LOW..HIGH", help=scale)


def write_json(path: Path | None, content: Any) -> None:
    """Write a result where it was asked for."""
    if path is not None:
        with replaced_atomically(path) as unfinished:
            unfinished.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def check_ending(path: Path, *endings: str) -> None:
    """ConfigError when the name of a file does not end as it must."""
    if path.suffix not in endings:
        raise ConfigError(f"{path}: the name must end in {' or '.join(endings)}")


def require(modules: Sequence[str]) -> None:
    """DataError when something of the desktop's is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise DataError(f"{missing[0]} is not installed; install the extra 'desktop'")


def count(text: str) -> int:
    """A whole number from 1 on."""
    return _whole(text, 1)


def place(text: str) -> int:
    """A whole number from 0 on."""
    return _whole(text, 0)


def _whole(text: str, low: int) -> int:
    if not text.isdecimal() or not low <= int(text) < 2**32:
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from {low} on is needed")
    return int(text)
