"""Tests of the networks that can be trained."""

import pytest

from quantize.networks.architectures.registry import ARCHITECTURES

pytest.importorskip("tensorflow")


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_takes_a_gray_face_and_gives_seven_logits(name):
    """Every network has the input and the output that the headset needs, its name, and a docstring with its source."""
    model = ARCHITECTURES[name]()
    assert (model.input_shape, model.output_shape, model.name) == ((None, 48, 48, 1), (None, 7), name)
    assert (ARCHITECTURES[name].__doc__ or "").count(",") >= 1
