"""Tests of the batches that a network is shown in training."""

import numpy as np
import pytest

from quantize.data.augment import Augmentation
from quantize.data.samples import Samples
from quantize.networks.outputs import (
    HEADS,
    targets_for,
)
from quantize.training.batches import Batching, TrainingSet, augmented_batches, class_weights, epoch_order
from quantize.training.distillation import LiveTeachers

pytest.importorskip("tensorflow")


def samples_of(*labels):
    """Return pictures of noise with these labels."""
    pixels = np.random.default_rng(1).integers(0, 256, (len(labels), 48, 48), dtype=np.uint8)
    return Samples(pixels, np.array(labels, np.uint8), np.arange(len(labels)))


RARE = samples_of(*[3] * 90, *[1] * 10)


def test_rare_emotions_weigh_as_much_as_frequent_ones():
    """All pictures of a rare emotion together weigh as much as those of a frequent one, and the mean weight is 1."""
    weights = class_weights(RARE.labels)
    assert weights.mean() == pytest.approx(1)
    assert weights[:90].sum() == pytest.approx(weights[90:].sum())


def test_rare_emotions_are_shown_as_often_as_frequent_ones():
    """Oversampling draws each emotion equally often; without it, every picture is shown once."""
    rng = np.random.default_rng(2)
    shown = np.concatenate([RARE.labels[epoch_order(RARE.labels, rng, oversample=True)] for _ in range(50)])
    assert (shown == 1).mean() == pytest.approx(0.5, abs=0.03)
    assert sorted(epoch_order(RARE.labels, rng, oversample=False)) == list(range(100))


def training_set_of(samples):
    """Return a training set with the labels as targets."""
    return TrainingSet(samples.pixels, targets_for(HEADS["labels"], samples, None, 0.0), samples.labels)


@pytest.mark.parametrize("mixup", [0.0, 0.3])
def test_batches_repeat_by_seed_and_differ_by_epoch(mixup):
    """A resumed training is shown the same batches as one without a break, and every epoch has its own."""

    def batches(first_epoch):
        return augmented_batches(
            training_set_of(RARE), Batching(Augmentation(mixup=mixup), 32, 7, first_epoch=first_epoch)
        )

    begun, resumed = batches(0), batches(1)
    begun.on_epoch_end()
    for one, other in zip(begun[2], resumed[2], strict=True):
        assert (one == other).all()
    inputs, wanted, weights = batches(0)[3]
    assert (inputs.shape, wanted.shape, weights.shape) == ((4, 48, 48, 1), (4, 7), (4,))
    assert wanted.sum(axis=1).tolist() == pytest.approx([1] * 4)
    assert (inputs != batches(1)[3][0]).any()
    assert len(begun) == 4


def test_mixed_pictures_keep_their_weights():
    """With mixup and class weights, each emotion weighs as much as every other over an epoch."""
    samples = samples_of(*[3] * 900, *[1] * 100)
    wanted = targets_for(HEADS["labels"], samples, None, 0.0).weighted(class_weights(samples.labels))
    batches = augmented_batches(
        TrainingSet(samples.pixels, wanted, samples.labels), Batching(Augmentation(mixup=1.0), 1000, 7)
    )
    _, targets, weights = batches[0]
    assert targets.sum(axis=1) == pytest.approx(np.ones(1000))
    weighed = (weights[:, np.newaxis] * targets).sum(axis=0)
    assert weighed[1] == pytest.approx(weighed[3], rel=0.15)


class SurpriseNetwork:
    """A network that classifies every picture as surprised."""

    def predict_on_batch(self, inputs):
        """Return logits for the labels."""
        return np.where(np.arange(7) == 5, 50.0, 0.0) * np.ones((len(inputs), 1))


def test_live_teachers_have_their_share_in_faces_alone():
    """Live teachers change the targets of faces by their share; a picture without a face keeps its target."""
    wanted = targets_for(HEADS["labels"], samples_of(3, 0, 0), None, 0.0)
    training_set = TrainingSet(samples_of(3, 0, 0).pixels, wanted, np.array([3, 0], np.uint8))
    how = Batching(Augmentation(), 3, 7, live_teachers=LiveTeachers((SurpriseNetwork(),), 0.25))
    _, targets, _ = augmented_batches(training_set, how)[0]
    expected = [[0, 0, 0, 0.75, 0, 0.25, 0], [0.75, 0, 0, 0, 0, 0.25, 0], [1, 0, 0, 0, 0, 0, 0]]
    assert sorted(targets.tolist()) == pytest.approx(np.array(expected))


def test_processes_share_every_batch():
    """Each picture of a batch goes to one of the processes, and all processes get the same number."""
    still = Augmentation(flip=0, turn_deg=0, scale=0, shift=0, brightness=0, erase=0)
    alone = augmented_batches(training_set_of(RARE), Batching(still, 32, 7))
    process_group = [
        augmented_batches(training_set_of(RARE), Batching(still, 32, 7, process=who, processes=3, devices=3))
        for who in range(3)
    ]
    assert [len(one) for one in process_group] == [4, 4, 4]
    shared = [batches[3][0] for batches in process_group]
    assert [len(inputs) for inputs in shared] == [1, 1, 1]
    assert all((np.concatenate(shared) == inputs).all(axis=(1, 2, 3)).any() for inputs in alone[3][0][:3])
