"""Collects what the detectors take for faces in composed frames, cropped as the emotion network gets it."""

from __future__ import annotations

import numpy as np

from assistant.emotion.single_face import cropped
from assistant.errors import DataError
from assistant.face.detector import Detection, FaceDetector
from assistant.face.detectors.finder import Finder, Thresholds
from assistant.face.detectors.haar import HaarDetector
from quantize.data.candidates import Candidates
from quantize.finder.data.faces import FloatArray, Gray
from quantize.finder.data.packing import Packed
from quantize.finder.frames.compose import Composer
from quantize.finder.frames.rows import FACE
from quantize.progress import progress_bar

FRAME = (480, 640)
"""Height and width of the headset's frames."""

BOX_WIDTHS = 1.25
"""The headset's box is about this many times as wide as the box of a row."""

SAME_FACE, NO_FACE = 0.45, 1.0
"""Up to this distance from a face, in widths of the box, a detection is of the face; beyond the other it is not."""

WIDTH_RANGE = (0.55, 1.8)
"""The width of a detection that is of a face, in widths of the face's box."""

LENIENT = Thresholds(alone=0.02, near=0.3)
"""Thresholds so low that the finder also hands on what it takes for something else."""

HAAR_EVERY = 4
"""The cascade, which is slow, searches one frame in this many."""


def collect(packed: Packed, finder: Finder, frames: int, seed: int) -> Candidates:
    """Search this many frames, drawn by `seed`, and return the detections that are clearly faces, or clearly not.

    The `finder` should have the thresholds `LENIENT`. DataError is raised when one of the two kinds is missing.
    """
    composer, haar = Composer(packed, np.random.default_rng(seed), FRAME), HaarDetector()
    crops: list[Gray] = []
    is_face: list[bool] = []
    for number in progress_bar(range(frames), "collecting candidates"):
        photo, rows = composer.photo()
        detectors: list[FaceDetector] = [finder, haar] if number % HAAR_EVERY == 0 else [finder]
        for detection in (each for detector in detectors for each in detector.detect(photo)):
            shows_face = _shows_face(detection, rows)
            crop = cropped(photo, detection)
            if shows_face is not None and crop.size:
                crops.append(crop)
                is_face.append(shows_face)
    if len(set(is_face)) < 2:
        raise DataError(
            f"among the detections in {frames} frames, faces or other things are missing: search more frames"
        )
    return Candidates(np.stack(crops), np.array(is_face))


def _shows_face(detection: Detection, rows: list[FloatArray]) -> bool | None:
    """Return whether a detection shows a face; None where that is unclear."""
    unclear = False
    for row in rows:
        width = BOX_WIDTHS * float(row[3])
        away = float(np.hypot(detection.box.center[0] - row[5::2].mean(), detection.box.center[1] - row[6::2].mean()))
        if away < SAME_FACE * width and WIDTH_RANGE[0] < detection.box.width / width < WIDTH_RANGE[1]:
            return True if row[0] == FACE else None
        unclear |= away < NO_FACE * max(width, detection.box.width)
    return None if unclear else False
