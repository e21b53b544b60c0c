"""The files that a training is made from, and whether they go with its recipe."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ConfigError
from quantize.data.dataset import DataSet
from quantize.networks.architectures.registry import FREEZABLE, TAPPED, TRANSFERABLE
from quantize.training.facts import training_facts
from quantize.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that a training is made from."""

    data: DataSet
    weights: Path | str | None = None
    """The weights of the trunk: a file, or `imagenet`, which keras.applications fetches."""
    teacher: Path | None = None
    """A .keras model to learn from, or its scores on the training rows (.npz)."""
    start: Path | None = None
    """A .keras model whose training is continued."""
    live_teachers: tuple[Path, ...] = ()
    """The .keras models that classify each picture as it is shown."""
    candidates: tuple[Path, ...] = ()
    """What detectors took for faces (.npz): the trunk also learns which of these pictures show a face."""


def named_recipe(recipe: Recipe, sources: Sources) -> Recipe:
    """Return the recipe with the names of its sources and with the architecture of the network that it starts from.

    A network that was trained with another seed raises ConfigError.
    """
    named = dataclasses.replace(
        recipe,
        weights=_name(sources.weights),
        teacher=_name(sources.teacher),
        start=_name(sources.start),
        live_teachers=tuple(path.name for path in sources.live_teachers),
        candidates=tuple(path.name for path in sources.candidates),
        learned_faces=bool(sources.candidates),
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
        learned_faces=named.learned_faces or started.get("learned_faces", False),
    )


def _name(source: Path | str | None) -> str:
    return "none" if source is None else Path(source).name


def check_recipe(recipe: Recipe, sources: Sources) -> None:
    """Raise ConfigError when the recipe asks for something that is missing, or for things that exclude each other."""
    for is_wrong, message in (*_votes_checks(recipe, sources), *_weights_checks(recipe, sources)):
        if is_wrong:
            raise ConfigError(message)


def _votes_checks(recipe: Recipe, sources: Sources) -> Iterator[tuple[bool, str]]:
    both, votes = recipe.heads == "both", sources.data.ferplus is not None
    yield recipe.crowd_weight > 0 and not votes, "--crowd-weight: needs the votes, --ferplus fer2013new.csv"
    yield both and not votes, "--heads both: needs the votes, --ferplus fer2013new.csv"
    unused = votes and not both and not recipe.crowd_weight
    yield unused, "--ferplus: is of no use without --heads both or --crowd-weight"
    yield bool(sources.candidates) and not both, "--candidates: needs two outputs, --heads both"
    tapped = recipe.architecture in TAPPED
    yield bool(sources.candidates) and not tapped, f"--candidates: only for {', '.join(TAPPED)}"
    unseen = recipe.candidate_emotions > 0 and not (sources.candidates and sources.start)
    yield unseen, "--candidate-emotions: needs --candidates FILE.npz and --start FILE.keras"
    yield recipe.not_faces > 0 and not both, "--not-faces: needs the crowd's output, --heads both"


def _weights_checks(recipe: Recipe, sources: Sources) -> Iterator[tuple[bool, str]]:
    has_weights, has_start, frozen = sources.weights is not None, sources.start is not None, recipe.frozen_epochs > 0
    aware = recipe.quantization_aware
    yield aware and not has_start, "--quantization-aware: needs a trained network, --start FILE.keras"
    yield has_weights and has_start, "--weights: the network of --start has its own weights; leave --weights out"
    transferable = recipe.architecture in TRANSFERABLE
    yield has_weights and not transferable, f"--weights: only {', '.join(TRANSFERABLE)} take them"
    yield frozen and not has_weights, "--frozen-epochs: needs a trained trunk, --weights FILE"
    freezable = recipe.architecture in FREEZABLE
    yield frozen and not freezable, f"--frozen-epochs: only for {', '.join(FREEZABLE)}"
    yield recipe.frozen_epochs >= recipe.epochs, "--frozen-epochs: must be fewer than --epochs"


def check_devices(recipe: Recipe, sources: Sources, devices: int) -> None:
    """Raise ConfigError when the training cannot run on so many devices."""
    if recipe.batch_size % devices:
        raise ConfigError(f"--batch-size: {recipe.batch_size} cannot be divided evenly among {devices} devices")
    if devices > 1 and sources.teacher is not None and sources.teacher.suffix != ".npz":
        raise ConfigError("--teacher: on several devices it must be a file of scores; make it with `quantize score`")
    if devices > 1 and sources.live_teachers:
        raise ConfigError("--live-teachers: only on one device")
