"""Trains a network on FER-2013's training part and keeps the weights that validate best."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError
from assistant.preprocess import NORMALISATION
from quantize.architectures import ARCHITECTURES, TRANSFERABLE
from quantize.batches import Batching, augmented_batches
from quantize.checkpoint import Checkpoint
from quantize.distributed import Crew
from quantize.fitting import Stage, callbacks, prepare, stages
from quantize.material import Sources, parts, training_material, validation_data
from quantize.networks import load, training_facts
from quantize.recipe import Balance, Recipe


def train(  # noqa: PLR0913 - from what, to what, how
    sources: Sources,
    out: Path,
    recipe: Recipe,
    *,
    limit: int | None = None,
    resume: bool = False,
    tensorboard: Path | None = None,
    crew: Crew = Crew(),
) -> dict[str, Any]:
    """Train on the `Training` part of the data; write the best model to `out`, its facts and curves beside it.

    `limit` takes only that many pictures, for a trial. An interrupted training leaves a checkpoint beside `out`, which
    `resume` goes on from. Returns the facts: the recipe and the validation accuracy.
    """
    recipe = _named(recipe, sources)
    training, validation = parts(sources.data, recipe.seed, limit)
    checkpoint = Checkpoint.beside(out, resume=resume, process=crew.process)
    devices = crew.join()
    if recipe.batch_size % devices:
        raise ConfigError(f"--batch-size: {recipe.batch_size} cannot be shared out among {devices} devices")
    material = training_material(training, sources, recipe)
    validated = validation_data(validation, sources, recipe, devices)

    def fit(model: Any, stage: Stage) -> None:
        batches = augmented_batches(material, _batching(recipe, crew, devices, len(checkpoint.accuracies())))
        prepare(model, recipe, stage, len(batches))
        model.fit(
            batches,
            validation_data=validated,
            initial_epoch=stage.first,
            epochs=stage.end,
            callbacks=callbacks(checkpoint, recipe, stage, tensorboard),
        )

    checkpoint.folder.mkdir(parents=True, exist_ok=True)
    _fit_stages(fit, sources, recipe, checkpoint)
    accuracies = checkpoint.accuracies()
    facts = {
        "recipe": dataclasses.asdict(recipe),
        "normalisation": NORMALISATION,
        "data": sources.data.name,
        "training_pictures": len(training),
        "validation_pictures": len(validation),
        "validation_accuracy": round(max(accuracies), 4),
        "best_epoch": accuracies.index(max(accuracies)) + 1,
    }
    if crew.process > 0:
        checkpoint.remove()
        return facts
    _make_plain(checkpoint, recipe)
    checkpoint.keep(out, facts)
    return facts


def _named(recipe: Recipe, sources: Sources) -> Recipe:
    """The recipe with the names of its sources; ConfigError when what it asks for is not there."""
    votes, both = "the votes, --ferplus fer2013new.csv", recipe.heads == "both"
    for option, asked, there, needed in (
        ("--crowd-weight", recipe.crowd_weight > 0, sources.ferplus, votes),
        ("--heads both", both, sources.ferplus, votes),
        ("--not-faces", recipe.not_faces > 0, both, "the crowd's output, --heads both"),
        ("--quantization-aware", recipe.quantization_aware, sources.start, "a trained model, --start FILE.keras"),
        ("--frozen-epochs", recipe.frozen_epochs > 0, sources.weights, "a trained trunk, --weights FILE"),
        (
            f"--weights: {recipe.architecture}",
            sources.weights,
            recipe.architecture in TRANSFERABLE,
            f"no ImageNet weights; {', '.join(TRANSFERABLE)} take them",
        ),
    ):
        if asked and not there:
            raise ConfigError(f"{option}: needs {needed}")
    if sources.ferplus is not None and not both and not recipe.crowd_weight and sources.start is None:
        raise ConfigError("--ferplus: the votes would not be used; give --crowd-weight or --heads both too")
    if sources.start is not None:
        started = training_facts(sources.start)["recipe"]
        recipe = dataclasses.replace(
            recipe, architecture=started["architecture"], heads=started.get("heads", recipe.heads)
        )
    return dataclasses.replace(
        recipe, weights=_name(sources.weights), teacher=_name(sources.teacher), start=_name(sources.start)
    )


def _name(source: Path | str | None) -> str:
    return "none" if source is None else Path(source).name


def _fit_stages(fit: Callable[[Any, Stage], None], sources: Sources, recipe: Recipe, checkpoint: Checkpoint) -> None:
    import keras

    keras.utils.set_random_seed(recipe.seed)
    model = _network(sources, recipe)
    for stage in stages(recipe):
        if len(checkpoint.accuracies()) >= stage.end:
            continue
        if stage.number and not checkpoint.state(stage.number).exists():
            model.set_weights(load(checkpoint.best).get_weights())
        fit(model, stage)


def _network(sources: Sources, recipe: Recipe) -> Any:
    if sources.start is None:
        build = ARCHITECTURES[recipe.architecture]
        return build(recipe.answered(), **({} if sources.weights is None else {"weights": sources.weights}))
    model = load(sources.start)
    if recipe.quantization_aware:
        from quantize.fake_quantization import with_rounding

        return with_rounding(model)
    return model


def _batching(recipe: Recipe, crew: Crew, devices: int, done: int) -> Batching:
    return Batching(
        recipe.augmentation,
        recipe.batch_size,
        recipe.seed,
        oversample=Balance.OVERSAMPLE in recipe.balance,
        first_epoch=done,
        process=crew.process,
        processes=crew.processes,
        devices=devices,
    )


def _make_plain(checkpoint: Checkpoint, recipe: Recipe) -> None:
    """Take the rounding out of the best model, which conversion brings in for real."""
    if recipe.quantization_aware:
        from quantize.fake_quantization import without_rounding

        without_rounding(load(checkpoint.best)).save(checkpoint.best)
