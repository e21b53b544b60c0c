"""The command `quantize train`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.files import refuse_overwriting
from quantize.commands.arguments import (
    FERPLUS_HELP,
    TRAINING,
    add_command,
    add_data,
    check_ending,
    data_of,
    positive_number,
    require,
    whole_number,
    write_json,
)

if TYPE_CHECKING:
    from quantize.training.recipe import Recipe
    from quantize.training.sources import Sources

EXAMPLES = """quantize train --data fer2013.csv --out runs/compact.keras
  quantize train --data fer2013.csv --architecture vgg16 --weights vgg16_notop.h5 --frozen-epochs 5 --out runs/vgg.keras
  quantize train --data fer2013.csv --ferplus fer2013new.csv --heads both --out runs/both.keras"""


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    from quantize.data.augment import Augmentation
    from quantize.networks.architectures.registry import ARCHITECTURES
    from quantize.options import add_settings
    from quantize.training.recipe import Balance, Recipe

    what = "train a network on the Training pictures of FER-2013"
    train = add_command(subparsers, "train", run, what, EXAMPLES, seed_help="number that decides all random draws")
    add_data(train, ferplus_help=FERPLUS_HELP)
    train.add_argument(
        "--out", type=Path, required=True, metavar="FILE.keras", help="the file to write the best model to"
    )
    train.add_argument(
        "--architecture",
        choices=ARCHITECTURES,
        default=Recipe().architecture,
        help="the network; `quantize models` lists them (default: %(default)s)",
    )
    train.add_argument("--resume", action="store_true", help="go on with an interrupted training of the same --out")
    train.add_argument("--limit", type=positive_number, metavar="N", help="take only the first N rows, for a trial")
    train.add_argument("--tensorboard", type=Path, metavar="FOLDER", help="log for TensorBoard to this folder")
    _add_trained_before(train)
    train.add_argument(
        "--balance",
        nargs="+",
        choices=[str(way) for way in Balance],
        default=[],
        help="ways to make up for rare emotions; they can be combined",
    )
    add_settings(train.add_argument_group("recipe"), Recipe)
    add_settings(train.add_argument_group("changes to the training pictures"), Augmentation)
    _add_processes(train)


def _add_trained_before(train: argparse.ArgumentParser) -> None:
    """Add the options for networks that were trained before."""
    train.add_argument("--start", type=Path, metavar="FILE.keras", help="train this model further")
    train.add_argument(
        "--teacher",
        type=Path,
        metavar="FILE",
        help="learn from the scores of a .keras model, or of a file from `quantize score`",
    )
    train.add_argument(
        "--live-teachers",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE.keras",
        help="learn from the scores of these models for each picture as it is shown in training",
    )
    train.add_argument(
        "--candidates",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE.npz",
        help="let the trunk also learn which of the pictures in these files show a face; `quantize finder "
        "candidates` collects them; only for lite, efficientnet-lite0 and mini-xception with --heads both",
    )
    train.add_argument(
        "--weights",
        default="none",
        metavar="FILE|imagenet|none",
        help="weights of a trunk trained on ImageNet, without its top (default: none)",
    )


def _add_processes(train: argparse.ArgumentParser) -> None:
    together = train.add_argument_group("training in several processes, on this machine or on several (needs jax)")
    together.add_argument("--processes", type=positive_number, default=1, metavar="N", help="number of processes")
    together.add_argument("--process", type=whole_number, default=0, metavar="I", help="number of this process, from 0")
    together.add_argument("--coordinator", default="", metavar="HOST:PORT", help="address of process 0")


def run(arguments: argparse.Namespace) -> None:
    """Train a network, and print its validation accuracy."""
    require((*TRAINING, "tensorboard") if arguments.tensorboard else TRAINING)
    from quantize.training.distributed import ProcessGroup
    from quantize.training.train import Options, train

    check_ending(arguments.out, ".keras")
    sources = _sources(arguments)
    read = (*sources.data.files, sources.teacher, sources.start, *sources.candidates, *sources.live_teachers)
    refuse_overwriting("--out", arguments.out, read)
    if arguments.json:
        refuse_overwriting("--json", arguments.json, read)
    facts = train(
        sources,
        arguments.out,
        _recipe(arguments),
        Options(
            arguments.limit,
            arguments.resume,
            arguments.tensorboard,
            ProcessGroup(arguments.process, arguments.processes, arguments.coordinator),
        ),
    )
    write_json(arguments.json, facts)
    if arguments.process == 0:
        share = f"{facts['validation_accuracy']:.1%} of the validation pictures"
        mean = ", the mean of both outputs" if facts["recipe"]["heads"] == "both" else ""
        print(f"{arguments.out}: {share}{mean}, epoch {facts['kept_epoch']}")


def _sources(arguments: argparse.Namespace) -> Sources:
    from quantize.training.sources import Sources

    weights = arguments.weights if arguments.weights in ("none", "imagenet") else Path(arguments.weights)
    return Sources(
        data_of(arguments),
        None if weights == "none" else weights,
        arguments.teacher,
        arguments.start,
        tuple(arguments.live_teachers),
        tuple(arguments.candidates),
    )


def _recipe(arguments: argparse.Namespace) -> Recipe:
    from quantize.data.augment import Augmentation
    from quantize.options import chosen_settings
    from quantize.training.recipe import Recipe

    return Recipe(
        architecture=arguments.architecture,
        seed=arguments.seed,
        balance=tuple(arguments.balance),
        augmentation=Augmentation(**chosen_settings(arguments, Augmentation)),
        **chosen_settings(arguments, Recipe),
    )
