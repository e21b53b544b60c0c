"""Fits the square that the Haar cascade draws to the box and the points that the learned finder gives.

    python benchmarks/framing.py faces/

`faces/` has `fairface.csv` and the pictures of it. Each is enlarged or shrunk to 100 to 260 pixels and put into the
middle of a frame of 640x480 whose rest continues its edges. The cascade looks at all of it as in the headset. The
constants are fitted to 3,000 pictures and judged on 3,000 others. Lengths are shares of the cascade's square's width.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from pose import Array, poses_of, read_faces

from assistant.face.detectors.framing import DOWN_TO_MOUTH, TIMES_EYES, TIMES_WIDTH, haar_square
from assistant.face.detectors.haar import HaarDetector
from assistant.geometry import BoundingBox

Gray = npt.NDArray[np.uint8]

FRAME_WIDTH, FRAME_HEIGHT = 640, 480
SMALLEST_PX, SIZES = 100, 161
EACH = 3000
LEAST_OVERLAP = 0.3
BINS = ((0, 10), (10, 20), (20, 35), (35, 90))
HUBER = 1.345
"""Deviations beyond which a picture counts less; P. Huber, "Robust Statistics", 1981."""

BIAS_LIMIT, WIDTH_BIAS_LIMIT = 0.02, 0.03


@dataclass(frozen=True)
class Framed:
    """Pictures in which the cascade found the face: boxes [N, 4], points [N, 5, 2], squares [N, 3], in frame pixels."""

    boxes: Array
    points: Array
    squares: Array
    """The middle and the width."""
    tried: int

    @property
    def eyes(self) -> Array:
        """Between the eyes, [N, 2]."""
        return np.asarray(self.points[:, :2].mean(axis=1))

    @property
    def to_mouth(self) -> Array:
        """From there to between the corners of the mouth, [N, 2]."""
        return np.asarray(self.points[:, 3:].mean(axis=1) - self.eyes)

    @property
    def sizes(self) -> Array:
        """How far the eyes are apart and how wide the box is, [N, 2]."""
        return np.stack([np.linalg.norm(self.points[:, 1] - self.points[:, 0], axis=1), self.boxes[:, 2]], axis=1)


def digest(name: str) -> int:
    """A number that tells pictures apart, the same at each run."""
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16)


def framed(picture: Gray, size: int) -> tuple[Gray, Array]:
    """The picture in the middle of a frame, and where its upper left corner is."""
    method = cv2.INTER_AREA if size < picture.shape[1] else cv2.INTER_CUBIC
    scaled = cv2.resize(picture, (size, size), interpolation=method)
    left, top = (FRAME_WIDTH - size) // 2, (FRAME_HEIGHT - size) // 2
    right, bottom = FRAME_WIDTH - size - left, FRAME_HEIGHT - size - top
    frame = cv2.copyMakeBorder(scaled, top, bottom, left, right, cv2.BORDER_REPLICATE)
    return np.asarray(frame, np.uint8), np.array([left, top], dtype=np.float64)


def measure(folder: Path, odd: bool, detector: HaarDetector) -> Framed:
    """Look for the faces whose name has an odd or an even digest."""
    faces = read_faces(folder)
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
    """The factors of terms [N, M] that give the values [N] best; those far off count less."""
    weights: Array = np.ones(len(values))
    factors: Array = np.zeros(terms.shape[1])
    for _ in range(30):
        factors = np.asarray(np.linalg.lstsq(terms * weights[:, None], values * weights, rcond=None)[0], np.float64)
        off = np.abs(values - terms @ factors)
        weights = np.sqrt(np.minimum(1, HUBER * 1.4826 * np.median(off) / np.maximum(off, 1e-9)))
    return factors


def fit(seen: Framed) -> tuple[float, float, float]:
    """The three constants of `assistant.face.detectors.framing`, in their order there."""
    wide = seen.squares[:, 2]
    length = np.linalg.norm(seen.to_mouth, axis=1)
    along = ((seen.squares[:, :2] - seen.eyes) * seen.to_mouth).sum(axis=1) / length
    down = robust((length / wide)[:, None], along / wide)
    eyes, box = robust(seen.sizes / wide[:, None], np.ones(len(wide)))
    return float(down[0]), float(eyes), float(box)


def compared(seen: Framed) -> Array:
    """How our square differs, [N, 3]: towards where the head turns, down the face, and how many times as wide."""
    ours = [
        haar_square((x + wide / 2, y + tall / 2), wide, tall, points.astype(np.float32))
        for (x, y, wide, tall), points in zip(seen.boxes, seen.points, strict=True)
    ]
    off = (np.array([box.center for box in ours]) - seen.squares[:, :2]) / seen.squares[:, 2:]
    down = seen.to_mouth / np.linalg.norm(seen.to_mouth, axis=1)[:, None]
    across = np.stack([down[:, 1], -down[:, 0]], axis=1) * np.sign(poses_of(seen.points)[:, :1])
    wider = np.array([box.width for box in ours]) / seen.squares[:, 2]
    return np.stack([(off * across).sum(axis=1), (off * down).sum(axis=1), wider], axis=1)


def main() -> int:
    """Print the constants, and how our squares differ from the cascade's; 1 when one leans beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path, metavar="faces/")
    folder: Path = parser.parse_args().faces
    detector = HaarDetector()
    fitted = fit(measure(folder, True, detector))
    for name, value, stands in zip(
        ("DOWN_TO_MOUTH", "TIMES_EYES", "TIMES_WIDTH"),
        fitted,
        (DOWN_TO_MOUTH, TIMES_EYES, TIMES_WIDTH),
        strict=True,
    ):
        print(f"{name:13} fitted {value:.3f} (in the code: {stands:.3f})")
    others = measure(folder, False, detector)
    print(f"judged on {len(others.boxes)} faces, which the cascade found in {others.tried} other pictures")
    apart = compared(others)
    turned = np.abs(poses_of(others.points)[:, 0])
    print(
        f"of the square: 5%, 50%, 95% (limits of the median: {BIAS_LIMIT:g}, {BIAS_LIMIT:g}, 1 +- {WIDTH_BIAS_LIMIT:g})"
    )
    kept = True
    for low, high in ((0, 90), *BINS):
        inside = apart[(turned >= low) & (turned < high)]
        spread = [np.percentile(column, (5, 50, 95)) for column in inside.T]
        told = ";  ".join(
            f"{name} {a:+.3f} {b:+.3f} {c:+.3f}"
            for name, (a, b, c) in zip(("aside", "down", "times as wide"), spread, strict=True)
        )
        print(f"  turned {low:2} to {high:2} ({len(inside):4}): {told}")
        aside, down, wider = (float(column[1]) for column in spread)
        kept &= abs(aside) <= BIAS_LIMIT and abs(down) <= BIAS_LIMIT and abs(wider - 1) <= WIDTH_BIAS_LIMIT
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
