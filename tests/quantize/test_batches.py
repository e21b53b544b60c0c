"""What a network is shown in training."""

import numpy as np
import pytest

from quantize.augment import Augmentation
from quantize.batches import Balance, Batching, augmented_batches, class_weights, drawn_order, targets
from quantize.datasets import Samples

pytest.importorskip("tensorflow")


def samples_of(*labels):
    """Noise with these labels."""
    pixels = np.random.default_rng(1).integers(0, 256, (len(labels), 48, 48), dtype=np.uint8)
    return Samples(pixels, np.array(labels, np.uint8), np.arange(len(labels)))


RARE = samples_of(*[3] * 90, *[1] * 10)


def test_targets_mix_labels_and_votes():
    """FER+'s columns in its own order; without a vote for the seven the label stays."""
    samples = samples_of(3, 0)
    votes = np.array([[2, 6, 0, 0, 0, 0, 0, 0, 2, 0], [0, 0, 0, 0, 0, 0, 0, 5, 5, 0]], np.uint8)
    mixed = targets(samples, votes, 0.5)
    assert mixed[0].tolist() == pytest.approx([0, 0, 0, 0.5 + 0.5 * 0.75, 0, 0, 0.5 * 0.25])
    assert mixed[1].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert (targets(samples, None, 0.5) == targets(samples, votes, 0.0)).all()


def test_rare_emotions_weigh_as_much_as_frequent_ones():
    """In all, and one on average."""
    weights = class_weights(RARE)
    assert weights.mean() == pytest.approx(1)
    assert weights[:90].sum() == pytest.approx(weights[90:].sum())


def test_rare_emotions_are_shown_as_often_as_frequent_ones():
    """By drawing; without it everything comes once."""
    rng = np.random.default_rng(2)
    shown = np.concatenate([RARE.labels[drawn_order(RARE, rng, oversample=True)] for _ in range(50)])
    assert (shown == 1).mean() == pytest.approx(0.5, abs=0.03)
    assert sorted(drawn_order(RARE, rng, oversample=False)) == list(range(100))


@pytest.mark.parametrize("mixup", [0.0, 0.3])
def test_batches_repeat_by_seed_and_differ_by_epoch(mixup):
    """A training that goes on sees what it would have seen."""

    def batches(first_epoch):
        how = Batching(Augmentation(mixup=mixup), frozenset({Balance.CLASS_WEIGHTS}), 32, 7, first_epoch)
        return augmented_batches(RARE, targets(RARE, None, 0.0), how)

    begun, resumed = batches(0), batches(1)
    begun.on_epoch_end()
    for one, other in zip(begun[2], resumed[2], strict=True):
        assert (one == other).all()
    inputs, goals, weights = batches(0)[3]
    assert (inputs.shape, goals.shape, weights.shape) == ((4, 48, 48, 1), (4, 7), (4,))
    assert goals.sum(axis=1).tolist() == pytest.approx([1] * 4)
    assert (inputs != batches(1)[3][0]).any()
    assert len(begun) == 4
