"""Where faces become too dark, bright, flat, small, blurred, leaning or turned to judge: accuracy on changed pictures.

    python benchmarks/quality.py fer2013.csv

The pictures are the validation part of Training, with a sensor's noise added, judged by the model that ships and held
against FER-2013's labels. `assistant/face/quality.py` refuses what lies below 55%. Blur is told from the picture: the
second table shows accuracy by sharpness, over all the blurs together, the third by how far the head is turned, as its
points tell, on faces framed by the detector.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.emotion.model_card import Role
from assistant.emotion.preprocess import upright_crop
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import EMOTIONS
from assistant.face.detectors.registry import build_detector
from assistant.face.quality import MIN_SHARPNESS, sharpness
from assistant.networks.shipped import shipped_model
from quantize.data.dataset import DataSet
from quantize.data.samples import Samples
from quantize.training.training_set import validation_of

LIMIT = 0.55
NOISE_DEVIATION = 2.0
Pictures = npt.NDArray[np.float64]
Gray = npt.NDArray[np.uint8]


def with_deviation(pictures: Pictures, deviation: float) -> Pictures:
    """Each picture about gray 100 with this contrast."""
    mean, spread = pictures.mean((1, 2), keepdims=True), pictures.std((1, 2), keepdims=True)
    return np.asarray(100 + deviation * (pictures - mean) / np.maximum(spread, 8))


def with_light(pictures: Pictures, light: float) -> Pictures:
    """Darker below 1, overexposed above."""
    return pictures * light


def with_width(pictures: Pictures, width_px: float) -> Pictures:
    """As if the face had been this wide."""
    size = (int(width_px), int(width_px))
    small = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in pictures]
    return np.stack(
        [np.asarray(cv2.resize(picture, pictures.shape[1:], interpolation=cv2.INTER_LINEAR)) for picture in small]
    )


def with_blur(pictures: Pictures, deviation_px: float) -> Pictures:
    """Out of focus."""
    if not deviation_px:
        return pictures
    return np.stack([np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation_px)) for picture in pictures])


def with_tilt(pictures: Pictures, degrees: float) -> Pictures:
    """Leaning, and not turned upright."""
    size = pictures.shape[1:]
    turn = cv2.getRotationMatrix2D(((size[0] - 1) / 2, (size[1] - 1) / 2), degrees, 1.0)
    turned = [cv2.warpAffine(picture, turn, size, borderMode=cv2.BORDER_REPLICATE) for picture in pictures]
    return np.asarray(turned, dtype=np.float64)


BLURS_PX = (0, 0.75, 1.5, 2, 2.5, 3, 4)

CHANGES: dict[str, tuple[Callable[[Pictures, float], Pictures], tuple[float, ...]]] = {
    "deviation, gray levels": (with_deviation, (32, 24, 16, 12, 8, 6, 5, 4, 3)),
    "light": (with_light, (3, 2, 1.75, 1.5, 1, 0.5, 0.25, 0.15, 0.1, 0.07, 0.05)),
    "width, pixels": (with_width, (48, 40, 32, 24, 20, 18, 17, 16)),
    "tilt, degrees": (with_tilt, (0, 10, 15, 20, 25, 30, 40)),
}


def photographed(pictures: Pictures) -> Gray:
    """With a sensor's noise."""
    noise = np.random.default_rng(0).normal(0, NOISE_DEVIATION, pictures.shape)
    return np.clip(np.round(pictures + noise), 0, 255).astype(np.uint8)


def is_right(classifier: TFLiteClassifier, faces: Iterable[Gray], labels: npt.NDArray[np.uint8]) -> list[bool]:
    """Which faces are judged as they are labelled."""
    return [
        classifier.classify_by(Role.LABELS, face).best is EMOTIONS[label]
        for face, label in zip(faces, labels, strict=True)
    ]


def by_sharpness(classifier: TFLiteClassifier, samples: Samples) -> None:
    """Accuracy in twenty equal parts, from the least sharp on."""
    sharp, right = [], []
    for blur_px in BLURS_PX:
        faces = photographed(with_blur(samples.pixels.astype(np.float64), blur_px))
        each = [sharpness(face) for face in faces]
        hits = is_right(classifier, faces, samples.labels)
        refused = np.mean(np.array(each) < MIN_SHARPNESS)
        print(f"{'blur, pixels':<24}{blur_px:>6g}   refused {refused:5.1%}   accuracy {np.mean(hits):.1%}")
        sharp += each
        right += hits
    for part in np.array_split(np.argsort(sharp), 20):
        share, first = np.mean(np.array(right)[part]), np.array(sharp)[part[0]]
        verdict = "" if share >= LIMIT else f"   below {LIMIT:.0%}"
        print(f"{'sharpness from':<24}{first:>6.3f}   {len(part)} faces   accuracy {share:.1%}{verdict}")


def by_yaw(classifier: TFLiteClassifier, samples: Samples) -> None:
    """Accuracy by how far the head is turned to a side; each face is cut as the detector frames it."""
    detector = build_detector()
    right: dict[int, list[bool]] = {}
    for picture, label in zip(samples.pixels, samples.labels, strict=True):
        frame = cv2.copyMakeBorder(cv2.resize(picture, (144, 144)), 168, 168, 248, 248, cv2.BORDER_REPLICATE)
        gray = np.asarray(frame, np.uint8)
        best = max(detector.detect(gray), key=lambda face: face.box.width, default=None)
        if best is not None and best.pose is not None:
            crop = upright_crop(gray, best.box, best.roll_deg)
            hit = classifier.classify_by(Role.LABELS, crop).best is EMOTIONS[label]
            right.setdefault(int(abs(best.pose.yaw_deg) // 10 * 10), []).append(hit)
    for yaw_deg, hits in sorted(right.items()):
        share = np.mean(hits)
        verdict = "" if share >= LIMIT else f"   below {LIMIT:.0%}"
        print(f"{'turned, degrees from':<24}{yaw_deg:>6}   {len(hits)} faces   accuracy {share:.1%}{verdict}")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="fer2013.csv")
    data = parser.parse_args().data
    if not data.is_file():
        parser.error(f"{data}: no such file")
    classifier = TFLiteClassifier(shipped_model())
    _, validation = validation_of(DataSet(data), classifier.card.facts)
    pictures = validation.pixels.astype(np.float64)
    for name, (change, values) in CHANGES.items():
        for value in values:
            faces = photographed(change(pictures, value))
            share = np.mean(is_right(classifier, faces, validation.labels))
            verdict = "" if share >= LIMIT else f"   below {LIMIT:.0%}"
            print(f"{name:<24}{value:>6g}   mean {faces.mean():5.0f}   accuracy {share:.1%}{verdict}")
    by_sharpness(classifier, validation)
    by_yaw(classifier, validation)
    return 0


if __name__ == "__main__":
    sys.exit(main())
