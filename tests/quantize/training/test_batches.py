"""What a network is shown in training."""

import numpy as np
import pytest

from quantize.data.augment import Augmentation
from quantize.data.samples import Samples
from quantize.networks.outputs import (
    CROWD_HEAD,
    HEADS,
    NOT_A_FACE,
    crowd_targets,
    label_targets,
    negative_targets,
    targets_for,
)
from quantize.training.batches import Batching, TrainingSet, augmented_batches, class_weights, epoch_order
from quantize.training.distillation import LiveTeachers

pytest.importorskip("tensorflow")


def samples_of(*labels):
    """Noise with these labels."""
    pixels = np.random.default_rng(1).integers(0, 256, (len(labels), 48, 48), dtype=np.uint8)
    return Samples(pixels, np.array(labels, np.uint8), np.arange(len(labels)))


RARE = samples_of(*[3] * 90, *[1] * 10)


VOTES = np.array([[2, 6, 0, 0, 0, 0, 0, 0, 2, 0], [0, 0, 0, 0, 0, 0, 0, 5, 5, 0], [0] * 10], np.uint8)


def test_targets_mix_labels_and_votes():
    """FER+'s columns in its own order; without a vote for the seven the label stays."""
    samples = samples_of(3, 0)
    mixed = label_targets(samples, VOTES[:2], 0.5)
    assert mixed[0].tolist() == pytest.approx([0, 0, 0, 0.5 + 0.5 * 0.75, 0, 0, 0.5 * 0.25])
    assert mixed[1].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert (label_targets(samples, None, 0.5) == label_targets(samples, VOTES[:2], 0.0)).all()


def test_the_crowds_output_learns_all_ten_answers():
    """The seven, then contempt, unknown, not a face; a picture without a vote is none of a face."""
    happy, contempt, none = crowd_targets(VOTES)
    assert dict(zip(CROWD_HEAD.labels, happy, strict=True)) == pytest.approx(
        dict.fromkeys(CROWD_HEAD.labels, 0) | {"happy": 0.6, "neutral": 0.2, "unknown": 0.2}
    )
    assert contempt[CROWD_HEAD.labels.index("contempt")] == 0.5
    assert none[CROWD_HEAD.labels.index(NOT_A_FACE)] == 1


def test_a_picture_without_a_face_teaches_the_crowds_output_alone():
    """Its weight for the labels' is nothing."""
    joined = targets_for(HEADS["both"], samples_of(3, 0), VOTES[:2], 0.0).joined(negative_targets(HEADS["both"], 3))
    assert joined.weights["emotion"].tolist() == [1, 1, 0, 0, 0]
    assert joined.weights["crowd"].tolist() == [1] * 5
    assert joined.by_head["crowd"][-1].argmax() == CROWD_HEAD.labels.index(NOT_A_FACE)


def test_rare_emotions_weigh_as_much_as_frequent_ones():
    """In all, and one on average."""
    weights = class_weights(RARE.labels)
    assert weights.mean() == pytest.approx(1)
    assert weights[:90].sum() == pytest.approx(weights[90:].sum())


def test_rare_emotions_are_shown_as_often_as_frequent_ones():
    """By drawing; without it everything comes once."""
    rng = np.random.default_rng(2)
    shown = np.concatenate([RARE.labels[epoch_order(RARE.labels, rng, oversample=True)] for _ in range(50)])
    assert (shown == 1).mean() == pytest.approx(0.5, abs=0.03)
    assert sorted(epoch_order(RARE.labels, rng, oversample=False)) == list(range(100))


def training_set_of(samples):
    """With the labels as goals."""
    return TrainingSet(samples.pixels, targets_for(HEADS["labels"], samples, None, 0.0), samples.labels)


@pytest.mark.parametrize("mixup", [0.0, 0.3])
def test_batches_repeat_by_seed_and_differ_by_epoch(mixup):
    """A training that goes on sees what it would have seen."""

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
    """Whatever is mixed with what: each emotion weighs as much as every other over an epoch."""
    samples = samples_of(*[3] * 900, *[1] * 100)
    wanted = targets_for(HEADS["labels"], samples, None, 0.0).weighted(class_weights(samples.labels))
    batches = augmented_batches(
        TrainingSet(samples.pixels, wanted, samples.labels), Batching(Augmentation(mixup=1.0), 1000, 7)
    )
    _, targets, weights = batches[0]
    assert targets.sum(axis=1) == pytest.approx(np.ones(1000))
    weighed = (weights[:, np.newaxis] * targets).sum(axis=0)
    assert weighed[1] == pytest.approx(weighed[3], rel=0.15)


class SaysSurprise:
    """A network that is sure of every picture."""

    def predict_on_batch(self, inputs):
        """Logits for the labels alone."""
        return np.where(np.arange(7) == 5, 50.0, 0.0) * np.ones((len(inputs), 1))


def test_live_teachers_have_their_share_in_faces_alone():
    """What is no face keeps its target."""
    wanted = targets_for(HEADS["labels"], samples_of(3, 0, 0), None, 0.0)
    training_set = TrainingSet(samples_of(3, 0, 0).pixels, wanted, np.array([3, 0], np.uint8))
    how = Batching(Augmentation(), 3, 7, live_teachers=LiveTeachers((SaysSurprise(),), 0.25))
    _, targets, _ = augmented_batches(training_set, how)[0]
    expected = [[0, 0, 0, 0.75, 0, 0.25, 0], [0.75, 0, 0, 0, 0, 0.25, 0], [1, 0, 0, 0, 0, 0, 0]]
    assert sorted(targets.tolist()) == pytest.approx(np.array(expected))


def test_processes_share_every_batch():
    """Each picture goes to one of them, and each gets as many."""
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


@pytest.mark.parametrize(
    "change",
    [
        {"flip": 1.0},
        {"turn_deg": 20.0},
        {"scale": 0.3},
        {"shift": 0.2},
        {"brightness": 0.5},
        {"contrast": 0.5},
        {"erase": 1.0},
        {"degrade": 1.0},
    ],
)
def test_each_change_can_be_had_alone(change):
    """With all at nothing a picture stays as it is."""
    nothing = dict.fromkeys(("flip", "turn_deg", "scale", "shift", "brightness", "erase"), 0.0)
    pictures = RARE.pixels[:6]
    assert (Augmentation(**nothing).apply(pictures, np.random.default_rng(1)) == pictures).all()
    changed = Augmentation(**nothing | change).apply(pictures, np.random.default_rng(1))
    assert (changed != pictures).any(axis=(1, 2)).all()
