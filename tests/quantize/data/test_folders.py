"""Tests of data sets in folders: which parts and classes are taken, and which warnings there are about the rest."""

import logging
import struct
import zlib

import cv2
import numpy as np
import pytest

from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import ConfigError, DataError
from quantize.data.dataset import DataSet, entries, read_samples

PICTURE = np.tile(np.arange(48, dtype=np.uint8) * 5, (48, 1))


def put(folder, *names):
    """Write the same picture under these names."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cv2.imencode(".jpg", PICTURE)[1].tobytes())
    return folder


def read(folder, usage, *skip):
    """Return the labels of the pictures of this usage."""
    return read_samples(DataSet(folder, skip=skip), usage).labels.tolist()


@pytest.mark.parametrize(
    ("part", "usage"),
    [
        ("Train", "Training"),
        ("TRAINING", "Training"),
        ("Test", "PublicTest"),
        ("PublicTest", "PublicTest"),
        ("PrivateTest", "PrivateTest"),
        ("validation", "Validation"),
        ("Val", "Validation"),
        ("valid", "Validation"),
    ],
)
def test_parts_are_known_by_the_names_that_are_in_use(tmp_path, part, usage):
    """The folder of a part may have any of these names, in upper or lower case."""
    put(tmp_path, f"{part}/happy/1.jpg", f"{part}/Sad/2.jpg")
    assert sorted(read(tmp_path, usage)) == [3, 4]


def test_training_pictures_come_first_whatever_else_is_there(tmp_path):
    """The rows of training pictures come first, so that a further part does not change which of them validate."""
    put(tmp_path, "val/sad/1.jpg", "train/sad/1.jpg", "test/sad/1.jpg", "Train/sad/1.jpg")
    assert [entry.usage for entry in entries(DataSet(tmp_path))] == ["Training", "Training", "PublicTest", "Validation"]


def test_what_is_left_out_is_counted_and_named(tmp_path, caplog):
    """A warning counts and names other files and folders at each depth, but not files of the system."""
    put(tmp_path, "train/happy/1.jpg", "train/happy/2.jfif", "extra/happy/1.jpg", "train/loose.jpg")
    for name in (".DS_Store", "Thumbs.db", "train/happy/._1.jpg", "train/happy/desktop.ini", "train/.hidden/x.jpg"):
        put(tmp_path, name)
    (tmp_path / "train" / "happy" / ".ipynb_checkpoints").mkdir()
    (tmp_path / "train" / "happy" / "notes.txt").write_text("tired that day")
    with caplog.at_level(logging.WARNING):
        assert read(tmp_path, "Training") == [3, 3]
    (message,) = caplog.messages
    assert "left out: 3 files and folders" in message
    assert message.endswith("extra/, train/loose.jpg, train/happy/notes.txt")


def test_only_what_the_system_left_is_passed_over_in_silence(tmp_path, caplog):
    """Files that the operating system has left are skipped without a warning."""
    put(tmp_path, "train/happy/1.jpg", ".DS_Store", "train/.DS_Store", "train/happy/Thumbs.db")
    with caplog.at_level(logging.WARNING):
        assert read(tmp_path, "Training") == [3]
    assert not caplog.messages


def test_a_class_is_left_out_where_it_is_asked_for(tmp_path):
    """--skip leaves out a class folder; without it, the message suggests it; a folder that is not there is refused."""
    put(tmp_path, "train/happy/1.jpg", "train/Contempt/1.jpg", "train/Contempt/2.jpg")
    with pytest.raises(DataError, match=r"the folder 'Contempt' is not an emotion; .* `--skip Contempt` leaves it out"):
        read(tmp_path, "Training")
    assert read(tmp_path, "Training", "contempt") == [3]
    with pytest.raises(ConfigError, match=r"--skip bored: no class folder .*; there are 'contempt', 'happy'"):
        read(tmp_path, "Training", "bored")
    table = tmp_path / "fer2013.csv"
    table.write_text("emotion,pixels,Usage\n")
    with pytest.raises(ConfigError, match="--skip contempt: leaves out a class folder"):
        DataSet(table, skip=("contempt",))


def png(width, height, *more):
    """Return a PNG whose header has this size, with these chunks after the header."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunk(*each) for each in more) + chunk(b"IDAT", b"x")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (png(30_000, 30_000), r"1\.png: has 900 megapixels"),
        (png(48, 48, (b"acTL", struct.pack(">II", 2, 0))), r"1\.png: .*animated"),
    ],
)
def test_a_picture_that_promises_too_much_is_not_decoded(tmp_path, content, complaint):
    """A picture that is too large or animated is refused by its first bytes, before it is decoded."""
    path = tmp_path / "train" / "happy" / "1.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(DataError, match=complaint):
        read(tmp_path, "Training")


def test_folders_with_other_names_are_named(tmp_path):
    """Data sets whose class folders are numbers are read with --classes; a folder that is not there is refused."""
    put(tmp_path, "test/1/a.jpg", "test/2/a.jpg")
    classes = (("1", Emotion.SURPRISE), ("2", Emotion.FEAR))
    read_labels = read_samples(DataSet(tmp_path, classes=classes), "PublicTest").labels.tolist()
    assert read_labels == [EMOTIONS.index(Emotion.SURPRISE), EMOTIONS.index(Emotion.FEAR)]
    with pytest.raises(ConfigError, match=r"--classes 7: no class folder .*; there are '1', '2'"):
        read_samples(DataSet(tmp_path, classes=(("7", Emotion.FEAR),)), "PublicTest")
    table = tmp_path / "fer2013.csv"
    table.write_text("emotion,pixels,Usage\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="--classes 1: names a class folder"):
        DataSet(table, classes=classes)
