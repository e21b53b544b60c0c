"""What each command of `quantize` does with its arguments: checks them, calls the work, prints the result."""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ConfigError, DataError
from assistant.files import refuse_overwriting, replaced_atomically

if TYPE_CHECKING:
    from quantize.train import Recipe

TRAINING = ("keras", "tensorflow", "sklearn", "rich", "matplotlib")
MEASURING = ("sklearn", "rich")
PLOTTING = ("matplotlib", "jinja2", "rich")


def train(arguments: argparse.Namespace) -> None:
    """Train a network, and say how well it validates."""
    _require(TRAINING)
    from quantize.train import train as train_network

    _ending(arguments.out, ".keras")
    if arguments.crowd_weight is not None and arguments.ferplus is None:
        raise ConfigError("--crowd-weight: needs the votes, --ferplus fer2013new.csv")
    facts = train_network(
        arguments.data,
        arguments.out,
        _recipe(arguments),
        ferplus=arguments.ferplus,
        limit=arguments.limit,
        resume=arguments.resume,
        tensorboard=arguments.tensorboard,
    )
    print(
        f"{arguments.out}: {facts['validation_accuracy']:.1%} of the validation pictures, epoch {facts['best_epoch']}"
    )


def _recipe(arguments: argparse.Namespace) -> Recipe:
    from quantize.train import Recipe

    defaults = Recipe()
    crowd_weight = 1.0 if arguments.crowd_weight is None else arguments.crowd_weight
    return dataclasses.replace(
        defaults,
        architecture=arguments.architecture,
        epochs=arguments.epochs,
        seed=arguments.seed,
        patience=arguments.patience,
        balance=tuple(arguments.balance),
        crowd_weight=crowd_weight if arguments.ferplus else 0.0,
        augmentation=dataclasses.replace(defaults.augmentation, mixup=arguments.mixup),
    )


def convert(arguments: argparse.Namespace) -> None:
    """Quantize a trained network, and say what that cost."""
    _require(TRAINING)
    from quantize.convert import convert as convert_network
    from quantize.convert import convert_form
    from quantize.forms import Form

    _ending(arguments.out, ".tflite")
    form = Form(arguments.form)
    if form is not Form.INT8:
        size = convert_form(arguments.model, arguments.data, arguments.out, form)
        print(f"{arguments.out}: {form}, {size / 1000:.0f} KB; no card: the headset takes int8")
        return
    options = {"usage": arguments.usage, "max_drop": arguments.max_drop}
    measures = convert_network(arguments.model, arguments.data, arguments.out, **options)["measures"]
    float_accuracy, int8_accuracy = measures["float"]["accuracy"], measures["int8"]["accuracy"]
    print(f"{arguments.out}: {measures['usage']} {float_accuracy:.1%} as float, {int8_accuracy:.1%} as int8")


def evaluate(arguments: argparse.Namespace) -> None:
    """Measure a model."""
    _require((*MEASURING, *PLOTTING) if arguments.out else MEASURING)
    from quantize.evaluate import evaluate as evaluate_model

    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.model, arguments.data, arguments.ferplus))

    seed = arguments.seed if arguments.corrupt else None
    evaluation = evaluate_model(arguments.model, arguments.data, arguments.usage, arguments.ferplus, corrupt_seed=seed)
    _print_measures(evaluation.result)
    _write_json(arguments.json, evaluation.result)
    if arguments.out:
        from quantize.report import write_evaluation

        print(f"{write_evaluation(arguments.out, evaluation)}: the same with plots")


def compare(arguments: argparse.Namespace) -> None:
    """Put models side by side."""
    _require((*MEASURING, *PLOTTING))
    from quantize.compare import as_table
    from quantize.compare import compare as compare_models
    from quantize.plots import bars

    if arguments.json:
        refuse_overwriting("--json", arguments.json, (*arguments.models, arguments.data))
    result = compare_models(arguments.models, arguments.data, arguments.usage)
    print("\n".join(as_table(result)))
    _write_json(arguments.json, result)
    if arguments.plot:
        recalls = {
            row["model"]: {label: round(100 * share, 1) for label, share in row["recall"].items()}
            for row in result["models"]
        }
        with replaced_atomically(arguments.plot) as unfinished:
            unfinished.write_bytes(bars(recalls, f"Recall on {result['n']} pictures of {result['usage']}", "percent"))


def models(arguments: argparse.Namespace) -> None:
    """List the networks that can be trained."""
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


def stats(arguments: argparse.Namespace) -> None:
    """Count, check and plot a data set."""
    _require(PLOTTING)
    from quantize.report import write_statistics
    from quantize.stats import statistics_of

    if arguments.json:
        refuse_overwriting("--json", arguments.json, (arguments.data, arguments.ferplus))
    gathered, summary = statistics_of(arguments.data, arguments.ferplus, arguments.seed, strict=arguments.strict)
    _print_statistics(summary)
    if arguments.out:
        page = write_statistics(arguments.out, arguments.data.name, gathered, summary)
        print(f"{page}: the same with plots")
    _write_json(arguments.json, summary)


def _print_statistics(summary: dict[str, Any]) -> None:
    for usage, counts in summary["counts"].items():
        print(f"{usage}: {sum(counts.values())} ({', '.join(f'{label} {count}' for label, count in counts.items())})")
    doubles = summary["doubles"]
    for usage, number in doubles["within"].items():
        print(f"{number} pictures of {usage} are there again within it")
    print(f"{doubles['across']} stand in more than one part, {doubles['with_another_label']} with another label again")
    print(f"{len(summary['blank'])} are blank, {len(summary['problems'])} cannot be read")
    for problem in summary["problems"]:
        print(f"  {problem}")
    for usage, share in (summary["ferplus"] or {"shares": {}})["shares"].items():
        print(f"{usage}: FER+'s majority agrees with {share['agree']:.1%} of {share['n']} labels")


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
    for name, measures in result.get("corruptions", {}).items():
        print(f"  {name:<24} accuracy {measures['accuracy']:.1%}, macro F1 {measures['macro_f1']:.3f}")


def _ending(path: Path, ending: str) -> None:
    if path.suffix != ending:
        raise ConfigError(f"{path}: the name must end in {ending}")


def _require(modules: Sequence[str]) -> None:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise DataError(f"{missing[0]} is not installed; install the extra 'desktop'")
