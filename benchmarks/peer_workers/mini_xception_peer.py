"""Measures mini-Xception as the demonstration of its authors uses it, on OpenCV's cascade over each whole frame.

The steps and constants are those of `video_emotion_color_demo.py` in https://github.com/oarriaga/face_classification.
Two things are better here than there: a face at the edge is cropped to the frame and not left out, and the network is
compiled once, which is faster than a call of `predict` for each face.
"""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

import cv2
import numpy as np
import tensorflow as tf
from worker import Namer, Picture, largest, work

CASCADE = "haarcascade_frontalface_default.xml"
NETWORK = "fer/data/emotion_model.hdf5"
SCALE, NEIGHBOURS = 1.3, 5
OFFSETS_PX = (20, 40)
"""How far the crop goes beyond the box at each side, and above and below it."""

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")


def load() -> Namer:
    """Load the cascade, and the network from the package `fer`."""
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / CASCADE))
    network = tf.keras.models.load_model(str(distribution("fer").locate_file(NETWORK)), compile=False)
    compiled = tf.function(network, input_signature=[tf.TensorSpec((1, 64, 64, 1), tf.float32)])

    def classified(face: Picture) -> str:
        values = (cv2.resize(face, (64, 64)).astype(np.float32) / 255 - 0.5) * 2
        return EMOTIONS[int(np.argmax(compiled(values[np.newaxis, ..., np.newaxis])))]

    def name(picture: Picture) -> str | None:
        gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        boxes = [[int(side) for side in box] for box in cascade.detectMultiScale(gray, SCALE, NEIGHBOURS)]
        names = [classified(_crop(gray, box)) for box in boxes]
        return names[largest(boxes)] if names else None

    return name


def _crop(gray: Picture, box: list[int]) -> Picture:
    (x, y, width, height), (across, along) = box, OFFSETS_PX
    return gray[max(0, y - along) : y + height + along, max(0, x - across) : x + width + across]


if __name__ == "__main__":
    work(load)
