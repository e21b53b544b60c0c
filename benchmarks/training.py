"""How much faster TensorFlow trains the headset's network with the fused normalisation than with Keras's own.

    python benchmarks/training.py

Each step has 128 random pictures. Both networks are trained by turns in one run; the medians are compared. The first
steps of each network are not counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any

import keras
import numpy as np
from shared.command_line import benchmark_parser

from quantize.networks.architectures.registry import ARCHITECTURES
from quantize.networks.fused_batch_norm import with_fused_normalisation
from quantize.networks.outputs import HEADS
from quantize.training.compile import Stage, prepare
from quantize.training.recipe import Recipe

BATCH = 128
LIMIT = 0.75
"""The most time of a step, as a share of that with Keras's own layers: a smaller gain is not worth our own layer."""


def steps(model: Any, inputs: Any, targets: Any, count: int) -> float:
    """Train for `count` steps and return the median seconds of a step."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        model.train_on_batch(inputs, targets)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> int:
    """Print both times; return 1 when the fused normalisation takes a larger share than the limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--architecture", default="compact", choices=tuple(ARCHITECTURES), help="(default: compact)")
    parser.add_argument("--rounds", type=int, default=4, help="how often each network is measured (default: 4)")
    arguments = parser.parse_args()
    recipe = Recipe(heads="both")
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(BATCH, 48, 48, 1)).astype(np.float32)
    targets = {
        head.name: np.eye(len(head.labels), dtype=np.float32)[rng.integers(len(head.labels), size=BATCH)]
        for head in HEADS["both"]
    }
    keras.utils.set_random_seed(0)
    own = ARCHITECTURES[arguments.architecture](HEADS["both"])
    models = {"Keras's own": own, "fused": with_fused_normalisation(own)}
    for model in models.values():
        prepare(model, recipe, Stage(0, 0, recipe.epochs, recipe.learning_rate), 100)
        steps(model, inputs, targets, 3)
    taken: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(arguments.rounds):
        for name, model in models.items():
            taken[name].append(steps(model, inputs, targets, 5))
    medians = {name: statistics.median(each) for name, each in taken.items()}
    for name, seconds in medians.items():
        print(f"{name:<12} {1000 * seconds:7.1f} ms a step of {BATCH} pictures")
    ratio = medians["fused"] / medians["Keras's own"]
    print(f"fused / own  {ratio:7.2f} (limit {LIMIT:g})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
