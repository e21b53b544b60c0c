"""How a detector frames a face compared with FER-2013, and how much accuracy the difference costs.

    python benchmarks/haar_frame.py fer2013.csv [--detector haar]

Each validation picture is enlarged and put into the middle of a frame of 640x480 whose rest continues the picture's
edges. The detector searches the whole frame. Boxes are measured in widths of the picture. The network that ships
classifies the picture as it is, and the crop of the box, also of a wider and a narrower box. FER-2013's labels say what
is right.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from shared.command_line import benchmark_parser, existing_path
from shared.framed_face import FRAME_HEIGHT, FRAME_WIDTH, framed
from shared.validation_faces import is_right, validation_part

from assistant.emotion.preprocess import INPUT_SIZE_PX, resize_face, upright_crop
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detector import FaceDetector
from assistant.face.detectors.registry import DETECTORS, build_detector
from assistant.geometry import BoundingBox
from assistant.networks.shipped import shipped_model
from assistant.pictures.reading import Gray

FACE_PX = 144
FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
LOSS_LIMIT_POINTS = 2.0


def box_about(frame: Gray, detector: FaceDetector) -> BoundingBox | None:
    """Return the box of the widest face whose middle lies in the picture's inner half; None when there is none."""
    found = [face.box for face in detector.detect(frame)]
    middle = np.array([FRAME_WIDTH, FRAME_HEIGHT]) / 2
    inside = [box for box in found if np.abs(np.array(box.center) - middle).max() < FACE_PX / 4]
    return max(inside, key=lambda box: box.width, default=None)


def scaled(box: BoundingBox, factor: float) -> BoundingBox:
    """Return a square `factor` times as wide as the box, with the same middle."""
    side = round(factor * box.width)
    return BoundingBox(round(box.center[0] - side / 2), round(box.center[1] - side / 2), side, side)


def print_boxes(boxes: Sequence[BoundingBox]) -> None:
    """Print how wide the boxes are and how far they are off the picture's middle."""
    for name, values in (
        ("width", [box.width / FACE_PX for box in boxes]),
        ("to the right", [(box.center[0] - FRAME_WIDTH / 2) / FACE_PX for box in boxes]),
        ("down", [(box.center[1] - FRAME_HEIGHT / 2) / FACE_PX for box in boxes]),
    ):
        low, middle, high = np.percentile(values, (5, 50, 95))
        print(f"{name:12} median {middle:+.3f}, nine of ten from {low:+.3f} to {high:+.3f} picture widths")


def right_by_factor(
    classifier: TFLiteClassifier, found: Sequence[tuple[Gray, BoundingBox]], labels: npt.NDArray[np.uint8]
) -> dict[float, float]:
    """Return which share is classified as labelled for each factor by which the box is made wider or narrower."""
    shares = {}
    for factor in FACTORS:
        crops = (resize_face(upright_crop(frame, scaled(box, factor), 0.0)) for frame, box in found)
        shares[factor] = float(np.mean(is_right(classifier, crops, labels)))
    return shares


def _arguments() -> argparse.Namespace:
    parser = benchmark_parser(__doc__)
    parser.add_argument("data", type=existing_path, metavar="fer2013.csv")
    parser.add_argument("--detector", choices=DETECTORS, default="haar", help="(default: haar)")
    parser.add_argument("--model", type=Path, metavar="FILE", help="(default: the network that ships)")
    return parser.parse_args()


def main() -> int:
    """Print where the boxes lie and what the detector's frame costs; return 1 when it costs more than the limit."""
    arguments = _arguments()
    classifier = TFLiteClassifier(arguments.model or shipped_model())
    validation = validation_part(arguments.data, classifier)
    detector = build_detector(arguments.detector)

    frames = [framed(picture, FACE_PX)[0] for picture in validation.pixels]
    boxes = [box_about(frame, detector) for frame in frames]
    places = [place for place, box in enumerate(boxes) if box is not None]
    found = [(frame, box) for frame, box in zip(frames, boxes, strict=True) if box is not None]
    print(f"found: {len(found)} of {len(frames)} pictures of {INPUT_SIZE_PX} pixels, enlarged to {FACE_PX} (no limit)")
    print_boxes([box for _, box in found])

    labels = validation.labels[places]
    as_it_is = float(np.mean(is_right(classifier, validation.pixels[places], labels)))
    by_factor = right_by_factor(classifier, found, labels)
    print(f"right, the picture as it is      {as_it_is:.1%}")
    for factor, right in by_factor.items():
        print(f"right, by the box {factor:.1f} times      {right:.1%}")
    gain = 100 * (by_factor[1.0] - as_it_is)
    print(f"by the detector's box {gain:+.1f} points (limit: no less than {-LOSS_LIMIT_POINTS:g} points)")
    return int(gain < -LOSS_LIMIT_POINTS)


if __name__ == "__main__":
    sys.exit(main())
