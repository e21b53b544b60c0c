"""Models from elsewhere: what is assumed of them is said, and can be said otherwise."""

import csv

import numpy as np
import pytest
from quantize.evaluation.readings import Reading, are_probabilities, read_reading

from assistant.errors import ConfigError
from quantize.cli import main
from quantize.data.samples import SEVEN
from quantize.networks.tflite_files import Picture

ORDER = "neutral,happiness,surprise,sad,Anger,disgust,fear"


@pytest.fixture(scope="module")
def shades(tmp_path_factory):
    """70 pictures, the emotion of each told by its gray level."""
    path = tmp_path_factory.mktemp("data") / "fer2013.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("emotion", "pixels", "Usage"))
        for number in range(70):
            writer.writerow((number % 7, " ".join([str(20 + 30 * (number % 7))] * 2304), "PublicTest"))
    return path


def knower(size, channels, *, probabilities=True, more=0):
    """A Keras network that tells the emotion by the gray level, 0 to 1, in another order than ours."""
    keras = pytest.importorskip("keras")
    inputs = keras.Input((size, size, channels))
    means = keras.layers.GlobalAveragePooling2D()(inputs)
    dense = keras.layers.Dense(7 + more)
    outputs = dense(means)
    if probabilities:
        outputs = keras.layers.Softmax()(outputs)
    model = keras.Model(inputs, outputs)
    order = [SEVEN.index(label) for label in read_reading(ORDER, None).names]
    levels = np.array([(20 + 30 * each) / 255 for each in order] + [9.0] * more, np.float32)
    dense.set_weights([np.tile(800 * levels, (channels, 1)) / channels, -400 * levels**2])
    return model


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """The file of one such network."""
    pytest.importorskip("tensorflow")
    path = tmp_path_factory.mktemp("model") / "theirs.keras"
    knower(64, 3).save(path)
    return path


def test_a_network_of_another_order_is_judged_as_it_is_said_to_be_read(network, shades, capsys):
    """By default with what is assumed, and little success; with --labels and --scale all is right."""
    said = ("evaluate", str(network), "--data", str(shades))
    assert main(said) == 0
    heard = capsys.readouterr()
    assert "theirs.keras: neither card nor facts beside it; assumed are pictures prepared as for this" in heard.err
    assert "numbers in the order angry,disgust,fear,happy,sad,surprise,neutral (`--labels`" in heard.err
    assert "its numbers add up to one, and are taken for probabilities" in heard.err
    assert "accuracy 100.00%" not in heard.out
    assert main((*said, "--labels", ORDER, "--scale", "0..1")) == 0
    assert "accuracy 100.00%" in capsys.readouterr().out
    assert main(("compare", str(network), "--data", str(shades), "--labels", ORDER, "--scale", "0..1")) == 0
    assert "100.00%" in capsys.readouterr().out


def test_a_tflite_file_without_card_is_read_so_too(shades, tmp_path, capfd):
    """With numbers that are no emotions, and logits."""
    tensorflow = pytest.importorskip("tensorflow")
    path = tmp_path / "theirs.tflite"
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(knower(48, 1, probabilities=False, more=1))
    path.write_bytes(converter.convert())
    capfd.readouterr()
    said = ("evaluate", str(path), "--data", str(shades), "--scale", "0..1")
    assert main(said) == 1
    assert "gives 8 numbers a picture, not 7: `--labels A,B,C...` says" in capfd.readouterr().err
    assert main((*said, "--labels", f"{ORDER},contempt")) == 0
    heard = capfd.readouterr()
    assert "accuracy 100.00%" in heard.out
    assert heard.err.splitlines() == [
        "quantize: theirs.tflite: neither card nor facts beside it; assumed are logits, unless they add up to one"
    ]


def test_of_a_model_with_a_card_nothing_is_assumed(shades, capsys, pytestconfig):
    """And nothing else can be said."""
    model = str(pytestconfig.rootpath / "models" / "emotion-int8.tflite")
    for command in ("evaluate", "compare"):
        assert main((command, model, "--data", str(shades), "--labels", ORDER)) == 2
        assert "emotion-int8.json says already how its model is read" in capsys.readouterr().err


def test_probabilities_are_noticed():
    """Not below 0, and one in all, within what int8 rounds."""
    assert are_probabilities(np.array([[0.2, 0.8], [0.51, 0.5]], np.float32))
    assert not are_probabilities(np.array([[-0.5, 1.5]], np.float32))
    assert not are_probabilities(np.array([[0.2, 0.8], [0.6, 0.8]], np.float32))


def test_black_and_white_become_what_is_said():
    """In the size and the colours that the network wants."""
    pixels = np.stack([np.zeros((48, 48), np.uint8), np.full((48, 48), 255, np.uint8)])
    prepared = read_reading(None, "-1..1").prepared(pixels, Picture(64, 60, 3))
    assert prepared.shape == (2, 64, 60, 3)
    assert (prepared[0].max(), prepared[1].min()) == (-1, 1)
    assert read_reading(None, "standard") == Reading(scale_said=True)
    assert read_reading(None, None) is None


@pytest.mark.parametrize(
    ("labels", "scale", "complaint"),
    [
        ("happy,sad", None, "once each; angry is there 0 times"),
        (f"{ORDER},happy", None, "happy is there 2 times"),
        (None, "1..0", "--scale '1..0': needed is standard, or what black and white become"),
        (None, "0.." + "9" * 5000, "--scale '0..999"),
        (None, "nan..1", "--scale 'nan..1'"),
    ],
)
def test_what_says_nothing_is_refused(labels, scale, complaint):
    """With what is needed."""
    with pytest.raises(ConfigError, match=complaint.replace(".", r"\.")):
        read_reading(labels, scale)
