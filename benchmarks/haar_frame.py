"""How a detector frames a face, beside how FER-2013 does, and what the difference costs.

    python benchmarks/haar_frame.py fer2013.csv [--detector haar]

Each validation picture is enlarged, put into the middle of a frame of 640x480 whose rest continues its edges, and
looked for by the detector in the whole frame. Boxes are told in widths of the picture. The model that ships judges the
picture as it is, and what the box cuts out, also widened and narrowed, by FER-2013's labels.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from quality import is_right

from assistant.emotion.preprocess import INPUT_SIZE_PX, resize_face, upright_crop
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detector import FaceDetector
from assistant.face.detectors.registry import DETECTORS, build_detector
from assistant.geometry import BoundingBox
from assistant.networks.shipped import shipped_model
from quantize.data.dataset import DataSet
from quantize.training.training_set import validation_of

Gray = npt.NDArray[np.uint8]

FRAME_WIDTH, FRAME_HEIGHT = 640, 480
FACE_PX = 144
LEFT, TOP = (FRAME_WIDTH - FACE_PX) // 2, (FRAME_HEIGHT - FACE_PX) // 2
FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
LOSS_LIMIT_POINTS = 2.0


def framed(picture: Gray) -> Gray:
    """The picture, enlarged, in the middle of a frame."""
    large = cv2.resize(picture, (FACE_PX, FACE_PX), interpolation=cv2.INTER_CUBIC)
    frame = cv2.copyMakeBorder(large, TOP, TOP, LEFT, LEFT, cv2.BORDER_REPLICATE)
    return np.asarray(frame, np.uint8)


def box_about(frame: Gray, detector: FaceDetector) -> BoundingBox | None:
    """The widest face whose middle lies in the picture's inner half."""
    found = [face.box for face in detector.detect(frame)]
    middle = np.array([FRAME_WIDTH, FRAME_HEIGHT]) / 2
    inside = [box for box in found if np.abs(np.array(box.center) - middle).max() < FACE_PX / 4]
    return max(inside, key=lambda box: box.width, default=None)


def scaled(box: BoundingBox, factor: float) -> BoundingBox:
    """The box so many times as wide, about the same middle."""
    side = round(factor * box.width)
    return BoundingBox(round(box.center[0] - side / 2), round(box.center[1] - side / 2), side, side)


def main() -> int:
    """Print where the boxes lie and what judging by them costs; 1 when that is more than its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="fer2013.csv")
    parser.add_argument("--detector", choices=DETECTORS, default="haar", help="(default: haar)")
    parser.add_argument("--model", type=Path, help="(default: the one that ships)")
    arguments = parser.parse_args()
    classifier = TFLiteClassifier(arguments.model or shipped_model())
    _, validation = validation_of(DataSet(arguments.data), classifier.card.facts)
    detector = build_detector(arguments.detector)

    framed_by = [(frame, box_about(frame, detector)) for frame in map(framed, validation.pixels)]
    places = [place for place, (_, box) in enumerate(framed_by) if box is not None]
    found = [(frame, box) for frame, box in framed_by if box is not None]
    boxes, labels = [box for _, box in found], validation.labels[places]
    as_it_is = is_right(classifier, validation.pixels[places], labels)
    by_factor = {
        factor: is_right(
            classifier, (resize_face(upright_crop(frame, scaled(box, factor), 0.0)) for frame, box in found), labels
        )
        for factor in FACTORS
    }
    print(f"found: {len(boxes)} of {len(validation)} pictures of {INPUT_SIZE_PX} pixels, enlarged to {FACE_PX}")
    for name, values in (
        ("width", [box.width / FACE_PX for box in boxes]),
        ("to the right", [(box.center[0] - FRAME_WIDTH / 2) / FACE_PX for box in boxes]),
        ("down", [(box.center[1] - FRAME_HEIGHT / 2) / FACE_PX for box in boxes]),
    ):
        low, middle, high = np.percentile(values, (5, 50, 95))
        print(f"{name:12} median {middle:+.3f}, nine of ten from {low:+.3f} to {high:+.3f} picture widths")
    print(f"right, the picture as it is      {np.mean(as_it_is):.1%}")
    for factor, right in by_factor.items():
        print(f"right, by the box {factor:.1f} times      {np.mean(right):.1%}")
    gain = 100 * (np.mean(by_factor[1.0]) - np.mean(as_it_is))
    print(f"by the detector's frame {gain:+.1f} points (limit {-LOSS_LIMIT_POINTS:g})")
    return int(gain < -LOSS_LIMIT_POINTS)


if __name__ == "__main__":
    sys.exit(main())
