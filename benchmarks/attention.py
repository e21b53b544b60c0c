"""How often the headset is right about where somebody looks, as far as the turn of the head says.

    python benchmarks/attention.py [faces/]

Drawn heads are those of `benchmarks/pose.py`, turned by up to 60 degrees to either side. "Looks at you" is right where
the head is truly turned to either side by at most 20 degrees from the camera; "and level" counts it as wrong where the
head also nods by more than 20 degrees up or down. A side is right where the head is truly turned there by at least 15
degrees. Both are about a noisy frame by itself; a fact needs half a second of such frames.

Drawn pictures are heads of the simulated camera that turn and nod; the default detector measures their pose.

`faces/` has `fairface/`, `fairface.csv` and `scenes/`. Of the part that training never sees, every second face is put
into a scene, in a frame of 640x480, at several widths. The default detector finds it, and measures its pose where it
is, as in a stream. That is compared with the pose of YuNet's points in the face's own picture, since nobody measured
the true one. The finder learned from such points: this measures what width and scene cost, and not what both get wrong.
"grows by" is how much the measured angle changes for a degree of the other: 1 where it follows, 0 where it does not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pose import MEAN_FACE, NOISE, OTHER_FACE, drawn
from shared.command_line import benchmark_parser
from shared.face_points import Array, poses_of

from assistant.camera.drivers.drawn.painter import Painter
from assistant.camera.drivers.drawn.turned import Turn
from assistant.emotions import Emotion
from assistant.face.attention import MIN_WIDTH_PX, Attention, attention_of
from assistant.face.detectors.registry import build_detector
from assistant.face.pose import FACING, HeadPose
from assistant.face.scan import ScanSchedule, SearchSettings
from quantize.finder.export.validation import Validation

RIGHT_LIMIT = 0.9
SEEDS = range(3)
WIDTHS_PX = (120, 60, 40, 30, 24, 18)
SEED = 2013
EACH = 2
FACING_DEG, ASIDE_DEG = 20.0, 15.0
TURNED_DEG = (-40, -30, -20, -10, 0, 10, 20, 30, 40)
NODDED_DEG = (-30, -20, -10, 0, 10, 20, 30)
DRAWN_LIMIT_DEG = 10.0
SAID = (Attention.AT_YOU, Attention.LEFT, Attention.RIGHT)


def is_right(said: Attention, yaw_deg: float) -> bool:
    """Return whether this may be said of a head with this true yaw."""
    if said is Attention.AT_YOU:
        return abs(yaw_deg) <= FACING_DEG
    return (yaw_deg if said is Attention.RIGHT else -yaw_deg) >= ASIDE_DEG


def report(title: str, seen: Sequence[HeadPose], true: Array) -> bool:
    """Print how often each direction is right; return whether each is within the limit."""
    said = np.array([str(attention_of(pose)) for pose in seen])
    print(f"{title}: {len(seen)} heads; of {np.mean(said == Attention.UNKNOWN):.0%} nothing is said")
    good = True
    for each in SAID:
        poses = true[said == each]
        share = float(np.mean([is_right(each, yaw_deg) for yaw_deg in poses[:, 0].tolist()]))
        good &= share >= RIGHT_LIMIT
        print(f"  {each:8} {len(poses):5} times, right {share:6.1%} (limit {RIGHT_LIMIT:.0%})")
    at_you = true[said == Attention.AT_YOU]
    level = (np.abs(at_you[:, :2]) <= FACING_DEG).all(axis=1)
    print(f"  at_you and level: {np.mean(level):.1%} (no limit: it is only said with a maybe)")
    ahead = np.abs(true[:, 0]) <= FACING_DEG / 2
    found = np.mean(said[ahead] == Attention.AT_YOU)
    print(f"  of {ahead.sum()} heads within {FACING_DEG / 2:g} degrees, {found:.0%} at_you")
    return good


def measure_drawn(title: str, face: Array, noise: float) -> bool:
    """Report on drawn heads; return whether each direction is within the limit."""
    made = [drawn(face, noise, np.random.default_rng(seed)) for seed in SEEDS]
    points, true = (np.concatenate(parts) for parts in zip(*made, strict=True))
    return report(title, [HeadPose(*pose) for pose in poses_of(points).tolist()], true)


def measure_turned() -> bool:
    """Report on drawn pictures of heads that turn, then of heads that nod; return whether the yaw is near enough."""
    turns = [Turn(yaw_deg=yaw) for yaw in TURNED_DEG], [Turn(pitch_deg=pitch) for pitch in NODDED_DEG]
    good = True
    for name, shown in zip(("yaw", "pitch"), turns, strict=True):
        for emotion in (Emotion.NEUTRAL, Emotion.HAPPY):
            drawn_deg = np.array([each.yaw_deg + each.pitch_deg for each in shown])
            poses = [pose_of_drawing(emotion, turn) for turn in shown]
            seen_deg = np.array([pose.yaw_deg if name == "yaw" else pose.pitch_deg for pose in poses])
            grows, middle = np.polyfit(drawn_deg, seen_deg, 1)[0], float(np.median(np.abs(seen_deg - drawn_deg)))
            good &= name == "pitch" or middle <= DRAWN_LIMIT_DEG
            limit = f" (limit {DRAWN_LIMIT_DEG:g})" if name == "yaw" else ""
            print(f"drawn {emotion} heads, {name}: median error {middle:.1f}{limit}; grows by {grows:.2f} a degree")
    return good


def pose_of_drawing(emotion: Emotion, turn: Turn) -> HeadPose:
    """Return the pose that the default detector measures of a drawn head, as in a stream."""
    painter, detector, schedule = Painter(640, 480, SEED), build_detector("both"), ScanSchedule(SearchSettings())
    painter.paint(emotion, 0.0, other=False, turn=turn)
    frame = painter.paint(emotion, 1.0, other=False, turn=turn)
    (found, *_) = detector.detect(frame)
    (near, *_) = detector.detect(frame, schedule.region(found.box))
    return FACING if near.pose is None else near.pose


def measured(validation: Validation, width_px: int) -> tuple[list[HeadPose], Array]:
    """Return the poses of the faces that are found at this width, and the poses of YuNet's points [N, 3].

    Each is found in the whole frame, and then measured where it is, as in a stream.
    """
    detector, schedule = build_detector("both"), ScanSchedule(SearchSettings())
    faces = [face for face in validation.faces if face.shape is not None][::EACH]
    seen, true = [], []
    for made in validation.frames(faces, SEED, width_px=width_px):
        found = [each for each in detector.detect(made.frame) if made.is_found_at(each.box.center)]
        near = detector.detect(made.frame, schedule.region(found[0].box)) if found else []
        if near and near[0].pose is not None and made.points is not None:
            seen.append(near[0].pose)
            true.append(made.points)
    return seen, poses_of(np.array(true, np.float64))


def measure_real(folder: Path) -> bool:
    """Report on real faces at each width; return whether those that are wide enough are within the limit."""
    validation, good = Validation(folder), True
    for width_px in WIDTHS_PX:
        seen, true = measured(validation, width_px)
        angles = np.array([(each.yaw_deg, each.pitch_deg) for each in seen])
        print(f"{width_px} pixels wide:")
        for axis, name in enumerate(("yaw", "pitch")):
            middle, most = np.percentile(np.abs(angles[:, axis] - true[:, axis]), (50, 90))
            grows = np.polyfit(true[:, axis], angles[:, axis], 1)[0]
            print(f"  {name}: median {middle:.1f}, 90% within {most:.1f} degrees; grows by {grows:.2f} a degree")
        within = report("  said", seen, true)
        good &= within or width_px < MIN_WIDTH_PX
    return good


def main() -> int:
    """Print the figures; return 1 when a figure is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("faces", type=Path, nargs="?", metavar="faces/")
    folder: Path | None = parser.parse_args().faces
    kept = [
        measure_drawn("mean face, exact points", MEAN_FACE, 0.0),
        measure_drawn(f"mean face, noise of {NOISE:.0%}", MEAN_FACE, NOISE),
        measure_drawn(f"other face, noise of {NOISE:.0%}", OTHER_FACE, NOISE),
        measure_turned(),
    ]
    if folder is None:
        print("real faces were not measured: name a folder with fairface/, fairface.csv and scenes/")
    else:
        kept.append(measure_real(folder))
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
