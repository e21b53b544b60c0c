"""The networks."""

import json

import cv2
import numpy as np
import pytest

from assistant.errors import DataError
from quantize.networks.architectures.cost import int8_bytes, multiply_adds
from quantize.networks.architectures.efficientnet_lite import stored_name
from quantize.networks.architectures.registry import ARCHITECTURES

pytest.importorskip("tensorflow")


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_takes_a_gray_face_and_gives_seven_logits(name):
    """As the headset's adapter needs them; named and documented with their source."""
    model = ARCHITECTURES[name]()
    assert (model.input_shape, model.output_shape, model.name) == ((None, 48, 48, 1), (None, 7), name)
    assert (ARCHITECTURES[name].__doc__ or "").count(",") >= 1


def test_what_is_counted_is_what_is_multiplied():
    """By hand, for the tutorials' network: 46x46x32x9, 44x44x64x9x32, ..."""
    convolutions = 46**2 * 32 * 9 + 44**2 * 64 * 9 * 32 + 20**2 * 128 * 9 * 64 + 8**2 * 128 * 9 * 128
    dense = 4 * 4 * 128 * 1024 + 1024 * 7
    assert multiply_adds(ARCHITECTURES["simple"]()) == convolutions + dense


@pytest.mark.parametrize("name", ["compact", "compact-se", "lite"])
def test_the_headsets_networks_are_small(name):
    """Below a megabyte and sixty million multiply-adds."""
    model = ARCHITECTURES[name]()
    assert int8_bytes(model) < 1_000_000
    assert multiply_adds(model) < 60_000_000


def test_the_size_of_the_int8_file_is_foretold():
    """For a network with many channels; what has not learned has equal biases, which are stored once."""
    from quantize.networks.tflite_files import Form, to_tflite

    model = ARCHITECTURES["lite"]()
    faces = np.random.default_rng(1).normal(size=(2, 48, 48, 1)).astype(np.float32)
    assert len(to_tflite(model, Form.INT8, faces)) == pytest.approx(int8_bytes(model), rel=0.05)


@pytest.fixture
def lite_arrays():
    """Arrays as PyTorch has them, by their names in the file of EfficientNet-Lite0."""
    rng = np.random.default_rng(5)
    arrays = {"_conv_stem.weight": rng.normal(size=(32, 3, 3, 3)).astype(np.float32)}
    for layer in ARCHITECTURES["efficientnet-lite0"]().layers:
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
    """Each where it belongs; the stem answers as that of Lite0 for the picture enlarged twice, every second pixel."""
    np.savez(tmp_path / "lite.npz", **lite_arrays)
    layer = ARCHITECTURES["lite"](weights=tmp_path / "lite.npz").get_layer
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
    """Down to a 32nd of the picture enlarged twice, and with the layer above the blocks."""
    np.savez(tmp_path / "lite.npz", **lite_arrays)
    layer = ARCHITECTURES["efficientnet-lite0"](weights=tmp_path / "lite.npz").get_layer
    assert layer("top_conv").output.shape == (None, 3, 3, 1280)
    assert (layer("top_conv").kernel.numpy()[0, 0, :, 7] == lite_arrays["_conv_head.weight"][7, :, 0, 0]).all()
    assert (layer("top_bn").gamma.numpy() == lite_arrays["_bn1.weight"]).all()
    assert (layer("block15_bn2").moving_mean.numpy() == lite_arrays["_blocks.15._bn2.running_mean"]).all()


@pytest.mark.parametrize("spoiled", ["missing", "shape", "text", "absent"])
def test_other_weights_are_refused(spoiled, lite_arrays, tmp_path):
    """In one line that names the file."""
    if spoiled == "missing":
        del lite_arrays["_blocks.9._bn1.bias"]
    elif spoiled == "shape":
        lite_arrays["_blocks.9._bn1.bias"] = np.zeros(3, np.float32)
    path = tmp_path / "lite.npz"
    if spoiled == "text":
        path.write_text("no arrays")
    elif spoiled != "absent":
        np.savez(path, **lite_arrays)
    with pytest.raises(DataError, match=r"lite\.npz: (no weights of EfficientNet-Lite0|cannot be read)") as raised:
        ARCHITECTURES["lite"](weights=path)
    assert "\n" not in str(raised.value)


def test_they_are_listed(quantize, tmp_path):
    """A line each, and as JSON."""
    ran = quantize("models", "--json", tmp_path / "models.json")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == ["name", *ARCHITECTURES]
    table = json.loads((tmp_path / "models.json").read_text())
    assert table["simple"]["parameters"] == 2_345_607
