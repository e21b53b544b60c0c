"""The learned finder: a network that gives each face a box, a score and five points, and the rules which of them count.

In a whole frame, a small face counts after further views of it from near. Around a known face, one view is enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.face.detector import Detection, Region
from assistant.face.detectors.candidates import SAME_FACE, merged, overlaps
from assistant.face.detectors.finder_input import fitted
from assistant.face.detectors.finder_output import POINTS, mirror_image
from assistant.face.detectors.framing import haar_square
from assistant.face.evidence import log_odds
from assistant.face.pose import head_pose
from assistant.geometry import BoundingBox

Gray = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]

NEAR_WIDTHS = 2.0
"""Sides of the part around a known face, in widths of the face."""

STRETCH = 1.6
"""A known face may be this many times wider or narrower than expected."""

SMALLEST_FACE = 24 / 640
"""Share of the frame's width; in a whole frame, a narrower face is as often something else."""

CHECKS = ((2.0, False), (2.6, True), (1.6, False))
"""The views from near of a face in a whole frame: the part's sides in widths of the face, and whether it is mirrored.

Something that is not a face seldom looks like one from each distance and in a mirror.
"""

LARGE = 0.17
"""Share of the frame's width; a view from near would show a wider face in fewer pixels than the whole frame does."""

DOUBTFUL = 2.3
"""A face in a whole frame is handed on down to these log odds below the threshold `alone`: others may confirm it."""

LEAST_LOGIT = log_odds(0.12)
"""In one of several views, a face with a lower score than this is not seen."""

MOST_CHECKED = 4
"""In one frame at most so many faces are checked, the surest; the others of a crowd count by the first view alone."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from 0 to 1 from which a face counts."""

    alone: float
    """Where nothing else confirms it: neither the emotion network, nor a face that was there a moment ago."""
    near: float
    """Where a face is known, or another detector has found one."""


