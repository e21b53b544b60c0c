"""What the networks of more than one module are built of."""

from __future__ import annotations

from typing import Any


def normalised(x: Any, name: str | None = None) -> Any:
    """Batch normalisation whose averages follow within an epoch, also of a small data set."""
    import keras

    return keras.layers.BatchNormalization(momentum=0.95, name=name)(x)
