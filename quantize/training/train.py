"""Trains a network on FER-2013's training part and keeps the weights that validate best."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.emotion.preprocess import NORMALISATION
from assistant.errors import ConfigError
from quantize.data.samples import Samples
from quantize.networks.architectures.registry import ARCHITECTURES, FREEZABLE, TRANSFERABLE
from quantize.networks.keras_files import load
from quantize.training.batches import Batching, TrainingSet, augmented_batches
from quantize.training.checkpoint import Checkpoint
from quantize.training.compile import Stage, callbacks, prepare, stages
from quantize.training.distillation import LiveTeachers
from quantize.training.distributed import ProcessGroup
from quantize.training.facts import training_facts
from quantize.training.recipe import Balance, Recipe
from quantize.training.training_set import Sources, build_training_set, parts, split_digest, validation_data


@dataclass(frozen=True, slots=True, eq=False)
class _Training:
    """What stays the same over the stages of a training."""

    recipe: Recipe
    training_set: TrainingSet
    validation: tuple[Any, Any]
    checkpoint: Checkpoint
    process_group: ProcessGroup
    devices: int
    tensorboard: Path | None
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
            callbacks=callbacks(self.checkpoint, self.recipe, stage, self.tensorboard),
            verbose=1 if sys.stdout.isatty() else 2,  # a bar that moves, or in a file a line for each epoch
        )

    def _batching(self) -> Batching:
        return Batching(
            self.recipe.augmentation,
            self.recipe.batch_size,
            self.recipe.seed,
            oversample=Balance.OVERSAMPLE in self.recipe.balance,
            first_epoch=len(self.checkpoint.accuracies()),
            process=self.process_group.process,
            processes=self.process_group.processes,
            devices=self.devices,
            live_teachers=self.live_teachers,
        )


def train(  # noqa: PLR0913 - from what, to what, how
    sources: Sources,
    out: Path,
    recipe: Recipe,
    *,
    limit: int | None = None,
    resume: bool = False,
    tensorboard: Path | None = None,
    process_group: ProcessGroup = ProcessGroup(),
) -> dict[str, Any]:
    """Train on the `Training` part of the data; write the best model to `out`, its facts and curves beside it.

    `limit` takes only that many pictures, for a trial. An interrupted training leaves a checkpoint beside `out`, which
    `resume` goes on from. Returns the facts: the recipe and the validation accuracy.
    """
    recipe = _checked(_named(recipe, sources), sources)
    votes = sources.data.votes()
    training, validation = parts(sources.data, recipe.seed, limit)
    facts = _facts(recipe, sources.data.path, limit, training, validation)
    checkpoint = Checkpoint.beside(out, process=process_group.process)
    if resume:
        checkpoint.check_goes_on(facts)
    devices = process_group.join()
    _check_devices(recipe, sources, devices)
    training_set = build_training_set(training, sources, recipe, votes)
    if not resume:
        checkpoint.begin(facts)
    validated = validation_data(validation, votes, recipe, devices)
    live = _live_teachers(sources, recipe)
    _fit_stages(
        _Training(recipe, training_set, validated, checkpoint, process_group, devices, tensorboard, live), sources
    )
    facts |= checkpoint.best_epoch()
    if process_group.process > 0:
        checkpoint.remove()
    else:
        _make_plain(checkpoint, recipe)
        checkpoint.keep(out, facts)
    return facts


def _named(recipe: Recipe, sources: Sources) -> Recipe:
    """The recipe with the names of its sources, and with the network that it starts from."""
    named = dataclasses.replace(
        recipe,
        weights=_name(sources.weights),
        teacher=_name(sources.teacher),
        start=_name(sources.start),
        live_teachers=tuple(path.name for path in sources.live_teachers),
    )
    if sources.start is None:
        return named
    started = training_facts(sources.start)["recipe"]
    if started["seed"] != recipe.seed:
        raise ConfigError(
            f"--seed: {sources.start} was trained with {started['seed']}; with another seed pictures that it has "
            "learned would validate it"
        )
    return dataclasses.replace(
        named,
        architecture=started.get("architecture", recipe.architecture),
        heads=started.get("heads", "labels"),
        weights=started.get("weights", "none"),
    )


def _name(source: Path | str | None) -> str:
    return "none" if source is None else Path(source).name


def _checked(recipe: Recipe, sources: Sources) -> Recipe:
    """ConfigError when what the recipe asks for is not there, or cannot be had together."""
    both, votes = recipe.heads == "both", sources.data.ferplus is not None
    takes = recipe.architecture in TRANSFERABLE
    for wrong, complaint in (
        (recipe.crowd_weight > 0 and not votes, "--crowd-weight: needs the votes, --ferplus fer2013new.csv"),
        (both and not votes, "--heads both: needs the votes, --ferplus fer2013new.csv"),
        (
            votes and not both and not recipe.crowd_weight,
            "--ferplus: is of no use without --heads both, --crowd-weight",
        ),
        (recipe.not_faces > 0 and not both, "--not-faces: needs the crowd's output, --heads both"),
        (recipe.quantization_aware and not sources.start, "--quantization-aware: needs a network, --start FILE.keras"),
        (sources.weights and sources.start, "--weights: the network of --start has its own"),
        (sources.weights and not takes, f"--weights: only {', '.join(TRANSFERABLE)} take them"),
        (recipe.frozen_epochs > 0 and not sources.weights, "--frozen-epochs: needs a trained trunk, --weights FILE"),
        (
            recipe.frozen_epochs > 0 and recipe.architecture not in FREEZABLE,
            f"--frozen-epochs: only for {', '.join(FREEZABLE)}",
        ),
        (recipe.frozen_epochs >= recipe.epochs, "--frozen-epochs: must be fewer than --epochs"),
    ):
        if wrong:
            raise ConfigError(complaint)
    return recipe


def _check_devices(recipe: Recipe, sources: Sources, devices: int) -> None:
    if recipe.batch_size % devices:
        raise ConfigError(f"--batch-size: {recipe.batch_size} cannot be shared out among {devices} devices")
    if devices > 1 and sources.teacher is not None and sources.teacher.suffix != ".npz":
        raise ConfigError("--teacher: on several devices it must be a file of scores; make it with `quantize score`")
    if devices > 1 and sources.live_teachers:
        raise ConfigError("--live-teachers: only on one device")


def _live_teachers(sources: Sources, recipe: Recipe) -> LiveTeachers | None:
    if not sources.live_teachers:
        return None
    return LiveTeachers.read(sources.live_teachers, recipe.answered(), recipe.live_weight)


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


def _fit_stages(training: _Training, sources: Sources) -> None:
    import keras

    keras.utils.set_random_seed(training.recipe.seed)
    model, checkpoint = _network(sources, training.recipe), training.checkpoint
    for stage in stages(training.recipe):
        if len(checkpoint.accuracies()) >= stage.end or checkpoint.state(stage.number + 1).exists():
            continue
        if stage.number and not checkpoint.state(stage.number).exists():
            model.set_weights(load(checkpoint.best).get_weights())
        training.fit(model, stage)


def _network(sources: Sources, recipe: Recipe) -> Any:
    from quantize.networks.fused_batch_norm import with_fused_normalisation
    from quantize.networks.quantization_aware import with_rounding

    if sources.start is None:
        build = ARCHITECTURES[recipe.architecture]
        model = build(recipe.answered(), **({} if sources.weights is None else {"weights": sources.weights}))
    else:
        model = load(sources.start)
    return with_rounding(model) if recipe.quantization_aware else with_fused_normalisation(model)


def _make_plain(checkpoint: Checkpoint, recipe: Recipe) -> None:
    """Take out of the best model what only training needs: the optimizer's state, rounding, fused layers."""
    import keras

    from quantize.networks.fused_batch_norm import without_fused_normalisation
    from quantize.networks.quantization_aware import without_rounding

    keras.distribution.set_distribution(None)  # the first process does this alone; the others have left
    trained = load(checkpoint.best)
    model = without_rounding(trained) if recipe.quantization_aware else without_fused_normalisation(trained)
    unfinished = checkpoint.best.with_name("unfinished.keras")
    model.save(unfinished)
    unfinished.replace(checkpoint.best)
