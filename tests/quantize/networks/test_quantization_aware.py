"""Rounding in training is the rounding of int8."""

from functools import partial

import numpy as np
import pytest

from quantize.networks.outputs import HEADS

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module", params=["compact", "compact-se", "lite"])
def network(request):
    """A network of two outputs, its normalisation as after some training; channels weighed, or convolved alone."""
    import keras

    from quantize.networks.architectures.compact import compact, compact_se
    from quantize.networks.architectures.efficientnet_lite import lite

    keras.utils.set_random_seed(3)
    build = {"compact": partial(compact, width=8), "compact-se": compact_se, "lite": lite}[request.param]
    made = build(HEADS["both"])
    rng = np.random.default_rng(3)
    for layer in made.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shape = layer.gamma.shape
            low_high = ((0.5, 1.5), (-0.3, 0.3), (-0.5, 0.5), (0.5, 2.0))
            layer.set_weights([rng.uniform(low, high, shape) for low, high in low_high])
    return made


FACES = np.random.default_rng(4).normal(size=(16, 48, 48, 1)).astype(np.float32)


def said(model):
    """The logits of some faces."""
    return {name: np.asarray(values) for name, values in model(FACES, training=False).items()}


def test_folding_the_normalisation_changes_nothing(network):
    """But for rounding errors; no normalisation is left."""
    from quantize.networks.quantization_aware import without_normalisation

    folded = without_normalisation(network)
    assert not [layer for layer in folded.layers if type(layer).__name__ == "BatchNormalization"]
    for name, values in said(network).items():
        assert said(folded)[name] == pytest.approx(values, abs=1e-4)


def test_rounding_comes_in_and_goes_out_again(network):
    """After it has seen the ranges it answers nearly as before, in steps; taken out, it leaves the network whole."""
    from quantize.networks.quantization_aware import with_rounding, without_rounding

    rounded = with_rounding(network)
    for _ in range(3):
        rounded(FACES, training=True)
    plain, before = without_rounding(rounded), said(network)
    assert type(with_rounding(plain).layers[-1]).__name__.startswith("Rounded")  # and can come in again
    for name, values in said(rounded).items():
        spread = before[name].std()
        assert 0 < np.abs(values - before[name]).mean() < 0.15 * spread
        steps = np.unique(values)
        assert len(steps) <= 256
        assert said(plain)[name] == pytest.approx(before[name], abs=1e-4)


def test_rounding_follows_what_is_stored(network):
    """After each ReLU, each operand of a sum and each output; not between a convolution and its ReLU."""
    from quantize.networks.quantization_aware import with_rounding

    rounded = [layer.name for layer in with_rounding(network).layers if type(layer).__name__ == "RoundedActivation"]
    relus = [layer.name for layer in network.layers if type(layer).__name__ == "ReLU"]
    assert {f"{name}_rounded" for name in (*relus, "emotion", "crowd")} <= set(rounded)
    assert "conv2d_rounded" not in rounded
