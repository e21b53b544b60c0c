"""The command `quantize finder`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from assistant.files import refuse_overwriting
from quantize.commands.arguments import (
    TRAINING,
    add_step,
    add_steps,
    check_ending,
    positive_number,
    require,
    write_json,
)

EXAMPLES = """examples:
  quantize finder pack faces/ --out finder-data
  quantize finder train finder-data --minutes 90 --out runs/finder.keras
  quantize finder publish runs/finder.keras --data finder-data --faces faces/ --out models
  quantize finder candidates finder-data --out runs/candidates.npz
  quantize finder head models/emotion.keras --candidates runs/candidates.npz --out models/emotion-face.keras"""

FRAMES_HELP = "composed frames to search; more take longer and vary more (default: %(default)s)"


def add(subparsers: Any) -> None:
    """Add the parser of this command, with a subcommand for each step."""
    what = "train and publish the finder, the network that finds faces"
    steps = add_steps(subparsers, "finder", what, EXAMPLES)
    _add_pack(steps)
    _add_train(steps)
    _add_publish(steps)
    _add_candidates(steps)
    _add_head(steps)


def _add_pack(steps: Any) -> None:
    what = "put data and code into one folder, to train on this machine or on another one"
    pack = add_step(steps, "pack", _pack, what, seed_help=None)
    pack.add_argument("faces", type=Path, help="the folder with fairface.csv, fairface/, scenes.jsonl and scenes/")
    pack.add_argument(
        "--empty", type=Path, nargs="*", default=[], metavar="FILE", help="further pictures without people"
    )
    pack.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the folder to make")


def _add_train(steps: Any) -> None:
    from quantize.finder.training.recipe import FinderRecipe
    from quantize.options import add_settings

    train = add_step(steps, "train", _train, "train the finder for a given time")
    train.add_argument("data", type=Path, help="the folder that `pack` made")
    train.add_argument("--out", type=Path, required=True, metavar="FILE.keras", help="the file to write")
    train.add_argument("--start", type=Path, metavar="FILE.keras", help="train this finder further")
    train.add_argument("--resume", action="store_true", help="go on with an interrupted training of the same --out")
    train.add_argument(
        "--quantization-aware", action="store_true", help="round weights and activations as int8 does; needs --start"
    )
    train.add_argument("--gpu", action="store_true", help="compute in the way that is fastest on a GPU with JAX")
    add_settings(train.add_argument_group("recipe"), FinderRecipe)


def _add_publish(steps: Any) -> None:
    publish = add_step(
        steps,
        "publish",
        _publish,
        "convert a finder to int8, choose its thresholds, measure it, and write model and card",
    )
    publish.add_argument("model", type=Path, metavar="FILE.keras", help="the trained finder")
    publish.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the folder that `pack` made")
    publish.add_argument(
        "--faces", type=Path, required=True, metavar="FOLDER", help="the folder of labelled pictures, as for `pack`"
    )
    publish.add_argument(
        "--out", type=Path, default=Path("models"), metavar="FOLDER", help="the folder to write to (default: models)"
    )


def _add_candidates(steps: Any) -> None:
    what = "collect what the detectors take for faces in composed frames, for `head --candidates` and `quantize train`"
    candidates = add_step(steps, "candidates", _candidates, what)
    candidates.add_argument("data", type=Path, help="the folder that `pack` made")
    candidates.add_argument("--frames", type=positive_number, default=40_000, metavar="N", help=FRAMES_HELP)
    candidates.add_argument(
        "--finder",
        type=Path,
        metavar="FILE.tflite",
        help="the finder that searches the frames (default: the finder that comes with the program)",
    )
    candidates.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="the file to write")


def _add_head(steps: Any) -> None:
    from quantize.options import add_settings
    from quantize.training.added_output import OutputRecipe

    what = "train an output of the emotion network that distinguishes faces from what the finder takes for faces"
    head = add_step(steps, "head", _head, what)
    head.add_argument("model", type=Path, metavar="FILE.keras", help="the trained emotion network; it stays as it is")
    head.add_argument(
        "--candidates", type=Path, nargs="+", required=True, metavar="FILE.npz", help="the files that `candidates` made"
    )
    head.add_argument("--out", type=Path, required=True, metavar="FILE.keras", help="the file to write")
    add_settings(head.add_argument_group("recipe"), OutputRecipe)


def _pack(arguments: argparse.Namespace) -> None:
    from quantize.finder.data.packing import pack_folder

    counts = pack_folder(arguments.faces, arguments.empty, arguments.out)
    write_json(arguments.json, counts)
    print(
        f"{arguments.out}: {counts['faces']} faces, {counts['scenes']} scenes, {counts['megabytes']} MB with the code"
    )


def _train(arguments: argparse.Namespace) -> None:
    require(("keras",))
    from quantize.finder.training.recipe import FinderRecipe
    from quantize.options import chosen_settings

    check_ending(arguments.out, ".keras")
    refuse_overwriting("--out", arguments.out, (arguments.start,))
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from quantize.finder.data.packing import packed_file

    packed_file(arguments.data)  # a wrong folder is reported before a library is loaded that takes ten seconds
    from quantize.finder.training.train import Options, train

    facts = train(
        arguments.data,
        arguments.out,
        FinderRecipe(**chosen_settings(arguments, FinderRecipe)),
        Options(arguments.seed, arguments.start, arguments.resume, arguments.quantization_aware, arguments.gpu),
    )
    write_json(arguments.json, facts)
    print(f"{arguments.out}: {facts['trainings'][-1]['frames']} frames, loss {facts['trainings'][-1]['loss']}")


def _publish(arguments: argparse.Namespace) -> None:
    require(TRAINING)
    os.environ["KERAS_BACKEND"] = "tensorflow"
    from quantize.finder.export.card import summary
    from quantize.finder.export.publish import publish

    card = publish(arguments.model, arguments.data, arguments.faces, arguments.out, arguments.seed)
    write_json(arguments.json, card)
    print(f"{arguments.out}: {summary(card)}")


def _candidates(arguments: argparse.Namespace) -> None:
    from assistant.networks.shipped import shipped_finder
    from quantize.data.candidates import write_candidates
    from quantize.finder.data.packing import packed_file, unpack

    check_ending(arguments.out, ".npz")
    refuse_overwriting("--out", arguments.out, (arguments.finder, packed_file(arguments.data)))
    packed = unpack(packed_file(arguments.data))
    from assistant.face.detectors.finder_file import load_finder
    from quantize.finder.head.candidates import LENIENT, collect

    finder = load_finder(arguments.finder or shipped_finder(), thresholds=LENIENT)
    candidates = collect(packed, finder, arguments.frames, arguments.seed)
    write_candidates(arguments.out, candidates)
    facts = {"candidates": len(candidates.is_face), "faces": int(candidates.is_face.sum())}
    write_json(arguments.json, facts)
    print(f"{arguments.out}: {facts['candidates']} candidates, {facts['faces']} of them faces")


def _head(arguments: argparse.Namespace) -> None:
    require(TRAINING)
    from quantize.data.candidates import joined, read_candidates
    from quantize.options import chosen_settings
    from quantize.training.added_output import OutputRecipe

    check_ending(arguments.out, ".keras")
    refuse_overwriting("--out", arguments.out, (arguments.model, *arguments.candidates))
    candidates = joined([read_candidates(path) for path in arguments.candidates])
    from quantize.finder.head.train import facts_of, train_head
    from quantize.training.added_output import load_emotion_network, write_output

    recipe, seed = OutputRecipe(**chosen_settings(arguments, OutputRecipe)), arguments.seed
    head, loss = train_head(load_emotion_network(arguments.model), candidates, recipe, seed)
    facts = {**facts_of(arguments.model, recipe, seed, candidates), "loss": loss}
    write_output(arguments.out, head, facts)
    write_json(arguments.json, facts)
    print(f"{arguments.out}: {facts['candidates']} candidates, {facts['faces']} of them faces, loss {loss}")
