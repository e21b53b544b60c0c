"""The errors of `head_pose` for drawn heads whose pose is known, and the poses that it gives for real faces.

    python benchmarks/pose.py [faces/]

A head is five points in space, seen in perspective from 0.5 to 3 metres, up to 20 degrees off the middle of the
picture. Its eyes, mouth and nose differ from the mean face by 10% (one standard deviation). `faces/` is a folder with
`fairface.csv`, which has points without a true pose. The constants of `head_pose` come from its mean face. The pitch is
measured from its median, because it is a convention which pitch counts as level.
"""

from __future__ import annotations

import sys
import timeit
from pathlib import Path

import cv2
import numpy as np
from shared.command_line import benchmark_parser
from shared.face_points import Array, poses_of, read_face_points

from assistant.face.pose import EYES_MM, EYES_TO_MOUTH_MM, EYES_TO_NOSE_MM, MOUTH_MM, NOSE_OUT_MM, head_pose

HEADS = 2000
BINS = ((0, 15), (15, 30), (30, 45), (45, 60))
VARIATION = 0.1
FACE_WIDTH_MM, FOCAL_PX = 140.0, 640.0
NOISE = 0.02
"""The noise on each coordinate of each point, as a share of the face's width."""

LIMITS_DEG = {("mean", 0.0): (4.0, 8.0), ("mean", NOISE): (6.0, 13.0), ("other", 0.0): (9.0, 15.0)}
"""The limits of the yaw's error in each bin: of the median and of the 90th percentile."""

PITCH_LIMITS_DEG = {("mean", 0.0): (6.0, 13.0), ("mean", NOISE): (9.0, 18.0), ("other", 0.0): (8.0, 16.0)}
ROLL_LIMITS_DEG = {("mean", 0.0): (2.0, 5.0), ("mean", NOISE): (4.0, 9.0), ("other", 0.0): (4.0, 9.0)}
MIRROR_LIMIT_DEG = 1e-3
TIME_LIMIT_US = 100.0

ANGLES = ("yaw", "pitch", "roll")
MIRRORED = [1, 0, 2, 4, 3]

MEAN_FACE = np.array(
    [
        (-EYES_MM / 2, 0, 0),
        (EYES_MM / 2, 0, 0),
        (0, EYES_TO_NOSE_MM, -NOSE_OUT_MM),
        (-MOUTH_MM / 2, EYES_TO_MOUTH_MM, 0),
        (MOUTH_MM / 2, EYES_TO_MOUTH_MM, 0),
    ]
)
"""The points in millimetres to the right, down, and away from the camera."""

OTHER_FACE = np.array(
    [(-31.6, -26.3, 0), (31.6, -26.3, 0), (0, 11.3, -38.3), (-24.6, 43.4, -6.4), (24.6, 43.4, -6.4)], dtype=np.float64
)
"""MediaPipe's canonical face (Google, Apache licence 2.0), whose nose is a third longer than that of our mean face."""


def rotation(yaw_deg: float, pitch_deg: float, roll_deg: float = 0.0) -> Array:
    """Return the rotation [3, 3] of a head that turns to the right of the picture, looks up, and leans clockwise."""
    turn, nod, lean = (
        np.asarray(cv2.Rodrigues(np.radians(angle) * np.array(axis, dtype=np.float64))[0], dtype=np.float64)
        for angle, axis in ((yaw_deg, (0, -1, 0)), (pitch_deg, (-1, 0, 0)), (roll_deg, (0, 0, 1)))
    )
    return np.asarray(lean @ turn @ nod)


def varied(face: Array, rng: np.random.Generator) -> Array:
    """Return the face of another person, whose eyes, mouth and nose are in other places."""
    eyes, mouth, down, nose = 1 + VARIATION * np.clip(rng.standard_normal(4), -2, 2)
    other = face.copy()
    other[:2, 0] *= eyes
    other[3:, 0] *= mouth
    other[3:, 1] = face[0, 1] + (face[3:, 1] - face[0, 1]) * down
    other[2, 2] *= nose
    return other


