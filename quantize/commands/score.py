"""The command `quantize score`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.files import refuse_overwriting
from quantize.commands.arguments import TRAINING, add_command, add_data, check_ending, data_of, require, write_json


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    what = "write the scores of trained networks for the Training pictures, for `quantize train --teacher`"
    example = (
        "quantize score runs/vgg16.keras runs/resnet50v2.keras --data fer2013.csv --ferplus fer2013new.csv "
        "--out runs/teacher.npz"
    )
    seed = "the seed that the networks were trained with; only with --ferplus"
    score = add_command(subparsers, "score", run, what, example, seed_help=seed)
    score.add_argument(
        "models",
        nargs="+",
        type=Path,
        metavar="FILE.keras",
        help="trained networks; the mean of their scores is written",
    )
    votes = "fer2013new.csv: pool the networks' scores for the labels with the labels that FER+'s votes predict"
    add_data(score, ferplus_help=votes)
    score.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="the file to write")


def run(arguments: argparse.Namespace) -> None:
    """Score the training pictures, and write the scores."""
    require(TRAINING)
    from quantize.data.dataset import read_samples
    from quantize.training.distillation import mean_scores, pooled_with_votes, write_scores

    data = data_of(arguments)
    check_ending(arguments.out, ".npz")
    if arguments.json:
        refuse_overwriting("--json", arguments.json, (*arguments.models, *data.files))
    votes = data.votes()
    samples = read_samples(data, "Training")
    scores = mean_scores(arguments.models, samples.pixels)
    if votes is not None:
        scores = pooled_with_votes(scores, samples, votes, arguments.seed)
    write_scores(arguments.out, samples, scores)
    labels = {name: values.shape[1] for name, values in scores.items()}
    write_json(arguments.json, {"pictures": len(samples), "outputs": labels})
    print(f"{arguments.out}: {len(samples)} pictures, {', '.join(f'{name} {count}' for name, count in labels.items())}")
