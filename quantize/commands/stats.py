"""The command `quantize stats`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.files import refuse_overwriting
from quantize.commands.arguments import (
    DATA_HELP,
    FERPLUS_HELP,
    PLOTTING,
    add_command,
    add_selection,
    data_of,
    require,
    write_json,
)

PROBLEMS_SHOWN = 20


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    example = "quantize stats fer2013.csv --ferplus fer2013new.csv --out stats"
    stats = add_command(
        subparsers,
        "stats",
        run,
        "count, check and plot a data set",
        example,
        seed_help="number that decides which pictures the page of --out shows",
    )
    stats.add_argument("data", type=Path, metavar="DATA", help=DATA_HELP)
    add_selection(stats, FERPLUS_HELP)
    stats.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="write plots and a page to this folder (they show faces of the data set)",
    )
    stats.add_argument("--strict", action="store_true", help="end with an error at the first bad picture")


def run(arguments: argparse.Namespace) -> None:
    """Count, check and plot a data set, and print the numbers."""
    require(PLOTTING)
    from quantize.data.stats import statistics_of
    from quantize.evaluation.report import write_statistics

    data = data_of(arguments)
    if arguments.json:
        refuse_overwriting("--json", arguments.json, data.files)
    gathered, summary = statistics_of(data, arguments.seed, strict=arguments.strict)
    _print(summary)
    if arguments.out:
        page = write_statistics(arguments.out, arguments.data.name, gathered, summary)
        print(f"{page}: the same with plots")
    write_json(arguments.json, summary)


def _print(summary: dict[str, Any]) -> None:
    for usage, counts in summary["counts"].items():
        print(f"{usage}: {sum(counts.values())} ({', '.join(f'{label} {count}' for label, count in counts.items())})")
    doubles = summary["doubles"]
    for usage, number in doubles["within"].items():
        print(f"{number} pictures of {usage} are doubles within it")
    print(f"{doubles['across']} are in more than one part, {doubles['with_another_label']} are there with two labels")
    print(f"{len(summary['blank'])} are blank, {len(summary['problems'])} cannot be read")
    for problem in summary["problems"][:PROBLEMS_SHOWN]:
        print(f"  {problem}")
    if len(summary["problems"]) > PROBLEMS_SHOWN:
        print(f"  and {len(summary['problems']) - PROBLEMS_SHOWN} more, which --json writes")
    for usage, share in (summary["ferplus"] or {"shares": {}})["shares"].items():
        agreed = "of 0 labels: no picture has a majority among the seven emotions"
        if share["agree"] is not None:
            agreed = f"agrees with {share['agree']:.1%} of {share['n']} labels"
        print(f"{usage}: FER+'s majority {agreed}")
