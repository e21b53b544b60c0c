"""What detectors take for faces in composed frames."""

import numpy as np
import pytest

from assistant.errors import DataError
from assistant.face.detector import Detection
from assistant.face.detectors.finder_file import load_finder
from assistant.geometry import BoundingBox
from assistant.networks.shipped import shipped_finder
from quantize.finder.data.packing import unpack
from quantize.finder.frames.rows import FACE, IGNORED
from quantize.finder.head.candidates import LENIENT, _shows_face, collect


def row(kind):
    """A face with its middle at (300, 200), 80 pixels wide, all points in the middle."""
    return np.array([kind, 300, 200, 80, 100, *(300, 200) * 5], np.float32)


@pytest.mark.parametrize(
    ("box", "kind", "expected"),
    [
        (BoundingBox(250, 150, 100, 100), FACE, True),
        (BoundingBox(250, 150, 100, 100), IGNORED, None),
        (BoundingBox(280, 180, 40, 40), FACE, None),
        (BoundingBox(320, 150, 100, 100), FACE, None),
        (BoundingBox(0, 0, 100, 100), FACE, False),
        (BoundingBox(0, 0, 100, 100), IGNORED, False),
    ],
)
def test_a_detection_is_compared_with_the_faces_of_the_frame(box, kind, expected):
    """A detection on a face shows it, one far away does not; a detection of another size or beside it is unclear."""
    assert _shows_face(Detection(box), [row(kind)]) is expected


def test_candidates_are_the_same_for_the_same_seed(packed):
    """The seed draws the frames, and the crops have the size that the emotion network takes."""
    finder = load_finder(shipped_finder(), thresholds=LENIENT)
    first, again = (collect(unpack(packed), finder, 12, seed=3) for _ in range(2))
    assert first.crops.shape[1:] == (48, 48)
    assert len(first.crops) == len(first.is_face) > 0
    assert (first.crops == again.crops).all()
    assert (first.is_face == again.is_face).all()


def test_without_a_detection_there_is_nothing_to_learn(packed):
    """The error asks for more frames."""

    class Blind:
        def detect(self, gray, region=None, known=()):
            """Find nothing."""
            return []

    with pytest.raises(DataError, match="in 1 frames, faces or other things are missing: search more frames"):
        collect(unpack(packed), Blind(), 1, seed=3)
