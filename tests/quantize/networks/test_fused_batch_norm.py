"""Tests of batch normalisation by TensorFlow's fused kernel, which must give what Keras's own layer gives."""

import numpy as np
import pytest

from quantize.networks.outputs import HEADS

pytest.importorskip("tensorflow")

FACES = np.random.default_rng(4).normal(2, 3, size=(16, 48, 48, 1)).astype(np.float32)


@pytest.fixture
def plain():
    """An untrained network with two outputs, and without dropout, which is random."""
    import keras

    from quantize.networks.architectures.compact import compact

    keras.utils.set_random_seed(3)
    network = compact(HEADS["both"], width=8)
    for layer in network.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    return network


def test_it_trains_as_keras_does(plain):
    """A network with fused normalisation gives the same outputs in training, and ends with the same averages."""
    from quantize.networks.fused_batch_norm import with_fused_normalisation, without_fused_normalisation

    fused = with_fused_normalisation(plain)
    kinds = {type(layer).__name__ for layer in fused.layers}
    assert "FusedBatchNormalization" in kinds
    assert "BatchNormalization" not in kinds
    for _ in range(3):
        in_training = [model(FACES, training=True) for model in (plain, fused)]
    for name, values in in_training[0].items():
        assert np.asarray(in_training[1][name]) == pytest.approx(np.asarray(values), abs=1e-3)
    stored = without_fused_normalisation(fused)
    assert {type(layer).__name__ for layer in stored.layers} == {type(layer).__name__ for layer in plain.layers}
    for ours, theirs in zip(stored.get_weights(), plain.get_weights(), strict=True):
        assert ours == pytest.approx(theirs, rel=0.01, abs=1e-3)  # the kernel's variance is divided by n - 1


def test_a_network_with_a_trunk_is_left_alone():
    """A network with a trunk stays as it is, because the layers inside the trunk would not be replaced."""
    from quantize.networks.architectures.keras_applications import mobilenetv3_small
    from quantize.networks.fused_batch_norm import with_fused_normalisation

    network = mobilenetv3_small()
    assert with_fused_normalisation(network) is network
