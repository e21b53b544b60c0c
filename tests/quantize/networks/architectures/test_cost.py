"""Tests of estimating what a network costs."""

import numpy as np
import pytest

from quantize.networks.architectures.cost import int8_bytes, multiply_adds
from quantize.networks.architectures.registry import ARCHITECTURES

pytest.importorskip("tensorflow")


def test_multiply_adds_are_those_that_are_counted_by_hand():
    """The multiply-adds of the tutorials' network are 46x46x32x9, 44x44x64x9x32 and so on, counted by hand."""
    convolutions = 46**2 * 32 * 9 + 44**2 * 64 * 9 * 32 + 20**2 * 128 * 9 * 64 + 8**2 * 128 * 9 * 128
    dense = 4 * 4 * 128 * 1024 + 1024 * 7
    assert multiply_adds(ARCHITECTURES["simple"]()) == convolutions + dense


def test_the_size_of_the_int8_file_is_estimated():
    """The estimate is right for a network with many channels.

    TFLite stores equal biases once, so that the file of an untrained network with few channels is smaller.
    """
    from quantize.networks.tflite_files import Form, to_tflite

    model = ARCHITECTURES["lite"]()
    faces = np.random.default_rng(1).normal(size=(2, 48, 48, 1)).astype(np.float32)
    assert len(to_tflite(model, Form.INT8, faces)) == pytest.approx(int8_bytes(model), rel=0.05)
