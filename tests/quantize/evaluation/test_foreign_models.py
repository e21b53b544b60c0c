"""Tests of models that are not from this project: assumptions about them are reported, and can be changed."""

import csv

import numpy as np
import pytest

from assistant.errors import ConfigError
from quantize.data.samples import SEVEN
from quantize.evaluation.foreign_models import Conventions, are_probabilities, parse_conventions
from quantize.networks.tflite_files import Picture

ORDER = "neutral,happiness,surprise,sad,Anger,disgust,fear"


@pytest.fixture(scope="module")
def shades(tmp_path_factory):
    """70 pictures, in which the gray level decides the emotion."""
    path = tmp_path_factory.mktemp("data") / "fer2013.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("emotion", "pixels", "Usage"))
        for number in range(70):
            writer.writerow((number % 7, " ".join([str(20 + 30 * (number % 7))] * 2304), "PublicTest"))
    return path


def gray_level_network(size, channels, *, probabilities=True, more=0):
    """Return a Keras network that finds the emotion from the gray level, 0 to 1; its labels have another order."""
    keras = pytest.importorskip("keras")
    inputs = keras.Input((size, size, channels))
    means = keras.layers.GlobalAveragePooling2D()(inputs)
    dense = keras.layers.Dense(7 + more)
    outputs = dense(means)
    if probabilities:
        outputs = keras.layers.Softmax()(outputs)
    model = keras.Model(inputs, outputs)
    order = [SEVEN.index(label) for label in parse_conventions(ORDER, None).names]
    levels = np.array([(20 + 30 * each) / 255 for each in order] + [9.0] * more, np.float32)
    dense.set_weights([np.tile(800 * levels, (channels, 1)) / channels, -400 * levels**2])
    return model


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """The .keras file of such a network."""
    pytest.importorskip("tensorflow")
    path = tmp_path_factory.mktemp("model") / "theirs.keras"
    gray_level_network(64, 3).save(path)
    return path


def test_a_network_with_another_order_needs_labels_and_scale(network, shades, run):
    """The default assumptions give bad accuracy and are reported; --labels and --scale give an accuracy of 100%."""
    asked = ("evaluate", network, "--data", shades)
    ran = run(*asked)
    assert ran.code == 0
    assert "theirs.keras: there is neither card nor facts beside it; assumed are pictures prepared as for" in ran.err
    assert "numbers in the order angry,disgust,fear,happy,sad,surprise,neutral (change it by `--labels`" in ran.err
    assert "its numbers add up to one, and are taken for probabilities" in ran.err
    assert "accuracy 100.00%" not in ran.out
    assert "accuracy 100.00%" in run(*asked, "--labels", ORDER, "--scale", "0..1").out
    ran = run("compare", network, "--data", shades, "--labels", ORDER, "--scale", "0..1")
    assert (ran.code, "100.00%" in ran.out) == (0, True)


def test_a_tflite_file_without_a_card_needs_labels_and_scale(shades, tmp_path, run):
    """A .tflite file with logits, one of which is not for an emotion, is right with --labels and --scale."""
    tensorflow = pytest.importorskip("tensorflow")
    path = tmp_path / "theirs.tflite"
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(gray_level_network(48, 1, probabilities=False, more=1))
    path.write_bytes(converter.convert())
    asked = ("evaluate", path, "--data", shades, "--scale", "0..1")
    ran = run(*asked)
    assert (ran.code, "gives 8 numbers a picture, not 7: `--labels A,B,C...` says" in ran.err) == (1, True)
    ran = run(*asked, "--labels", f"{ORDER},contempt")
    assert (ran.code, "accuracy 100.00%" in ran.out) == (0, True)
    assert ran.complaint() == (
        "quantize: theirs.tflite: there is neither card nor facts beside it; "
        "assumed are logits, unless they add up to one"
    )


def test_a_model_with_a_card_takes_no_labels(shades, run, pytestconfig):
    """--labels is refused for a model with a card, because the card says how the model is read."""
    model = pytestconfig.rootpath / "models" / "emotion-int8.tflite"
    for command in ("evaluate", "compare"):
        ran = run(command, model, "--data", shades, "--labels", ORDER)
        assert ran.code == 2
        assert "emotion-int8.json says already how its model is read" in ran.complaint()


def test_probabilities_are_noticed():
    """Numbers that are not below 0 and add up to one, within the rounding of int8, are probabilities."""
    assert are_probabilities(np.array([[0.2, 0.8], [0.51, 0.5]], np.float32))
    assert not are_probabilities(np.array([[-0.5, 1.5]], np.float32))
    assert not are_probabilities(np.array([[0.2, 0.8], [0.6, 0.8]], np.float32))


def test_black_and_white_get_the_values_of_the_scale():
    """Pictures get the scale, the size and the channels that the network needs."""
    pixels = np.stack([np.zeros((48, 48), np.uint8), np.full((48, 48), 255, np.uint8)])
    prepared = parse_conventions(None, "-1..1").prepared(pixels, Picture(64, 60, 3))
    assert prepared.shape == (2, 64, 60, 3)
    assert (prepared[0].max(), prepared[1].min()) == (-1, 1)
    assert parse_conventions(None, "standard") == Conventions(scale_given=True)
    assert parse_conventions(None, None) is None


@pytest.mark.parametrize(
    ("labels", "scale", "complaint"),
    [
        ("happy,sad", None, "once each; angry is there 0 times"),
        (f"{ORDER},happy", None, "happy is there 2 times"),
        (None, "1..0", "--scale '1..0': give standard, or the values of black and white"),
        (None, "0.." + "9" * 5000, "--scale '0..999"),
        (None, "nan..1", "--scale 'nan..1'"),
    ],
)
def test_labels_and_scales_that_cannot_be_parsed_are_refused(labels, scale, complaint):
    """Labels that lack an emotion and scales that are not a range are refused, and the message says what is needed."""
    with pytest.raises(ConfigError, match=complaint.replace(".", r"\.")):
        parse_conventions(labels, scale)
