"""Writes a small network in the form of MediaPipe's face mesh, whose points depend on the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from quantize.movements import measures
from quantize.movements.mesh import LEFT_EYE, POINTS, RIGHT_EYE, SIDE_PX
from quantize.networks.tflite_files import Form, to_tflite


def face_points() -> np.ndarray:
    """Return points of an upright face in the middle of the network's square, float32 [468, 3]."""
    rng = np.random.default_rng(3)
    points = np.zeros((POINTS, 3), np.float32)
    points[:, :2] = rng.uniform(60, 132, (POINTS, 2))
    points[list(measures.EYES), :2] = [(68, 84), (84, 84), (124, 84), (108, 84)]
    points[RIGHT_EYE, :2], points[LEFT_EYE, :2] = (68, 84), (124, 84)
    for places in (measures.BROWS, measures.INNER_BROWS, measures.OUTER_BROWS):
        points[list(places), 1] = 70
    points[measures.FOREHEAD, :2], points[measures.CHIN, :2] = (96, 48), (96, 144)
    points[measures.UPPER_LIP, :2], points[measures.LOWER_LIP, :2] = (96, 118), (96, 122)
    points[measures.CORNERS[0], :2], points[measures.CORNERS[1], :2] = (82, 120), (110, 120)
    return points


def write_mesh_network(path: Path, *, moving: float = 0.1) -> Path:
    """Write the network; its points move with the picture by about `moving` pixels, and a black picture is no face."""
    import keras

    keras.utils.set_random_seed(7)
    source = keras.layers.Input((SIDE_PX, SIDE_PX, 3))
    seen = keras.layers.Flatten()(keras.layers.AveragePooling2D(16)(source))
    points, face = keras.layers.Dense(3 * POINTS, name="points"), keras.layers.Dense(1, name="face")
    network = keras.Model(source, {"points": points(seen), "face": face(seen)})
    points.set_weights([moving * points.get_weights()[0], face_points().ravel()])
    face.set_weights([np.full_like(face.get_weights()[0], 1.0), np.array([-10], np.float32)])
    path.write_bytes(to_tflite(network, Form.FLOAT32, np.zeros((1, SIDE_PX, SIDE_PX, 3), np.float32)))
    return path
