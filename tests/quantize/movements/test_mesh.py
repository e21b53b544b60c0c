"""The face mesh is run on made networks: its points lie in the picture, wherever the face is."""

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.networks.shipped import shipped_model
from quantize.movements.mesh import LEFT_EYE, RIGHT_EYE, FaceMesh

pytest.importorskip("tensorflow")

BRIGHT = np.full((200, 300), 200, np.uint8)


@pytest.mark.parametrize(("middle", "width"), [((150.0, 100.0), 60.0), ((40.0, 120.0), 30.0)])
def test_the_points_are_the_pictures_own(mesh_file, middle, width):
    """Half of the square's 192 pixels are half of one and a half widths of the face, in the first look."""
    points = FaceMesh(mesh_file)._look(BRIGHT, middle, 1.5 * width, 0.0)[0]
    eyes = (points[LEFT_EYE] + points[RIGHT_EYE])[:2] / 2
    assert eyes == pytest.approx([middle[0], middle[1] + (84 - 96) / 192 * 1.5 * width], abs=0.2)
    assert np.linalg.norm(points[LEFT_EYE] - points[RIGHT_EYE]) == pytest.approx(56 / 192 * 1.5 * width, rel=0.02)


def test_a_square_that_leans_is_turned_back(mesh_file):
    """The eyes of a square that leans by a quarter turn lie above each other in the picture."""
    points = FaceMesh(mesh_file)._look(BRIGHT, (150.0, 100.0), 90.0, np.pi / 2)[0]
    across = points[LEFT_EYE] - points[RIGHT_EYE]
    assert abs(across[0]) < 0.02 * abs(across[1])
    assert across[1] > 0


def test_where_no_face_is_seen_there_are_no_points(mesh_file):
    """The network's second output decides."""
    assert FaceMesh(mesh_file).points(BRIGHT, (150.0, 100.0), 60.0) is not None
    assert FaceMesh(mesh_file).points(np.zeros_like(BRIGHT), (150.0, 100.0), 60.0) is None


def test_another_network_is_refused():
    """The error names the file."""
    with pytest.raises(ModelError, match=r"emotion-int8\.tflite: is not MediaPipe's face_landmark\.tflite"):
        FaceMesh(shipped_model())
