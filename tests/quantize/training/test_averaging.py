"""Tests of averaging networks."""

import json

import numpy as np
import pytest

from quantize.cli import main
from quantize.networks.keras_files import load
from tests.builders.small_network import write_small_network

pytest.importorskip("tensorflow")


def run(*arguments):
    """Return the exit code of `quantize`."""
    return main([str(each) for each in arguments])


@pytest.fixture
def networks(tmp_path):
    """Two networks of the same shape, the second with twice the weights of the first."""
    paths = [write_small_network(tmp_path / name) for name in ("before.keras", "further.keras")]
    further = load(paths[1])
    further.set_weights([2 * each for each in further.get_weights()])
    further.save(paths[1])
    return paths


def test_the_weights_are_the_mean(networks, tmp_path):
    """The written network has the mean weights, and the first one's facts without what was measured of it alone."""
    before, further = networks
    facts = json.loads((tmp_path / "further-facts.json").read_text())
    measured = {**facts, "validation_accuracy": 0.7, "kept_epoch": 3}
    (tmp_path / "further-facts.json").write_text(json.dumps(measured))
    assert run("average", further, before, "--out", tmp_path / "mean.keras") == 0
    for mean, single in zip(load(tmp_path / "mean.keras").get_weights(), load(before).get_weights(), strict=True):
        assert np.allclose(mean, 1.5 * single)
    assert json.loads((tmp_path / "mean-facts.json").read_text()) == {
        **facts,
        "averaged": ["further.keras", "before.keras"],
    }


def test_networks_that_have_no_mean_are_refused(networks, tmp_path, capsys):
    """A single network, one of another shape, and one with another validation part, are refused in one line."""
    import keras

    before, further = networks
    asked = ("--out", tmp_path / "mean.keras")
    assert run("average", before, *asked) == 2
    assert "a mean needs two networks or more" in capsys.readouterr().err
    (tmp_path / "further-facts.json").write_text(
        json.dumps({**json.loads((tmp_path / "before-facts.json").read_text()), "validation_sha256": "0"})
    )
    assert run("average", before, further, *asked) == 1
    assert "further.keras: was trained on pictures that validate" in capsys.readouterr().err
    other = write_small_network(tmp_path / "other.keras")
    keras.Sequential([keras.layers.Input((48, 48, 1)), keras.layers.Flatten(), keras.layers.Dense(7)]).save(other)
    assert run("average", before, other, *asked) == 1
    assert "other.keras: has other layers than" in capsys.readouterr().err
    assert not (tmp_path / "mean.keras").exists()
