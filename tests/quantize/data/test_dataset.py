"""Tests of data sets: a table, and the same pictures in folders."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.errors import DataError
from quantize.data.dataset import DataSet, entries, read_samples
from quantize.data.ferplus import majority, read_votes
from tests.builders.datasets import write_votes


def test_one_usage_is_read_with_its_rows(table):
    """Only the pictures of the usage are read, in the order of the file."""
    samples = read_samples(DataSet(table), "PublicTest")
    assert (samples.pixels.shape, samples.pixels.dtype) == ((14, 48, 48), np.uint8)
    assert samples.labels.tolist() == [*range(7)] * 2
    assert samples.row.tolist() == [*range(42, 49), *range(91, 98)]


def test_a_missing_usage_is_named_with_those_that_are_there(table):
    """A usage without pictures, such as PrivateTest, is refused, and the message lists the other usages."""
    with pytest.raises(DataError, match=r"nothing has the usage 'PrivateTest'; it has 'PublicTest', 'Training'"):
        read_samples(DataSet(table), "PrivateTest")


def test_votes_are_joined_by_row(table, tmp_path):
    """Each picture gets the votes of its row; its majority is the single answer with the most votes, if an emotion."""
    samples = read_samples(DataSet(table), "PublicTest")
    votes = read_votes(write_votes(tmp_path / "fer2013new.csv", table), table)[samples.row]
    assert majority(votes).tolist() == [*samples.labels.tolist()[:-1], -1]
    assert majority(np.array([[0, 0, 0, 0, 0, 0, 0, 6, 2, 0]], np.uint8)).tolist() == [-1], "contempt is none of them"


@pytest.fixture
def folders(table, tmp_path):
    """The pictures of the table in folders with different spellings; one picture is in colour, one is larger."""
    words = ("Anger", "disgusted", "fear", "happiness", "sadness", "surprised", "neutral")
    for usage, name in (("Training", "train"), ("PublicTest", "test")):
        samples = read_samples(DataSet(table), usage)
        for number, (picture, label) in enumerate(zip(samples.pixels, samples.labels, strict=True)):
            target = tmp_path / name / words[label] / f"{number:03d}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            stored = np.repeat(picture[..., np.newaxis], 3, axis=2) if number == 0 else picture
            stored = np.repeat(np.repeat(stored, 2, axis=0), 2, axis=1) if number == 1 else stored
            cv2.imwrite(str(target), stored)
    return tmp_path


def test_folders_hold_the_same_pictures_as_the_table(table, folders):
    """Pictures in folders are read with the same labels and the same pixels as those of the table."""
    for usage in ("Training", "PublicTest"):
        by_kind = [
            sorted((int(label), picture.tobytes()) for label, picture in zip(each.labels, each.pixels, strict=True))
            for each in (read_samples(DataSet(table), usage), read_samples(DataSet(folders), usage))
        ]
        assert by_kind[0] == by_kind[1]


def test_a_bad_file_in_a_folder_is_named(folders):
    """A broken picture, a folder that is not an emotion, and a path without parts are each refused by name."""
    broken = folders / "test" / "fear" / "999.png"
    broken.write_bytes(b"broken")
    with pytest.raises(DataError, match=r"fear/999\.png: .*picture"):
        read_samples(DataSet(folders), "PublicTest")
    broken.unlink()
    (folders / "train" / "bored").mkdir()
    (folders / "train" / "bored" / "1.png").write_bytes(b"")
    with pytest.raises(DataError, match="the folder 'bored' is not an emotion"):
        read_samples(DataSet(folders), "Training")
    assert len(list(entries(DataSet(folders)))) == 99
    with pytest.raises(DataError, match="has neither a folder 'train' nor a folder 'test'"):
        read_samples(DataSet(folders / "train"), "Training")


FER2013 = os.environ.get("TEST_FER2013")


@pytest.mark.skipif(not FER2013, reason="TEST_FER2013 does not name a folder with fer2013_publictest.npz")
def test_fer_plus_has_a_majority_where_it_is_known_to_have_one():
    """FER+ has a majority among the seven emotions for 3,372 of PublicTest's 3,589 pictures."""
    votes = np.load(Path(str(FER2013)) / "fer2013_publictest.npz")["votes"]
    assert int((majority(votes) >= 0).sum()) == 3372