def seen(face: Array, turned: Array, rng: np.random.Generator) -> Array:
    """Return the points [5, 2], in pixels, of a face at a random place in front of the camera."""
    right, up = rng.uniform(-20, 20, 2)
    beside = rotation(right, up)
    at_mm = beside @ (0, 0, rng.uniform(500, 3000))
    placed = face @ (beside @ turned).T + at_mm
    return np.asarray(FOCAL_PX * placed[:, :2] / placed[:, 2:])


def drawn(face: Array, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return the points [N, 5, 2] of many heads and their poses [N, 3]."""
    poses = np.stack(
        [
            rng.uniform(-60, 60, HEADS),
            np.clip(rng.normal(0, 12, HEADS), -30, 30),
            np.clip(rng.normal(0, 12, HEADS), -45, 45),
        ],
        axis=1,
    )
    points = []
    for pose in poses:
        exact = seen(varied(face, rng), rotation(*pose.tolist()), rng)
        wide_px = FACE_WIDTH_MM / EYES_TO_MOUTH_MM * np.linalg.norm(exact[3:].mean(axis=0) - exact[:2].mean(axis=0))
        points.append(exact + noise * wide_px * rng.standard_normal((5, 2)))
    return np.array(points), poses


def poses_by_pnp(points: Array) -> Array:
    """Return the poses by OpenCV's solver for faces in the middle (G. Terzakis and M. Lourakis, "SQPnP", ECCV 2020)."""
    camera = np.diag([FOCAL_PX, FOCAL_PX, 1])
    poses = []
    for face in points:
        _, turned, _ = cv2.solvePnP(MEAN_FACE, face - face.mean(axis=0), camera, None, flags=cv2.SOLVEPNP_SQPNP)
        across, down, away = np.asarray(cv2.Rodrigues(turned)[0], dtype=np.float64).T
        poses.append(
            (
                np.arctan2(across[2], np.hypot(across[0], across[1])),
                np.arctan2(-down[2], away[2]),
                np.arctan2(across[1], across[0]),
            )
        )
    return np.degrees(poses)


def is_within(name: str, errors: Array, limits: tuple[float, float]) -> bool:
    """Print the median and the 90th percentile of the errors beside their limits; return whether both are within."""
    middle, most = np.percentile(np.abs(errors), (50, 90))
    print(f"  {name:20} median {middle:4.1f} (limit {limits[0]:g}), 90% within {most:4.1f} (limit {limits[1]:g})")
    return bool(middle <= limits[0] and most <= limits[1])


def measure_drawn(kind: str, face: Array, noise: float) -> bool:
    """Print the errors for drawn heads, in degrees; return whether all are within their limits."""
    points, poses = drawn(face, noise, np.random.default_rng(19))
    print(f"{kind} face, varied by {VARIATION:.0%}, noise of {noise:.0%} of its width: errors in degrees")
    errors = poses_of(points) - poses
    errors[:, 1] -= np.median(errors[:, 1])
    beside = poses_by_pnp(points) - poses
    beside[:, 1] -= np.median(beside[:, 1])
    medians = "  ".join(f"{name} {np.median(np.abs(axis)):.1f}" for name, axis in zip(ANGLES, beside.T, strict=True))
    print(f"  (cv2.solvePnP, SQPNP, medians: {medians})")
    turned = np.abs(poses[:, 0])
    key = (kind, noise)
    kept = [
        is_within(f"yaw, turned {low} to {high}", errors[(turned >= low) & (turned < high), 0], LIMITS_DEG[key])
        for low, high in BINS
    ]
    kept.append(is_within("pitch", errors[:, 1], PITCH_LIMITS_DEG[key]))
    kept.append(is_within("roll", errors[:, 2], ROLL_LIMITS_DEG[key]))
    return all(kept)


def mean_face(points: Array, turns: int = 200) -> Array:
    """Return the symmetric face [5, 3] in millimetres that explains all points [N, 5, 2] best.

    Its eyes and its mouth are equally deep. The method is that of C. Tomasi and T. Kanade, "Shape and motion from image
    streams under orthography", IJCV 1992, by alternation: first the nearest rotation for each face, then the shape by
    least squares.
    """
    both = np.concatenate([points, points[:, MIRRORED] * (-1, 1)])
    both -= both.mean(axis=1, keepdims=True)
    shape = MEAN_FACE * (1, 1, 1.3)
    for _ in range(turns):
        shape -= shape.mean(axis=0)
        left, _, right = np.linalg.svd(both.transpose(0, 2, 1) @ np.linalg.pinv(shape).T, full_matrices=False)
        turned = left @ right
        flat = shape @ turned.transpose(0, 2, 1)
        scale = (both * flat).sum(axis=(1, 2)) / (flat**2).sum(axis=(1, 2))
        summed = np.einsum("nki,nij->kj", both / scale[:, None, None], turned)
        shape = summed @ np.linalg.inv((turned.transpose(0, 2, 1) @ turned).sum(axis=0))
        shape = (shape + shape[MIRRORED] * (-1, 1, 1)) / 2
        shape *= EYES_MM / (shape[1, 0] - shape[0, 0])
    tilt = np.degrees(np.arctan2(shape[3, 2] - shape[0, 2], shape[3, 1] - shape[0, 1]))
    return np.asarray((shape - (shape[0] + shape[1]) / 2) @ rotation(0, tilt).T)


def measure_real(folder: Path) -> bool:
    """Print the mean face, the poses by group, and the error of mirrored faces; return whether it is small enough."""
    faces = read_face_points(folder)
    grown = np.array([row["age"] not in {"0-2", "3-9"} for row in faces.rows])
    shape = mean_face(faces.points[grown])
    print(f"{len(faces.rows)} real faces; mean face of the {grown.sum()} from ten years on, mm (in the code):")
    print(f"  mouth {shape[4, 0] - shape[3, 0]:.1f} ({MOUTH_MM}), eyes to mouth {shape[3, 1]:.1f} ({EYES_TO_MOUTH_MM})")
    print(f"  eyes to nose {shape[2, 1]:.1f} ({EYES_TO_NOSE_MM}), nose out {-shape[2, 2]:.1f} ({NOSE_OUT_MM})")
    poses = poses_of(faces.points)
    front = np.abs(poses[:, 0]) < 15
    print(f"  pitch of those within 15 degrees: median {np.median(poses[grown & front, 1]):+.1f}")
    print("  5%, 50%, 95%          yaw               pitch              roll              turned by 35 or more")
    groups = np.array([row["race"] for row in faces.rows])
    for group in ("all", *sorted(set(groups))):
        chosen = poses[groups == group] if group != "all" else poses
        spread = "  ".join("{:+5.0f} {:+5.0f} {:+5.0f}".format(*np.percentile(axis, (5, 50, 95))) for axis in chosen.T)
        print(f"  {group:16} {spread}  {np.mean(np.abs(chosen[:, 0]) >= 35):.0%}")
    apart = np.abs(poses_of(faces.points[:, MIRRORED] * (-1, 1)) * (-1, 1, -1) - poses).max()
    print(f"  a mirrored face is at most {apart:.2g} degrees off the mirrored pose (limit {MIRROR_LIMIT_DEG:g})")
    return bool(apart <= MIRROR_LIMIT_DEG)


def main() -> int:
    """Print the figures; return 1 when a figure is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("faces", type=Path, nargs="?", metavar="faces/")
    folder: Path | None = parser.parse_args().faces
    kept = [
        measure_drawn("mean", MEAN_FACE, 0.0),
        measure_drawn("mean", MEAN_FACE, NOISE),
        measure_drawn("other", OTHER_FACE, 0.0),
    ]
    face = MEAN_FACE[:, :2].astype(np.float32)
    took_us = min(timeit.repeat(lambda: head_pose(face), number=1000, repeat=5)) * 1000
    print(f"time: {took_us:.0f} microseconds a face (limit {TIME_LIMIT_US:g})")
    kept.append(took_us <= TIME_LIMIT_US)
    if folder is None or not (folder / "fairface.csv").is_file():
        print("real faces were not measured: name a folder with fairface.csv")
    else:
        kept.append(measure_real(folder))
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
