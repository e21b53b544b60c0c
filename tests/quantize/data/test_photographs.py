"""Tests of labelled photographs, whose faces are found as the headset finds them."""

import cv2
import numpy as np
import pytest

from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import DataError
from assistant.networks.shipped import shipped_model
from quantize.data.photographs import read_photographs
from tests.builders.clips import astronaut_gray

pytestmark = pytest.mark.runtime
pytest.importorskip("rich")

CLASSIFIER = TFLiteClassifier(shipped_model())


@pytest.fixture
def folder(tmp_path):
    """Return a folder with three photographs of a face, and one of a wall."""
    for name in ("a.png", "b.png", "c.png"):
        cv2.imwrite(str(tmp_path / name), astronaut_gray())
    cv2.imwrite(str(tmp_path / "wall.png"), np.full((240, 320), 120, np.uint8))
    rows = "picture,emotion\na.png,happy\nwall.png,sad\nb.png,neutral\nc.png,angry\n"
    (tmp_path / "labels.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def test_faces_are_cropped_and_pictures_without_a_face_left_out(folder):
    """Each face is 48x48 pixels, with its label."""
    samples = read_photographs(folder, CLASSIFIER)
    assert samples.pixels.shape == (3, 48, 48)
    assert samples.labels.tolist() == [3, 6, 0]


def test_every_second_photograph_is_left_for_measuring(folder):
    """The two halves have no photograph in common."""
    assert [read_photographs(folder, CLASSIFIER, half=half).labels.tolist() for half in (0, 1)] == [[3, 6], [0]]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("picture,emotion\na.png,cheerful\n", "labels.csv.*'cheerful' is none of angry"),
        ("picture,emotion\nnone.png,happy\n", "none.png"),
        ("picture,emotion\nwall.png,happy\n", "no photograph of labels.csv shows a face"),
        ("picture\na.png\n", "emotion"),
        ("picture,emotion\na\0.png,happy\n", "labels.csv.*is not the name of a file|labels.csv"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(folder, rows, complaint):
    """The error names the file, and what is wrong."""
    (folder / "labels.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        read_photographs(folder, CLASSIFIER)
