"""The networks."""

import json

import pytest

from quantize.architectures import ARCHITECTURES, int8_bytes, multiply_adds

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


@pytest.mark.parametrize("name", ["compact", "compact-se"])
def test_the_headsets_networks_are_small(name):
    """Below a megabyte and sixty million multiply-adds."""
    model = ARCHITECTURES[name]()
    assert int8_bytes(model) < 1_000_000
    assert multiply_adds(model) < 60_000_000


def test_they_are_listed(quantize, tmp_path):
    """A line each, and as JSON."""
    ran = quantize("models", "--json", tmp_path / "models.json")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == ["name", *ARCHITECTURES]
    table = json.loads((tmp_path / "models.json").read_text())
    assert table["simple"]["parameters"] == 2_345_607
