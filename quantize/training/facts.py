"""Reads the facts that training writes beside a network: the recipe, and on which pictures it was trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.documents import read_json
from assistant.errors import DataError, ModelError, shown
from assistant.networks.cards import entry
from quantize.networks.outputs import HEADS

SEED_LIMIT = 2**32

RECIPE_TEXTS = ("architecture", "heads", "weights")
"""Entries of a recipe that are texts; older recipes may lack some of them."""


def facts_path(model: Path) -> Path:
    """Return the path of the facts about a trained model."""
    return model.with_name(f"{model.stem}-facts.json")


def training_facts(keras_model: Path) -> dict[str, Any]:
    """Read the facts that training wrote beside a model; DataError is raised when either is missing or damaged."""
    if not keras_model.is_file():
        raise DataError(f"{keras_model}: there is no such model")
    path = facts_path(keras_model)
    if not path.exists():
        raise DataError(
            f"{path}: is missing; it says how {keras_model.name} was trained. `quantize train` writes it, and only "
            "networks with this file can be converted, published or trained further"
        )
    facts = checked_facts(path, read_json(path, DataError))
    try:
        entry(facts, "training_pictures", int)
        entry(facts["recipe"], "architecture", str)
    except ModelError as error:
        raise _damaged(path, error) from error
    return facts


def checked_facts(path: Path, facts: Any) -> dict[str, Any]:
    """Return the facts, or the card, that were read at `path`; a wrong entry about the training raises DataError."""
    try:
        recipe = entry(facts, "recipe", dict)
        if not 0 <= entry(recipe, "seed", int) < SEED_LIMIT:
            raise ModelError(f"seed: {shown(recipe['seed'])} is not from 0 to {SEED_LIMIT - 1}")
        for name in RECIPE_TEXTS:
            if name in recipe:
                entry(recipe, name, str)
        if recipe.get("heads", "labels") not in HEADS:
            raise ModelError(f"heads: {shown(recipe['heads'])} is none of {', '.join(HEADS)}")
        _check_share(recipe)
        if facts.get("limit") is not None and entry(facts, "limit", int) < 1:
            raise ModelError(f"limit: {facts['limit']} is not above 0")
        if "validation_sha256" in facts:
            entry(facts, "validation_sha256", str)
    except ModelError as error:
        raise _damaged(path, error) from error
    return dict(facts)


def _check_share(recipe: dict[str, Any]) -> None:
    share = recipe.get("crowd_weight", 0.0)
    if type(share) not in (int, float) or not 0 <= share <= 1:
        raise ModelError(f"crowd_weight: {shown(share)} is not a share from 0 to 1")


def _damaged(path: Path, error: ModelError) -> DataError:
    return DataError(f"{path}: its entries about the training are damaged: {error}")
