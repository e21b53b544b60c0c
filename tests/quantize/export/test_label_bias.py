"""Tests of shifting the labels' output."""

import json

import numpy as np
import pytest

from assistant.emotion.preprocess import standardise
from assistant.errors import DataError
from quantize.cli import main
from quantize.data.dataset import DataSet, read_samples
from quantize.export.label_bias import recalls, shifts
from quantize.networks.keras_files import load, logits
from tests.builders.datasets import write_fer2013
from tests.builders.small_network import write_small_network

pytest.importorskip("tensorflow")


def run(*arguments):
    """Return the exit code of `quantize`."""
    return main([str(each) for each in arguments])


def test_the_weakest_is_raised_as_far_as_asked():
    """The weakest emotion gets the recall that is asked for and hardly more; a recall out of reach is refused."""
    rng = np.random.default_rng(1)
    labels = rng.choice(7, 2000, p=[0.1, 0.05, 0.1, 0.4, 0.1, 0.1, 0.15]).astype(np.uint8)
    outputs = rng.normal(0, 1, (2000, 7)).astype(np.float32)
    outputs[np.arange(2000), labels] += 1.2
    outputs[:, 2] -= 0.8
    shift = shifts(outputs, labels, 0.4)
    assert 0.4 <= recalls(outputs + shift, labels).min() < 0.45
    assert shift.argmax() == 2
    assert (shifts(outputs, labels, 0.01) == 0).all()
    with pytest.raises(DataError, match=r"up to 4 do not bring .* there; ask for less, or train longer"):
        shifts(outputs, labels, 0.9)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A small network whose last layer knows the drawn faces, and the data on which it is balanced."""
    import keras

    folder = tmp_path_factory.mktemp("network")
    data = write_fer2013(folder / "fer2013.csv", per_emotion=20)
    path = write_small_network(folder / "net.keras")
    samples, network = read_samples(DataSet(data), "Training"), load(path)
    *_, pooled, last = network.layers
    features = keras.Model(network.input, pooled.output)
    made = features.predict(standardise(samples.pixels)[..., np.newaxis], verbose=0)
    known = np.linalg.lstsq(np.c_[made, np.ones(len(made))], 5 * np.eye(7)[samples.labels], rcond=None)[0]
    last.set_weights([known[:-1], known[-1]])
    network.save(path)
    return path, data


def test_the_shift_is_in_the_written_model(network, tmp_path, capsys):
    """The logits of the written model are shifted, its facts have the shifts, and it can be converted."""
    model, data = network
    result = tmp_path / "result.json"
    asked = ("--data", data, "--least-recall", 0.1, "--json", result)
    assert run("balance", model, *asked, "--out", tmp_path / "even.keras") == 0
    assert "weakest recall" in capsys.readouterr().out
    reported = json.loads(result.read_text())
    assert reported["after"]["weakest_recall"] >= 0.1
    assert json.loads((tmp_path / "even-facts.json").read_text())["balance"]["shifts"] == reported["shifts"]
    pixels = read_samples(DataSet(data), "Training").pixels[:10]
    before, after = (logits(path, load(path), pixels)["emotion"] for path in (model, tmp_path / "even.keras"))
    assert after - before == pytest.approx(np.tile(list(reported["shifts"].values()), (10, 1)), abs=0.01)
    assert run("convert", tmp_path / "even.keras", "--data", data, "--out", tmp_path / "even.tflite") == 0


def test_wrong_arguments_are_refused(network, tmp_path, capsys):
    """A recall that is not a share, and an output that would overwrite the model, are refused."""
    model, data = network
    assert run("balance", model, "--data", data, "--least-recall", 1.5, "--out", tmp_path / "x.keras") == 2
    assert "give a share between 0 and 1" in capsys.readouterr().err
    assert run("balance", model, "--data", data, "--out", model) == 2
    assert not (tmp_path / "x.keras").exists()
