"""Tests of the networks that can be trained, and of `quantize models`, which lists them."""

import json

import pytest

from quantize.networks.architectures.cost import int8_bytes, multiply_adds
from quantize.networks.architectures.registry import ARCHITECTURES

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def built():
    """Every network, built once, by its name."""
    return {name: build() for name, build in ARCHITECTURES.items()}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_takes_a_gray_face_and_gives_seven_logits(name, built):
    """Every network has the input and the output that the headset needs, its name, and a docstring with its source."""
    model = built[name]
    assert (model.input_shape, model.output_shape, model.name) == ((None, 48, 48, 1), (None, 7), name)
    assert (ARCHITECTURES[name].__doc__ or "").count(",") >= 1


@pytest.mark.parametrize("name", ["compact", "compact-se", "lite"])
def test_the_headsets_networks_are_small(name, built):
    """The networks for the headset take less than a megabyte and sixty million multiply-adds."""
    assert int8_bytes(built[name]) < 1_000_000
    assert multiply_adds(built[name]) < 60_000_000


def test_networks_are_listed(built, run, tmp_path, monkeypatch):
    """Every network is printed on a line, and its numbers are written as JSON."""
    already = {name: lambda network=network: network for name, network in built.items()}
    monkeypatch.setattr("quantize.networks.architectures.registry.ARCHITECTURES", already)
    ran = run("models", "--json", tmp_path / "models.json")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == ["name", *ARCHITECTURES]
    table = json.loads((tmp_path / "models.json").read_text())
    assert table["simple"]["parameters"] == 2_345_607
