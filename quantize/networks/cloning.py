"""The same network with layers of one kind replaced by another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
from keras import layers


def called(layer: Any, *args: Any, **_: Any) -> Any:
    """Call a layer without the mask that batch normalisation takes and others do not; pass by what does nothing."""
    return args[0] if isinstance(layer, layers.Identity) else layer(*args)


def cloned(model: Any, kinds: Mapping[Any, Any], call: Callable[..., Any] = called) -> Any:
    """The network with layers of one kind replaced by another with the same settings and weights.

    What `call` adds, under names that `model` does not have, keeps its own weights.
    """

    def clone(layer: Any) -> Any:
        kind = kinds.get(type(layer), type(layer))
        return kind(name=layer.name) if kind is layers.Identity else kind.from_config(layer.get_config())

    made = keras.models.clone_model(model, clone_function=clone, call_function=call)
    weights = {layer.name: layer.get_weights() for layer in model.layers}
    for layer in made.layers:
        if layer.name in weights:
            layer.set_weights(weights[layer.name])
    return made
