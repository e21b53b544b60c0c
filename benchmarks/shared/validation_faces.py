"""FER-2013's validation part, and which of its faces a network classifies as they are labelled."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.emotion.joined import Role
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import EMOTIONS
from assistant.pictures.reading import Gray
from quantize.data.dataset import DataSet
from quantize.data.samples import Samples
from quantize.training.training_set import validation_of


def validation_part(data: Path, classifier: TFLiteClassifier) -> Samples:
    """Return the part of fer2013.csv's Training on which this network was validated; raise DataError for other data."""
    return validation_of(DataSet(data), classifier.card.facts)[1]


def is_right(classifier: TFLiteClassifier, faces: Iterable[Gray], labels: npt.NDArray[np.uint8]) -> list[bool]:
    """Return for each face whether it is classified as it is labelled, by the output that learned FER-2013's labels."""
    return [
        classifier.classify_by(Role.LABELS, face).best is EMOTIONS[label]
        for face, label in zip(faces, labels, strict=True)
    ]
