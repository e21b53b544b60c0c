"""Whether the crowd's output tells faces from what only the Haar cascade takes for them.

    python benchmarks/not_faces.py fer2013.csv

Scenes: photographs without people that come with scikit-image, upright, turned and as negatives, none of them
used in training. The cascade searches them as leniently as in training, since at the headset's setting it finds too few
to count. Faces: the validation part of Training.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.quality import NOT_A_FACE_FROM
from assistant.networks.shipped import shipped_model
from quantize.data.dataset import DataSet
from quantize.data.negatives import taken_for_faces
from quantize.training.training_set import validation_of

try:
    from skimage import data as photographs
except ImportError:
    sys.exit("the photographs come with scikit-image: take the environment that script/test makes, .venv-dev")

Gray = npt.NDArray[np.uint8]

WITHOUT_PEOPLE = (
    "brick",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "chelsea",
    "clock",
    "hubble_deep_field",
    "moon",
    "rocket",
)
LET_THROUGH_LIMIT, REFUSED_LIMIT = 0.10, 0.02


def scenes() -> Iterator[Gray]:
    """Each photograph eight ways."""
    for name in WITHOUT_PEOPLE:
        picture = np.asarray(getattr(photographs, name)())
        gray = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        for turned in (np.rot90(gray, quarter) for quarter in range(4)):
            for scene in (turned, 255 - turned):
                yield np.ascontiguousarray(scene, dtype=np.uint8)


def refused(classifier: TFLiteClassifier, pictures: list[Gray]) -> float:
    """The share of the pictures that the crowd's output calls no face, with `NOT_A_FACE_FROM` or more."""
    return float(np.mean([classifier.classify(picture).not_a_face >= NOT_A_FACE_FROM for picture in pictures]))


def main() -> int:
    """Print both shares beside their limits; 1 when one is not held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="fer2013.csv")
    parser.add_argument("--model", type=Path, help="(default: the one that ships)")
    arguments = parser.parse_args()
    classifier = TFLiteClassifier(arguments.model or shipped_model())
    _, validation = validation_of(DataSet(arguments.data), classifier.card.facts)
    alarms = list(taken_for_faces(scenes()))
    let_through, faces_refused = 1 - refused(classifier, alarms), refused(classifier, list(validation.pixels))
    print(f"false alarms let through: {let_through:.1%} of {len(alarms)} (limit {LET_THROUGH_LIMIT:.0%})")
    print(f"faces refused: {faces_refused:.1%} of {len(validation)} (limit {REFUSED_LIMIT:.0%})")
    return int(let_through > LET_THROUGH_LIMIT or faces_refused > REFUSED_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