class Network(Protocol):
    """The network for an input of one size."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the input."""

    def candidates(self, picture: Gray, least_logit: float) -> FloatArray:
        """Return the cells with at least this logit, float32 [N, 15]: the logit, then a row of `decoded`.

        `picture` is the input as 0 to 255, uint8 [height, width].
        """


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A face with its logit and a row of `decoded`, float32 [14], in frame pixels."""

    logit: float
    shape: FloatArray

    @property
    def center(self) -> tuple[float, float]:
        return float(self.shape[0]), float(self.shape[1])

    @property
    def points(self) -> FloatArray:
        return self.shape[4:].reshape(POINTS, 2)

    def square(self) -> BoundingBox:
        width, height = (float(side) for side in self.shape[2:4])
        return haar_square(self.center, width, height, self.points)

    def detection(self, alone_logit: float) -> Detection:
        score = 1.0 / (1.0 + math.exp(-self.logit))
        points = tuple((float(x), float(y)) for x, y in self.points)
        return Detection(self.square(), score, self.logit - alone_logit, points, head_pose(self.points))


class Finder:
    """Detects faces by the network, with points and pose."""

    def __init__(self, whole: Network, near: Network, thresholds: Thresholds) -> None:
        """`whole` is the network for whole frames, `near` the one for the part around a face."""
        self._whole = whole
        self._near = near
        self._alone_logit = log_odds(thresholds.alone)
        self._near_logit = log_odds(thresholds.near)

    def detect(self, gray: Gray, region: Region | None = None, known: Sequence[Detection] = ()) -> list[Detection]:
        """Detect the faces of a gray frame [height, width], or of a region of it, the surest first.

        Doubtful faces are returned too: one whose `evidence` is below 0 is a face if something else speaks for it.
        """
        if not gray.size:
            return []
        found = self._everywhere(gray, known) if region is None else self._around(gray, region)
        return [each.detection(self._alone_logit) for each in found]

    def _around(self, gray: Gray, region: Region) -> list[_Found]:
        """Return faces whose middle lies in the region and whose squares are about as wide as the known face."""
        found = self._seen(gray, _square(region.area.center, region.face_px), self._near, self._near_logit)
        inside = [each for each in found if _is_inside(each.center, region.area)]
        return [each for each in inside if 1 / STRETCH <= each.square().width / region.face_px <= STRETCH]

    def _everywhere(self, gray: Gray, known: Sequence[Detection]) -> list[_Found]:
        """Return large faces by their first view, small ones by the mean of all views, the surest first."""
        large, small = self._new(gray, known)
        likely = [each for each in (*large, *self._checked(gray, small)) if self._is_likely(each)]
        likely += [each for each in small[MOST_CHECKED:] if each.logit >= self._alone_logit]
        return sorted(likely, key=lambda each: -each.logit)

    def _new(self, gray: Gray, known: Sequence[Detection]) -> tuple[list[_Found], list[_Found]]:
        """Return the large and the small faces of a whole frame that are not known, the surest first."""
        height, width = gray.shape
        found = self._seen(gray, BoundingBox(0, 0, width, height), self._whole, LEAST_LOGIT)
        found = [each for each in found if each.shape[2] >= SMALLEST_FACE * width]
        new = [each for each in found if not any(_is_inside(each.center, one.box) for one in known)]
        large = [each for each in new if each.shape[2] > LARGE * width]
        return large, [each for each in new if each.shape[2] <= LARGE * width]

    def _is_likely(self, found: _Found) -> bool:
        return found.logit >= self._alone_logit - DOUBTFUL

    def _checked(self, gray: Gray, small: Sequence[_Found]) -> Iterator[_Found]:
        """View the surest of these from near; give those that each view shows."""
        for first in small[:MOST_CHECKED]:
            checked = self._check(gray, first)
            if checked is not None:
                yield checked

    def _check(self, gray: Gray, first: _Found) -> _Found | None:
        """Return the face as the first view from near shows it, with the mean logit of all; None if one does not."""
        wide = float(max(first.shape[2:4]))
        views = [first]
        for widths, mirrored in CHECKS:
            found = self._seen(gray, _square(first.center, wide, widths), self._near, LEAST_LOGIT, mirrored=mirrored)
            again = next((each for each in found if _is_same(each.shape, first.shape)), None)
            if again is None:
                return None
            views.append(again)
        return _Found(sum(each.logit for each in views) / len(views), views[1].shape)

    def _seen(
        self, gray: Gray, part: BoundingBox, network: Network, least_logit: float, *, mirrored: bool = False
    ) -> list[_Found]:
        """Return the faces in a part of the frame, the surest first."""
        inside = part.clipped(gray.shape[1], gray.shape[0])
        if inside is None:
            return []
        picture, factor, corner = fitted(inside.crop(gray), network.size)
        if mirrored:
            rows = merged(network.candidates(np.ascontiguousarray(picture[:, ::-1]), least_logit))
            rows = mirror_image(rows, network.size[1])
        else:
            rows = merged(network.candidates(picture, least_logit))
        rows[:, 1:] /= factor
        rows[:, (1, *range(5, 15, 2))] += inside.x - corner[0] / factor
        rows[:, (2, *range(6, 15, 2))] += inside.y - corner[1] / factor
        return [_Found(float(row[0]), row[1:]) for row in rows]


def _square(center: tuple[float, float], face_px: float, widths: float = NEAR_WIDTHS) -> BoundingBox:
    side = max(1, round(widths * face_px))
    return BoundingBox(round(center[0] - side / 2), round(center[1] - side / 2), side, side)


def _is_same(one: FloatArray, other: FloatArray) -> bool:
    over_smaller, _ = overlaps(one, other[np.newaxis])
    return bool(over_smaller[0] >= SAME_FACE)


def _is_inside(place: tuple[float, float], box: BoundingBox) -> bool:
    return box.x <= place[0] <= box.x + box.width and box.y <= place[1] <= box.y + box.height
