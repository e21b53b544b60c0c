"""From where on faces are too dark, bright, flat, small, blurred, leaning or turned to be classified.

    python benchmarks/quality.py fer2013.csv

The pictures are the validation part of Training, changed and with a sensor's noise added. The network that ships
classifies them, and FER-2013's labels say what is right. `assistant/face/quality.py` rejects faces of a kind whose
accuracy is below 55%: such rows are marked. The second table shows the accuracy by sharpness, over all blurs together.
The third table shows the accuracy by how far the head is turned, as its points show, on faces that the detector framed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt
from shared.command_line import benchmark_parser, existing_path
from shared.framed_face import framed
from shared.headset import shipped_classifier
from shared.validation_faces import is_right, validation_part

from assistant.emotion.joined import Role
from assistant.emotion.preprocess import upright_crop
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import EMOTIONS
from assistant.face.detectors.registry import build_detector
from assistant.face.quality import MIN_SHARPNESS, sharpness
from assistant.pictures.reading import Gray
from quantize.data.samples import Samples

LIMIT = 0.55
"""Faces of a kind with a lower accuracy are not to be classified."""

NOISE_DEVIATION = 2.0
Pictures = npt.NDArray[np.float64]


def with_deviation(pictures: Pictures, deviation: float) -> Pictures:
    """Give each picture a mean gray of 100 and this standard deviation."""
    mean, spread = pictures.mean((1, 2), keepdims=True), pictures.std((1, 2), keepdims=True)
    return np.asarray(100 + deviation * (pictures - mean) / np.maximum(spread, 8))


def with_light(pictures: Pictures, light: float) -> Pictures:
    """Make the pictures darker (below 1) or overexposed (above 1)."""
    return pictures * light


def with_width(pictures: Pictures, width_px: float) -> Pictures:
    """Make the pictures as blurred as if the face were this wide."""
    size = (int(width_px), int(width_px))
    small = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in pictures]
    return np.stack(
        [np.asarray(cv2.resize(picture, pictures.shape[1:], interpolation=cv2.INTER_LINEAR)) for picture in small]
    )


def with_blur(pictures: Pictures, deviation_px: float) -> Pictures:
    """Put the pictures out of focus."""
    if not deviation_px:
        return pictures
    return np.stack([np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation_px)) for picture in pictures])


def with_tilt(pictures: Pictures, degrees: float) -> Pictures:
    """Make the faces lean; they are not turned upright again."""
    size = pictures.shape[1:]
    turn = cv2.getRotationMatrix2D(((size[0] - 1) / 2, (size[1] - 1) / 2), degrees, 1.0)
    turned = [cv2.warpAffine(picture, turn, size, borderMode=cv2.BORDER_REPLICATE) for picture in pictures]
    return np.asarray(turned, dtype=np.float64)


FRAMED_PX = 144
BLURS_PX = (0, 0.75, 1.5, 2, 2.5, 3, 4)

CHANGES: dict[str, tuple[Callable[[Pictures, float], Pictures], tuple[float, ...]]] = {
    "deviation, gray levels": (with_deviation, (32, 24, 16, 12, 8, 6, 5, 4, 3)),
    "light": (with_light, (3, 2, 1.75, 1.5, 1, 0.5, 0.25, 0.15, 0.1, 0.07, 0.05)),
    "width, pixels": (with_width, (48, 40, 32, 24, 20, 18, 17, 16)),
    "tilt, degrees": (with_tilt, (0, 10, 15, 20, 25, 30, 40)),
}


def photographed(pictures: Pictures) -> Gray:
    """Add a sensor's noise."""
    noise = np.random.default_rng(0).normal(0, NOISE_DEVIATION, pictures.shape)
    return np.clip(np.round(pictures + noise), 0, 255).astype(np.uint8)


def print_row(name: str, value: str, remark: str, right: Sequence[bool]) -> None:
    """Print a row of a table: its accuracy, and whether that is below the limit."""
    accuracy = float(np.mean(right))
    below = f"   below {LIMIT:.0%}" if accuracy < LIMIT else ""
    print(f"{name:<24}{value:>6}   {remark:<15}   accuracy {accuracy:.1%}{below}", flush=True)


def by_change(classifier: TFLiteClassifier, samples: Samples) -> None:
    """Print the accuracy for each change of the pictures."""
    pictures = samples.pixels.astype(np.float64)
    for name, (change, values) in CHANGES.items():
        for value in values:
            faces = photographed(change(pictures, value))
            print_row(name, f"{value:g}", f"mean {faces.mean():.0f}", is_right(classifier, faces, samples.labels))


def by_sharpness(classifier: TFLiteClassifier, samples: Samples) -> None:
    """Print the accuracy for each blur, then for twentieths of all these faces, the least sharp first."""
    sharp, right = [], []
    for blur_px in BLURS_PX:
        faces = photographed(with_blur(samples.pixels.astype(np.float64), blur_px))
        each = [sharpness(face) for face in faces]
        hits = is_right(classifier, faces, samples.labels)
        rejected = np.mean(np.array(each) < MIN_SHARPNESS)
        print_row("blur, pixels", f"{blur_px:g}", f"rejected {rejected:.1%}", hits)
        sharp += each
        right += hits
    for part in np.array_split(np.argsort(sharp), 20):
        print_row("sharpness from", f"{sharp[part[0]]:.3f}", f"{len(part)} faces", [right[place] for place in part])


def by_yaw(classifier: TFLiteClassifier, samples: Samples) -> None:
    """Print the accuracy by how far the head is turned to a side; each face is cropped as the detector frames it."""
    detector = build_detector()
    right: dict[int, list[bool]] = {}
    for picture, label in zip(samples.pixels, samples.labels, strict=True):
        gray, _ = framed(picture, FRAMED_PX, cv2.INTER_LINEAR)
        best = max(detector.detect(gray), key=lambda face: face.box.width, default=None)
        if best is not None and best.pose is not None:
            crop = upright_crop(gray, best.box, best.roll_deg)
            hit = classifier.classify_by(Role.LABELS, crop).best is EMOTIONS[label]
            right.setdefault(int(abs(best.pose.yaw_deg) // 10 * 10), []).append(hit)
    for yaw_deg, hits in sorted(right.items()):
        print_row("turned, degrees from", f"{yaw_deg}", f"{len(hits)} faces", hits)


def main() -> int:
    """Print the tables."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("data", type=existing_path, metavar="fer2013.csv")
    data = parser.parse_args().data
    classifier = shipped_classifier()
    validation = validation_part(data, classifier)
    print(f"rows whose accuracy is below the limit of {LIMIT:.0%} are marked")
    by_change(classifier, validation)
    by_sharpness(classifier, validation)
    by_yaw(classifier, validation)
    return 0


if __name__ == "__main__":
    sys.exit(main())
