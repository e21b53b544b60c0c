"""Tests of reading the weights of EfficientNet-Lite0."""

import cv2
import numpy as np
import pytest

from assistant.errors import DataError
from quantize.networks.architectures.efficientnet_lite import efficientnet_lite0, lite, stored_name

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def lite_arrays():
    """Arrays as PyTorch stores them, by their names in the file of EfficientNet-Lite0."""
    rng = np.random.default_rng(5)
    arrays = {"_conv_stem.weight": rng.normal(size=(32, 3, 3, 3)).astype(np.float32)}
    for layer in efficientnet_lite0().layers:
        name = stored_name(layer.name)
        if name is None or layer.name == "stem_conv":
            continue
        if len(layer.weights) == 4:  # gamma, beta, mean and variance
            for part, weight in zip(("weight", "bias", "running_mean", "running_var"), layer.weights, strict=True):
                arrays[f"{name}.{part}"] = rng.uniform(1, 2, weight.shape).astype(np.float32)
        else:
            height, width, before, after = layer.kernel.shape
            shape = (before, 1, height, width) if after == 1 else (after, before, height, width)
            arrays[f"{name}.weight"] = rng.normal(size=shape).astype(np.float32)
    return arrays


def test_lite_takes_the_weights_of_efficientnet_lite0(lite_arrays, tmp_path):
    """Every array goes to its layer; the stem gives what Lite0's stem gives for the picture enlarged twice."""
    np.savez(tmp_path / "lite.npz", **lite_arrays)
    layer = lite(weights=tmp_path / "lite.npz").get_layer
    face = np.random.default_rng(6).normal(size=(48, 48)).astype(np.float32)
    enlarged = cv2.resize(0.5 * face, (96, 96), interpolation=cv2.INTER_LINEAR)
    theirs, ours = lite_arrays["_conv_stem.weight"].sum(axis=1), layer("stem_conv").kernel.numpy()[:, :, 0]
    for y, x in ((1, 1), (20, 31), (46, 46)):
        expected = (theirs * enlarged[2 * y : 2 * y + 3, 2 * x : 2 * x + 3]).sum(axis=(1, 2))
        answer = (ours * face[y - 1 : y + 2, x - 1 : x + 2, np.newaxis]).sum(axis=(0, 1))
        np.testing.assert_allclose(answer, expected, atol=1e-4)
    kernel = layer("block8_depthwise_conv").kernel.numpy()
    assert (kernel[:, :, 7, 0] == lite_arrays["_blocks.8._depthwise_conv.weight"][7, 0]).all()
    kernel = layer("block10_project_conv").kernel.numpy()
    assert (kernel[0, 0, :, 7] == lite_arrays["_blocks.10._project_conv.weight"][7, :, 0, 0]).all()
    assert (layer("block10_bn2").moving_variance.numpy() == lite_arrays["_blocks.10._bn2.running_var"]).all()


def test_all_of_efficientnet_lite0_is_taken(lite_arrays, tmp_path):
    """All blocks, down to a 32nd of the picture enlarged twice, and the layer above them get their weights."""
    np.savez(tmp_path / "lite.npz", **lite_arrays)
    layer = efficientnet_lite0(weights=tmp_path / "lite.npz").get_layer
    assert layer("top_conv").output.shape == (None, 3, 3, 1280)
    assert (layer("top_conv").kernel.numpy()[0, 0, :, 7] == lite_arrays["_conv_head.weight"][7, :, 0, 0]).all()
    assert (layer("top_bn").gamma.numpy() == lite_arrays["_bn1.weight"]).all()
    assert (layer("block15_bn2").moving_mean.numpy() == lite_arrays["_blocks.15._bn2.running_mean"]).all()


@pytest.mark.parametrize("spoiled", ["missing", "shape", "text", "absent"])
def test_other_weights_are_refused(spoiled, lite_arrays, tmp_path):
    """A file with missing, wrong or no arrays is refused in one line that names the file."""
    arrays = dict(lite_arrays)
    if spoiled == "missing":
        del arrays["_blocks.9._bn1.bias"]
    elif spoiled == "shape":
        arrays["_blocks.9._bn1.bias"] = np.zeros(3, np.float32)
    path = tmp_path / "lite.npz"
    if spoiled == "text":
        path.write_text("no arrays")
    elif spoiled != "absent":
        np.savez(path, **arrays)
    with pytest.raises(DataError, match=r"lite\.npz: (no weights of EfficientNet-Lite0|cannot be read)") as raised:
        lite(weights=path)
    assert "\n" not in str(raised.value)
