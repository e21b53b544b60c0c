"""Where faces become too dark, bright, flat or small to judge: accuracy of the shipped model on changed pictures.

    python benchmarks/quality.py fer2013.csv

The pictures are the validation part of Training, with a sensor's noise added. `assistant/quality.py` refuses what lies
below 55%.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from assistant.adapters.tflite import TFLiteClassifier
from assistant.assemble import shipped_model
from assistant.emotions import EMOTIONS
from assistant.model_card import Role
from quantize.datasets import Samples
from quantize.material import validation_of

LIMIT = 0.55
NOISE_DEVIATION = 2.0
Pictures = npt.NDArray[np.float64]


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


CHANGES: dict[str, tuple[Callable[[Pictures, float], Pictures], tuple[float, ...]]] = {
    "deviation, gray levels": (with_deviation, (32, 24, 16, 12, 8, 6, 5, 4, 3)),
    "light": (with_light, (3, 2, 1.75, 1.5, 1, 0.5, 0.25, 0.15, 0.1, 0.07, 0.05)),
    "width, pixels": (with_width, (48, 40, 32, 24, 20, 18, 17, 16)),
}


def accuracy(classifier: TFLiteClassifier, pictures: Pictures, samples: Samples) -> tuple[float, float]:
    """The share that is judged rightly, and the mean gray level."""
    noise = np.random.default_rng(0).normal(0, NOISE_DEVIATION, pictures.shape)
    seen = np.clip(np.round(pictures + noise), 0, 255).astype(np.uint8)
    right = [
        classifier.classify_by(Role.LABELS, face).best is EMOTIONS[label]
        for face, label in zip(seen, samples.labels, strict=True)
    ]
    return float(np.mean(right)), float(seen.mean())


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="fer2013.csv")
    data = parser.parse_args().data
    if not data.is_file():
        parser.error(f"{data}: no such file")
    classifier = TFLiteClassifier(shipped_model())
    _, validation = validation_of(data, classifier.card.facts)
    pictures = validation.pixels.astype(np.float64)
    for name, (change, values) in CHANGES.items():
        for value in values:
            share, mean = accuracy(classifier, change(pictures, value), validation)
            verdict = "" if share >= LIMIT else f"   below {LIMIT:.0%}"
            print(f"{name:<24}{value:>6g}   mean {mean:5.0f}   accuracy {share:.1%}{verdict}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
