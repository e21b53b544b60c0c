"""Copies a network, with layers of one kind replaced by layers of another kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
from keras import layers


def called(layer: Any, *args: Any, **_: Any) -> Any:
    """Call a layer without the mask that only batch normalisation takes; skip a layer that does nothing."""
    return args[0] if isinstance(layer, layers.Identity) else layer(*args)


def cloned(model: Any, kinds: Mapping[Any, Any], call: Callable[..., Any] = called) -> Any:
    """Return a copy of the network in which each kind of layer in `kinds` is replaced by another kind.

    Settings and weights of the layers stay the same. `call` calls each layer; layers that it adds, under names that
    `model` does not have, keep their own weights.
    """

    def clone(layer: Any) -> Any:
        kind = kinds.get(type(layer), type(layer))
        return kind(name=layer.name) if kind is layers.Identity else kind.from_config(layer.get_config())

    copy = keras.models.clone_model(model, clone_function=clone, call_function=call)
    weights = {layer.name: layer.get_weights() for layer in model.layers}
    for layer in copy.layers:
        if layer.name in weights:
            layer.set_weights(weights[layer.name])
    return copy
