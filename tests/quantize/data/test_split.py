"""Tests of cutting the validation part."""

import numpy as np

from quantize.data.dataset import DataSet, read_samples
from quantize.data.split import split_validation


def test_validation_is_cut_by_seed_with_equal_pictures_in_one_part(table):
    """A seed always cuts the same part, another seed another; it has every label, and equal pictures stay together."""
    once = read_samples(DataSet(table), "Training")
    twice = once.take(np.concatenate([np.arange(len(once)), np.arange(len(once))]))
    training, validation = split_validation(twice, 1)
    shared = {each.tobytes() for each in training.pixels} & {each.tobytes() for each in validation.pixels}
    assert not shared
    assert set(validation.labels.tolist()) == set(range(7))
    assert len(training) + len(validation) == len(twice)
    assert split_validation(twice, 1)[1].row.tolist() == validation.row.tolist()
    assert split_validation(twice, 2)[1].row.tolist() != validation.row.tolist()
