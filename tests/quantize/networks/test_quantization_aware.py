"""Tests of training under the rounding of int8."""

from functools import partial

import numpy as np
import pytest

from quantize.networks.outputs import HEADS

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module", params=["compact", "compact-se", "lite"])
def network(request):
    """A network with two outputs and with normalisation as after some training."""
    import keras

    from quantize.networks.architectures.compact import compact, compact_se
    from quantize.networks.architectures.efficientnet_lite import lite

    keras.utils.set_random_seed(3)
    build = {"compact": partial(compact, width=8), "compact-se": compact_se, "lite": lite}[request.param]
    model = build(HEADS["both"])
    rng = np.random.default_rng(3)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shape = layer.gamma.shape
            low_high = ((0.5, 1.5), (-0.3, 0.3), (-0.5, 0.5), (0.5, 2.0))
            layer.set_weights([rng.uniform(low, high, shape) for low, high in low_high])
    return model


FACES = np.random.default_rng(4).normal(size=(16, 48, 48, 1)).astype(np.float32)


def logits(model):
    """Return the logits of some faces."""
    return {name: np.asarray(values) for name, values in model(FACES, training=False).items()}


def test_folding_the_normalisation_changes_nothing(network):
    """A network with folded normalisation gives the same logits, but for rounding errors, and has no such layer."""
    from quantize.networks.quantization_aware import without_normalisation

    folded = without_normalisation(network)
    assert not [layer for layer in folded.layers if type(layer).__name__ == "BatchNormalization"]
    for name, values in logits(network).items():
        assert logits(folded)[name] == pytest.approx(values, abs=1e-4)


def test_rounding_comes_in_and_goes_out_again(network):
    """Rounding gives nearly the same logits, in at most 256 steps; without rounding, the network is as before."""
    from quantize.networks.quantization_aware import with_rounding, without_rounding

    rounded = with_rounding(network)
    for _ in range(3):
        rounded(FACES, training=True)
    plain, before = without_rounding(rounded), logits(network)
    assert type(with_rounding(plain).layers[-1]).__name__.startswith("Rounded")
    for name, values in logits(rounded).items():
        spread = before[name].std()
        assert 0 < np.abs(values - before[name]).mean() < 0.15 * spread
        steps = np.unique(values)
        assert len(steps) <= 256
        assert logits(plain)[name] == pytest.approx(before[name], abs=1e-4)


def test_rounding_follows_what_is_stored(network):
    """Each ReLU and each output is rounded, but nothing between a convolution and its ReLU."""
    from quantize.networks.quantization_aware import with_rounding

    rounded = [layer.name for layer in with_rounding(network).layers if type(layer).__name__ == "RoundedActivation"]
    relus = [layer.name for layer in network.layers if type(layer).__name__ == "ReLU"]
    assert {f"{name}_rounded" for name in (*relus, "emotion", "crowd")} <= set(rounded)
    assert "conv2d_rounded" not in rounded
