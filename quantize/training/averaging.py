"""Averages the weights of networks that were trained further from the same one.

Where fine-tuning has moved a network only a little, the mean of the weights before and after it is often better than
either: M. Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.networks.keras_files import load
from quantize.training.facts import facts_path, training_facts

OF_ONE_NETWORK = ("validation_accuracy", "kept_epoch", "balance")
"""Entries of the facts that do not hold for an average."""


def average(models: Sequence[Path], out: Path) -> None:
    """Write a network with the mean of the weights of these .keras files; its facts are the first one's.

    Networks of different shapes, or trained on different pictures, raise DataError.
    """
    facts = [training_facts(path) for path in models]
    for path, each in zip(models[1:], facts[1:], strict=True):
        if each.get("validation_sha256") != facts[0].get("validation_sha256"):
            raise DataError(
                f"{path}: was trained on pictures that validate {models[0]}; networks of one --seed are needed"
            )
    network = load(models[0])
    weights = [network.get_weights(), *(load(path).get_weights() for path in models[1:])]
    shapes = [[each.shape for each in of_one] for of_one in weights]
    for path, of_one in zip(models, shapes, strict=True):
        if of_one != shapes[0]:
            raise DataError(f"{path}: has other layers than {models[0]}; only networks of the same shape have a mean")
    network.set_weights([np.mean(each, axis=0) for each in zip(*weights, strict=True)])
    with replaced_atomically(out) as unfinished:
        network.save(unfinished)
    with replaced_atomically(facts_path(out)) as unfinished:
        unfinished.write_text(json.dumps(_facts(facts[0], models), indent=2) + "\n", encoding="utf-8")


def _facts(first: dict[str, Any], models: Sequence[Path]) -> dict[str, Any]:
    kept = {name: value for name, value in first.items() if name not in OF_ONE_NETWORK}
    return {**kept, "averaged": [path.name for path in models]}
