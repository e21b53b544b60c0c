"""Tests of `quantize models`."""

import json

import pytest

from quantize.networks.architectures.registry import ARCHITECTURES

pytest.importorskip("tensorflow")


def test_networks_are_listed(run, tmp_path):
    """Every network is printed on a line, and its numbers are written as JSON."""
    ran = run("models", "--json", tmp_path / "models.json")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == ["name", *ARCHITECTURES]
    table = json.loads((tmp_path / "models.json").read_text())
    assert table["simple"]["parameters"] == 2_345_607
