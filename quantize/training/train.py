"""Trains a network on FER-2013's training part and keeps the weights of the best epoch, or of the last."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.emotion.preprocess import NORMALISATION
from quantize.data.samples import Samples
from quantize.networks.architectures.registry import ARCHITECTURES
from quantize.networks.face_output import with_face_output, without_face_output
from quantize.networks.keras_files import load
from quantize.training.batches import Batching, TrainingSet, augmented_batches
from quantize.training.checkpoint import Checkpoint
from quantize.training.compile import Stage, callbacks, prepare, stages
from quantize.training.distillation import LiveTeachers
from quantize.training.distributed import ProcessGroup
from quantize.training.recipe import Balance, Recipe
from quantize.training.sources import Sources, check_devices, check_recipe, named_recipe
from quantize.training.training_set import build_training_set, split_digest, training_and_validation, validation_data


@dataclass(frozen=True, slots=True)
class Options:
    """How a training is run, beside its recipe."""

    limit: int | None = None
    """For a trial, only this many pictures are taken."""
    resume: bool = False
    """Whether an interrupted training of the same file goes on."""
    tensorboard: Path | None = None
    """The folder to log to for TensorBoard."""
    process_group: ProcessGroup = ProcessGroup()


def train(sources: Sources, out: Path, recipe: Recipe, options: Options) -> dict[str, Any]:
    """Train on the `Training` part of the data; write the model to `out`, its facts and curves beside it.

    An interrupted training leaves a checkpoint beside `out`. Returns the facts, with the recipe and the validation
    accuracy. Options that exclude each other raise ConfigError; files that are missing or damaged raise DataError.
    """
    recipe = named_recipe(recipe, sources)
    check_recipe(recipe, sources)
    votes = sources.data.votes()
    learned, validation = training_and_validation(sources.data, recipe.seed, options.limit)
    facts = _facts(recipe, sources.data.path, options.limit, learned, validation)
    checkpoint = Checkpoint.beside(out, process=options.process_group.process)
    if options.resume:
        checkpoint.check_resumable(facts)
    devices = options.process_group.join()
    check_devices(recipe, sources, devices)
    training_set = build_training_set(learned, sources, recipe, votes)
    if not options.resume:
        checkpoint.begin(facts)
    validated_on = validation_data(validation, votes, recipe, devices)
    teachers = _live_teachers(sources, recipe)
    _fit_stages(_Training(recipe, training_set, validated_on, checkpoint, options, devices, teachers), sources)
    facts |= checkpoint.kept_epoch(recipe.keep)
    if options.process_group.process > 0:
        checkpoint.remove()
    else:
        _make_plain(checkpoint, recipe)
        checkpoint.finish(out, facts)
    return facts


def _live_teachers(sources: Sources, recipe: Recipe) -> LiveTeachers | None:
    if not sources.live_teachers:
        return None
    return LiveTeachers.read(sources.live_teachers, recipe.output_heads(), recipe.live_weight)


def _facts(recipe: Recipe, data: Path, limit: int | None, training: Samples, validation: Samples) -> dict[str, Any]:
    return {
        "recipe": dataclasses.asdict(recipe),
        "normalisation": NORMALISATION,
        "data": data.name,
        "limit": limit,
        "training_pictures": len(training),
        "validation_pictures": len(validation),
        "validation_sha256": split_digest(validation),
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Training:
    """What stays the same in all stages of a training."""

    recipe: Recipe
    training_set: TrainingSet
    validation: tuple[Any, Any, Any]
    checkpoint: Checkpoint
    options: Options
    devices: int
    live_teachers: LiveTeachers | None

    def fit(self, model: Any, stage: Stage) -> None:
        """Train one stage."""
        batches = augmented_batches(self.training_set, self._batching())
        prepare(model, self.recipe, stage, len(batches))
        model.fit(
            batches,
            validation_data=self.validation,
            validation_batch_size=self.recipe.batch_size,
            initial_epoch=stage.first,
            epochs=stage.end,
            callbacks=callbacks(self.checkpoint, self.recipe, stage, self.options.tensorboard),
            verbose=1 if sys.stdout.isatty() else 2,  # a bar on a terminal, a line for each epoch in a file
        )

    def _batching(self) -> Batching:
        return Batching(
            self.recipe.augmentation,
            self.recipe.batch_size,
            self.recipe.seed,
            oversample=Balance.OVERSAMPLE in self.recipe.balance,
            first_epoch=len(self.checkpoint.accuracies()),
            process=self.options.process_group.process,
            processes=self.options.process_group.processes,
            devices=self.devices,
            live_teachers=self.live_teachers,
        )


def _fit_stages(training: _Training, sources: Sources) -> None:
    import keras

    keras.utils.set_random_seed(training.recipe.seed)
    model, checkpoint = _network(sources, training.recipe), training.checkpoint
    for stage in stages(training.recipe):
        if len(checkpoint.accuracies()) >= stage.end or checkpoint.state(stage.number + 1).exists():
            continue
        if stage.number and not checkpoint.state(stage.number).exists():
            model.set_weights(load(checkpoint.kept).get_weights())
        training.fit(model, stage)


def _network(sources: Sources, recipe: Recipe) -> Any:
    from quantize.networks.fused_batch_norm import with_fused_normalisation
    from quantize.networks.quantization_aware import with_rounding

    if sources.start is None:
        build = ARCHITECTURES[recipe.architecture]
        model = build(recipe.output_heads(), **({} if sources.weights is None else {"weights": sources.weights}))
    else:
        model = load(sources.start)
    if sources.candidates:
        model = with_face_output(model)
    return with_rounding(model) if recipe.quantization_aware else with_fused_normalisation(model)


def _make_plain(checkpoint: Checkpoint, recipe: Recipe) -> None:
    """Remove from the kept model what only training needs: the optimizer's state, rounding, fused layers."""
    import keras

    from quantize.networks.fused_batch_norm import without_fused_normalisation
    from quantize.networks.quantization_aware import without_rounding

    keras.distribution.set_distribution(None)  # the first process does this alone, after the others have ended
    trained = load(checkpoint.kept)
    model = without_rounding(trained) if recipe.quantization_aware else without_fused_normalisation(trained)
    if recipe.candidates:
        model = without_face_output(model)
    unfinished = checkpoint.kept.with_name("unfinished.keras")
    model.save(unfinished)
    unfinished.replace(checkpoint.kept)
