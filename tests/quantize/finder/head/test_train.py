"""An output for faces is trained on the features of an emotion network, and joined to it."""

import json

import numpy as np
import pytest

from assistant.emotion.preprocess import standardise
from assistant.errors import DataError
from quantize.data.candidates import Candidates
from quantize.training.added_output import OutputRecipe

keras = pytest.importorskip("keras")
pytest.importorskip("tensorflow")

from quantize.finder.head.train import facts_of, train_head  # noqa: E402
from quantize.networks.added_outputs import joined, read_added  # noqa: E402
from quantize.networks.face_output import FACE_OUTPUT  # noqa: E402
from quantize.networks.keras_files import load  # noqa: E402
from quantize.networks.tflite_files import Form, to_tflite  # noqa: E402
from quantize.training.added_output import load_emotion_network, write_output  # noqa: E402


def stripes(upright, count=200):
    """Pictures of upright or lying stripes, uint8 [count, 48, 48], with noise."""
    rng, wave = np.random.default_rng(int(upright)), 40 * np.sin(np.arange(48) / 2)
    pictures = 128 + np.tile(wave, (count, 48, 1)) + rng.normal(0, 8, (count, 48, 48))
    return np.clip(pictures if upright else pictures.transpose(0, 2, 1), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def emotion(tmp_path_factory):
    """A small emotion network with random weights."""
    keras.utils.set_random_seed(1)
    layers = keras.layers
    source = layers.Input((48, 48, 1))
    inner = layers.Conv2D(16, 5, 2, "same", activation="relu")(source)
    inner = layers.Conv2D(16, 3, 4, "same", activation="relu")(inner)
    pooled = layers.GlobalAveragePooling2D()(layers.Conv2D(24, 1, activation="relu")(inner))
    path = tmp_path_factory.mktemp("emotion") / "emotion.keras"
    keras.Model(source, layers.Dense(7, name="emotion")(pooled)).save(path)
    return path


@pytest.fixture(scope="module")
def head(emotion, tmp_path_factory):
    """An output that was trained to take upright stripes for faces."""
    crops = np.concatenate([stripes(True), stripes(False)])
    candidates = Candidates(crops, np.arange(len(crops)) < len(crops) // 2)
    recipe = OutputRecipe(epochs=15, batch=32)
    trained, loss = train_head(load_emotion_network(emotion), candidates, recipe, seed=1)
    path = tmp_path_factory.mktemp("head") / "emotion-face.keras"
    write_output(path, trained, {**facts_of(emotion, recipe, 1, candidates), "loss": loss})
    return path


def test_the_output_distinguishes_and_the_others_do_not_change(emotion, head):
    """Joined to the network, the output knows what it was taught, and the emotions' logits stay the same."""
    network = load(emotion)
    whole = joined(network, {FACE_OUTPUT: read_added(head, emotion, "quantize finder head")})
    pictures = standardise(np.concatenate([stripes(True, 20), stripes(False, 20)]))[..., np.newaxis]
    outputs = whole.predict(pictures, verbose=0)
    assert ((outputs[FACE_OUTPUT][:, 0] > 0) == (np.arange(40) < 20)).mean() > 0.9
    np.testing.assert_allclose(outputs["emotion"], network.predict(pictures, verbose=0), atol=1e-5)


def test_the_joined_network_becomes_an_int8_file(emotion, head):
    """The file has both outputs by their names."""
    from ai_edge_litert.interpreter import Interpreter

    whole = joined(load(emotion), {FACE_OUTPUT: read_added(head, emotion, "quantize finder head")})
    content = to_tflite(whole, Form.INT8, standardise(stripes(True, 8))[..., np.newaxis])
    outputs = Interpreter(model_content=content).get_signature_runner().get_output_details()
    assert {name: list(each["shape"]) for name, each in outputs.items()} == {"emotion": [1, 7], "face": [1, 1]}


def test_an_output_of_another_network_is_refused(emotion, head, tmp_path):
    """The facts beside the output name the network by its hash."""
    other = tmp_path / "other.keras"
    other.write_bytes(emotion.read_bytes() + b"0")
    with pytest.raises(DataError, match=r"was trained for another emotion network than .*other\.keras"):
        read_added(head, other, "quantize finder head")
    assert json.loads((head.parent / "emotion-face-facts.json").read_text())["candidates"] == 400


def test_a_network_without_pooling_or_for_other_pictures_is_refused(tmp_path):
    """Such networks have no features for an output; the error names the file, or what is missing."""
    layers = keras.layers
    for side, complaint in (
        (48, "has no convolution before a global pooling"),
        (64, "takes other pictures than 48x48"),
    ):
        source = layers.Input((side, side, 1))
        keras.Model(source, layers.Dense(7)(layers.Flatten()(source))).save(tmp_path / "flat.keras")
        with pytest.raises(DataError, match=complaint):
            load_emotion_network(tmp_path / "flat.keras")
