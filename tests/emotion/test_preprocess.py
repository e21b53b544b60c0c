"""The crop of a face becomes the input of the classifier."""

import numpy as np
import pytest

from assistant.emotion.preprocess import CLIP, face_to_input, standardise

pytestmark = pytest.mark.runtime


@pytest.fixture
def face():
    """Return a picture of 48x48 pixels with structure."""
    return np.random.default_rng(1).integers(60, 120, (48, 48), dtype=np.uint8)


def test_exposure_and_contrast_do_not_matter(face):
    """A picture with twice the brightness and contrast gives the same input."""
    assert np.allclose(face_to_input(face), face_to_input(2 * face), atol=1e-5)


def test_flat_noise_is_not_blown_up():
    """A picture of two neighbouring gray levels stays near zero."""
    flat = 100 + np.random.default_rng(2).integers(0, 2, (48, 48), dtype=np.uint8)
    assert np.abs(face_to_input(flat)).max() < 0.2


@pytest.mark.parametrize("shape", [(1, 1), (20, 31), (48, 48), (480, 333)])
def test_any_size_becomes_the_networks(shape):
    """A smaller picture is enlarged, and a larger one is reduced."""
    made = face_to_input(np.zeros(shape, np.uint8))
    assert (made.shape, made.dtype) == ((48, 48, 1), np.float32)


def test_training_and_headset_prepare_alike(face):
    """A batch is prepared as each of its pictures is, and outliers are bounded."""
    spot = np.zeros((48, 48), np.uint8)
    spot[5, 5] = 255
    batch = standardise(np.stack([face, spot]))
    assert np.array_equal(batch[0], face_to_input(face)[..., 0])
    assert batch.max() == CLIP
