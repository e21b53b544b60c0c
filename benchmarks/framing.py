"""Fits the constants by which the finder's box and points become the square that the Haar cascade would give.

    python benchmarks/framing.py faces/

`faces/` has `fairface.csv` and its pictures. Each picture is enlarged or shrunk to 100 to 260 pixels and put into the
middle of a frame of 640x480 whose rest continues the picture's edges. The cascade searches the whole frame as in the
headset. The constants are fitted to 3,000 pictures and measured on 3,000 others. Lengths are shares of the width of the
cascade's square.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from shared.command_line import benchmark_parser
from shared.face_points import Array, poses_of, read_face_points
from shared.framed_face import framed

from assistant.face.detectors.framing import DOWN_TO_MOUTH, TIMES_EYES, TIMES_WIDTH, haar_square
from assistant.face.detectors.haar import HaarDetector
from assistant.geometry import BoundingBox

SMALLEST_PX, SIZES = 100, 161
EACH = 3000
LEAST_OVERLAP = 0.3
BINS = ((0, 10), (10, 20), (20, 35), (35, 90))
HUBER = 1.345
"""A picture that is off by more standard deviations than this counts less; P. Huber, "Robust Statistics", 1981."""

BIAS_LIMIT, WIDTH_BIAS_LIMIT = 0.02, 0.03
"""The medians may be off by at most this: that of the place, and that of the width."""


@dataclass(frozen=True)
class Framed:
    """The faces that the cascade found: boxes [N, 4], points [N, 5, 2] and squares [N, 3], in pixels of the frame."""

    boxes: Array
    points: Array
    squares: Array
    """The x and y of the cascade's square's middle, and its width."""
    tried: int
    """In how many pictures a face was searched for."""

    @property
    def eyes(self) -> Array:
        """The point between the eyes, [N, 2]."""
        return np.asarray(self.points[:, :2].mean(axis=1))

    @property
    def to_mouth(self) -> Array:
        """The way from between the eyes to between the corners of the mouth, [N, 2]."""
        return np.asarray(self.points[:, 3:].mean(axis=1) - self.eyes)

    @property
    def sizes(self) -> Array:
        """The distance of the eyes and the width of the box, [N, 2]."""
        return np.stack([np.linalg.norm(self.points[:, 1] - self.points[:, 0], axis=1), self.boxes[:, 2]], axis=1)


def digest(name: str) -> int:
    """Return a number for a picture's name that is the same in each run."""
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16)


def measure(folder: Path, odd: bool, detector: HaarDetector) -> Framed:
    """Search the faces whose name has an odd digest, or an even one."""
    faces = read_face_points(folder)
    chosen = [place for place, row in enumerate(faces.rows) if digest(row["image"]) % 2 == odd][:EACH]
    boxes, points, squares = [], [], []
    for place in chosen:
        name = faces.rows[place]["image"]
        picture = np.asarray(cv2.imread(str(folder / "fairface" / name), cv2.IMREAD_GRAYSCALE), np.uint8)
        size = SMALLEST_PX + (digest(name) >> 8) % SIZES
        frame, corner = framed(picture, size)
        factor = size / picture.shape[1]
        box = np.concatenate([faces.boxes[place, :2] * factor + corner, faces.boxes[place, 2:] * factor])
        about = BoundingBox(*(int(side) for side in box))
        found = max((face.box for face in detector.detect(frame)), key=about.overlap, default=None)
        if found is not None and about.overlap(found) > LEAST_OVERLAP:
            boxes.append(box)
            points.append(faces.points[place] * factor + corner)
            squares.append((*found.center, found.width))
    return Framed(np.array(boxes), np.array(points), np.array(squares, dtype=np.float64), len(chosen))


