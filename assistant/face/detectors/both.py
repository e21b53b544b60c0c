"""The Haar cascade and the learned finder together: the cascade proposes, the finder decides and finds the rest.

A face that the cascade found keeps the cascade's box, because the emotion network learned from such boxes. The finder
adds the points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.face.detector import Detection, FaceDetector, Region, distinct
from assistant.face.detectors.finder_file import load_finder
from assistant.face.detectors.haar import HaarDetector
from assistant.geometry import BoundingBox

Gray = npt.NDArray[np.uint8]

MOST_CONFIRMED = 4
"""The finder checks at most this many boxes of the cascade, the largest; if there are more, it searches the frame."""

PROPOSING_WIDTH_PX = 200
"""The cascade searches a whole frame at this width.

That takes half of the time of its usual width. It then proposes no face narrower than an eighth of the frame, and the
finder finds those.
"""


def build(finder: Path) -> HaarAndFinder:
    """Build the detector `both`."""
    return HaarAndFinder(HaarDetector(PROPOSING_WIDTH_PX), load_finder(finder))


class HaarAndFinder:
    """Finds faces by both detectors; each face that the finder saw has its points."""

    def __init__(self, haar: FaceDetector, finder: FaceDetector) -> None:
        self._haar = haar
        self._finder = finder

    def detect(self, gray: Gray, region: Region | None = None, known: Sequence[Detection] = ()) -> Sequence[Detection]:
        """Return the faces of a gray frame [height, width], or of a region of it.

        The cascade searches first, and the finder checks from near what the cascade finds. Where it is sure of nothing
        there, the finder searches by itself. With known faces, the finder alone searches the whole frame for others.

        In the region of a known face, a face that only the cascade finds counts too: the finder may be unsure for a
        moment.
        """
        if known:
            return self._finder.detect(gray, known=known)
        if region is not None:
            return self._in_region(gray, region)
        return self._anywhere(gray)

    def _in_region(self, gray: Gray, region: Region) -> Sequence[Detection]:
        boxes = self._proposed(gray, region)
        found = self._confirmed(gray, boxes) or self._finder.detect(gray, region)
        return found or [Detection(box, is_upright=True) for box in boxes]

    def _anywhere(self, gray: Gray) -> Sequence[Detection]:
        boxes = self._proposed(gray)
        found = self._confirmed(gray, boxes)
        if any(map(_is_sure, found)) and len(boxes) <= MOST_CONFIRMED:
            return found
        return distinct([*found, *self._finder.detect(gray, known=found)])

    def _proposed(self, gray: Gray, region: Region | None = None) -> list[BoundingBox]:
        """Return the boxes that the cascade finds, the largest first."""
        return sorted((each.box for each in self._haar.detect(gray, region)), key=lambda box: -box.area)

    def _confirmed(self, gray: Gray, boxes: Sequence[BoundingBox]) -> list[Detection]:
        """Return the faces in these boxes that the finder sees too."""
        checked = [(box, self._finder.detect(gray, _inside(box))) for box in boxes[:MOST_CONFIRMED]]
        return distinct([replace(found[0], box=box, is_upright=True) for box, found in checked if found])


def _is_sure(detection: Detection) -> bool:
    """Return whether the finder alone would take it for a face."""
    return detection.evidence is None or detection.evidence >= 0


def _inside(box: BoundingBox) -> Region:
    """Return the region in which the finder must see the middle of a face that the cascade has found."""
    return Region(box, box.width, box.width // 2, 2 * box.width)
