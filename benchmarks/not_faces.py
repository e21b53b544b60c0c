"""How well the network's crowd output distinguishes faces from things that the Haar cascade takes for faces.

    python benchmarks/not_faces.py fer2013.csv

The scenes are scikit-image's photographs without people, upright, turned and as negatives; none was used in training.
The cascade searches them as leniently as in training, because at the headset's setting it finds too few false faces to
count. The faces are the validation part of Training.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from shared.command_line import benchmark_parser, existing_path
from shared.photographs import scenes_without_people
from shared.validation_faces import validation_part

from assistant.emotion.tflite import TFLiteClassifier
from assistant.networks.shipped import shipped_model
from assistant.pictures.reading import Gray
from quantize.data.negatives import taken_for_faces

ACCEPTED_LIMIT, REJECTED_LIMIT = 0.10, 0.02


def rejected(classifier: TFLiteClassifier, pictures: Sequence[Gray]) -> float:
    """Return the share of the pictures that the crowd output's "not a face" rejects, by the card's threshold."""
    return float(np.mean([classifier.classify(picture).veto <= 0 for picture in pictures]))


def main() -> int:
    """Print both shares beside their limits; return 1 when a share is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("data", type=existing_path, metavar="fer2013.csv")
    parser.add_argument("--model", type=Path, metavar="FILE", help="(default: the network that ships)")
    arguments = parser.parse_args()
    classifier = TFLiteClassifier(arguments.model or shipped_model())
    faces = list(validation_part(arguments.data, classifier).pixels)
    false_faces = list(taken_for_faces(scenes_without_people()))
    accepted, faces_rejected = 1 - rejected(classifier, false_faces), rejected(classifier, faces)
    print(f"false faces accepted: {accepted:.1%} of {len(false_faces)} (limit {ACCEPTED_LIMIT:.0%})")
    print(f"faces rejected: {faces_rejected:.1%} of {len(faces)} (limit {REJECTED_LIMIT:.0%})")
    return int(accepted > ACCEPTED_LIMIT or faces_rejected > REJECTED_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