def robust(terms: Array, values: Array) -> Array:
    """Fit the factors of terms [N, M] to the values [N] by least squares, in which outliers count less."""
    weights: Array = np.ones(len(values))
    factors: Array = np.zeros(terms.shape[1])
    for _ in range(30):
        factors = np.asarray(np.linalg.lstsq(terms * weights[:, None], values * weights, rcond=None)[0], np.float64)
        off = np.abs(values - terms @ factors)
        weights = np.sqrt(np.minimum(1, HUBER * 1.4826 * np.median(off) / np.maximum(off, 1e-9)))
    return factors


def fit(seen: Framed) -> tuple[float, float, float]:
    """Fit the three constants of `assistant.face.detectors.framing`, in their order there."""
    wide = seen.squares[:, 2]
    length = np.linalg.norm(seen.to_mouth, axis=1)
    along = ((seen.squares[:, :2] - seen.eyes) * seen.to_mouth).sum(axis=1) / length
    down = robust((length / wide)[:, None], along / wide)
    eyes, box = robust(seen.sizes / wide[:, None], np.ones(len(wide)))
    return float(down[0]), float(eyes), float(box)


def compared(seen: Framed) -> Array:
    """Compare our squares with the cascade's.

    Returns:
        How far ours is off towards where the head turns, how far down the face, and how many times as wide, [N, 3].
    """
    ours = [
        haar_square((x + wide / 2, y + tall / 2), wide, tall, points.astype(np.float32))
        for (x, y, wide, tall), points in zip(seen.boxes, seen.points, strict=True)
    ]
    off = (np.array([box.center for box in ours]) - seen.squares[:, :2]) / seen.squares[:, 2:]
    down = seen.to_mouth / np.linalg.norm(seen.to_mouth, axis=1)[:, None]
    across = np.stack([down[:, 1], -down[:, 0]], axis=1) * np.sign(poses_of(seen.points)[:, :1])
    wider = np.array([box.width for box in ours]) / seen.squares[:, 2]
    return np.stack([(off * across).sum(axis=1), (off * down).sum(axis=1), wider], axis=1)


def print_fitted(fitted: tuple[float, float, float]) -> None:
    """Print the fitted constants beside those in the code."""
    names, in_code = ("DOWN_TO_MOUTH", "TIMES_EYES", "TIMES_WIDTH"), (DOWN_TO_MOUTH, TIMES_EYES, TIMES_WIDTH)
    for name, value, code in zip(names, fitted, in_code, strict=True):
        print(f"{name:13} fitted {value:.3f} (in the code: {code:.3f})")


def print_differences(others: Framed) -> bool:
    """Print how our squares differ from the cascade's; return whether all medians are within their limits."""
    differences = compared(others)
    turned = np.abs(poses_of(others.points)[:, 0])
    print("how our square differs from the cascade's: 5%, median, 95%")
    kept = True
    for low, high in ((0, 90), *BINS):
        inside = differences[(turned >= low) & (turned < high)]
        aside, down, wide = (np.percentile(column, (5, 50, 95)) for column in inside.T)
        print(f"  turned {low:2} to {high:2} degrees ({len(inside):4} faces)")
        for name, spread, ideal, limit in (
            ("aside", aside, 0, BIAS_LIMIT),
            ("down", down, 0, BIAS_LIMIT),
            ("times as wide", wide, 1, WIDTH_BIAS_LIMIT),
        ):
            low_5, median, high_95 = spread
            print(f"    {name:14}{low_5:+.3f} {median:+.3f} {high_95:+.3f} (limit of the median: {ideal} +- {limit:g})")
            kept &= bool(abs(median - ideal) <= limit)
    return kept


def main() -> int:
    """Print the constants and how our squares differ from the cascade's; return 1 when a median is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("faces", type=Path, metavar="faces/")
    folder: Path = parser.parse_args().faces
    detector = HaarDetector()
    print_fitted(fit(measure(folder, True, detector)))
    others = measure(folder, False, detector)
    print(f"measured on {len(others.boxes)} faces, which the cascade found in {others.tried} other pictures")
    return int(not print_differences(others))


if __name__ == "__main__":
    sys.exit(main())
