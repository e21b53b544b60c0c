"""The command `quantize compare`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.files import refuse_overwriting, replaced_atomically
from assistant.networks.cards import card_path
from quantize.commands.arguments import (
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
    what = "compare models on the same pictures"
    example = "quantize compare float32.tflite int8.tflite --data fer2013.csv --plot recall.png"
    compare = add_command(subparsers, "compare", run, what, example)
    compare.add_argument(
        "models",
        nargs="+",
        type=Path,
        metavar="FILE",
        help=".tflite or .keras files; agreement and McNemar's test are with the first",
    )
    add_data(compare)
    compare.add_argument(
        "--usage", default="PublicTest", help="the usage whose pictures are classified (default: %(default)s)"
    )
    add_conventions(compare)
    compare.add_argument("--plot", type=Path, metavar="FILE.png", help="write a plot with the recall of each emotion")


def run(arguments: argparse.Namespace) -> None:
    """Compare the models, and print a table."""
    require((*MEASURING, *PLOTTING))
    from quantize.evaluation.compare import as_table, compare
    from quantize.evaluation.foreign_models import parse_conventions
    from quantize.plots import bars

    data, conventions = data_of(arguments), parse_conventions(arguments.labels, arguments.scale)
    for model in arguments.models:
        check_ending(model, ".tflite", ".keras")
    if arguments.json:
        refuse_overwriting(
            "--json", arguments.json, (*arguments.models, *map(card_path, arguments.models), arguments.data)
        )
    result = compare(arguments.models, data, arguments.usage, conventions)
    print("\n".join(as_table(result)))
    write_json(arguments.json, result)
    if arguments.plot:
        recalls = {
            row["model"]: {label: round(100 * share, 1) for label, share in row["recall"].items()}
            for row in result["models"]
        }
        with replaced_atomically(arguments.plot) as unfinished:
            unfinished.write_bytes(bars(recalls, f"Recall on {result['n']} pictures of {result['usage']}", "percent"))
