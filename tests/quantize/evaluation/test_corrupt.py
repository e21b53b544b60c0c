"""Tests of corrupting pictures."""

import cv2
import numpy as np
import pytest

from quantize.data.samples import Samples
from quantize.evaluation.corrupt import CORRUPTIONS, corrupted


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruptions_change_every_picture_and_repeat(name):
    """A corruption changes every picture, and the same seed changes it in the same way; labels and sizes stay."""
    pixels = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 256, (48, 48, 6), dtype=np.uint8), (0, 0), 2)
    samples = Samples(np.ascontiguousarray(pixels.transpose(2, 0, 1)), np.arange(6, dtype=np.uint8), np.arange(6))
    once, again = corrupted(samples, name, 1), corrupted(samples, name, 1)
    assert (once.pixels == again.pixels).all()
    assert (once.pixels != samples.pixels).any(axis=(1, 2)).all()
    assert (once.pixels.shape, once.pixels.dtype) == (samples.pixels.shape, np.uint8)
    assert (once.labels == samples.labels).all()
