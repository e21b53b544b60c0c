"""The finder: a network that gives each face a box, a score and five points, and the rules that confirm a face.

In a whole frame, faces are checked in further views. Around a known face, one view is enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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
"""The part of the frame around a known face is a square with sides of this many face widths."""

STRETCH = 1.6
"""A known face is at most this many times wider or narrower than expected."""

SMALLEST_FACE = 24 / 640
"""In a whole frame, narrower faces than this share of its width are ignored: half of them are something else."""

CHECKS = ((2.0, False), (2.6, True), (1.6, False))
"""The zoomed views of a face in a whole frame: the sides in face widths, and whether the view is mirrored.

Something that is not a face seldom looks like a face at each zoom and mirrored.
"""

LARGE = 0.4
"""A face wider than this share of the frame is checked in the mirrored frame: no zoomed view has room for it."""

DOUBTFUL = 2.3
"""The mean logit of a face in a whole frame may lie this far below `alone`: the emotion network may confirm it."""

PROPOSED_FROM = log_odds(0.02)
"""In a whole frame, a place with at least this logit may be a face."""

LEAST_LOGIT = log_odds(0.12)
"""A logit below this counts as no face in a zoomed view."""

MOST_VIEWED = 16
"""At most this many faces a frame are looked at in a zoomed view, the surest."""

MOST_CHECKED = 6
"""At most this many of the faces that are still likely then are looked at in the other views, the surest.

A face that was left out counts by the logit that it has so far, if that reaches `alone`.
"""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least scores, from 0 to 1, with which a detection counts as a face."""

    alone: float
    """The threshold for a face that nothing else confirms, neither the emotion network nor an earlier frame."""
    near: float
    """The threshold at a place where a face was before, or where another detector has found one."""


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
    """A face: its logit, and its box and points as a row of `decoded`, float32 [14], in frame pixels."""

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


@dataclass(frozen=True, slots=True, eq=False)
class _Viewed:
    """A face of a whole frame, and what further views of it showed: None for a view that did not find it."""

    whole: _Found
    views: tuple[_Found | None, ...] = ()

    @property
    def wide_px(self) -> float:
        return float(max(self.whole.shape[2:4]))

    @property
    def logit(self) -> float:
        """The mean logit of the whole frame and the views; a view that did not find it counts as `LEAST_LOGIT`."""
        logits = [LEAST_LOGIT if each is None else each.logit for each in self.views]
        return (self.whole.logit + sum(logits)) / (1 + len(logits))

    def with_view(self, found: Sequence[_Found]) -> _Viewed:
        """Return the face with another view, in which these faces were found."""
        again = next((each for each in found if _is_same(each.shape, self.whole.shape)), None)
        return _Viewed(self.whole, (*self.views, again))

    def found(self) -> _Found:
        """Return the face as the first view that found it shows it, with the mean logit."""
        return _Found(self.logit, next((each for each in self.views if each is not None), self.whole).shape)


class Finder:
    """Detects faces by the network, with points and pose."""

    def __init__(self, whole: Network, near: Network, thresholds: Thresholds) -> None:
        """`whole` is the network for whole frames, `near` the network for the part around a face."""
        self._whole = whole
        self._near = near
        self._alone_logit = log_odds(thresholds.alone)
        self._near_logit = log_odds(thresholds.near)

    def detect(self, gray: Gray, region: Region | None = None, known: Sequence[Detection] = ()) -> list[Detection]:
        """Detect the faces of a gray frame [height, width], or of a region of it, the surest first.

        Doubtful detections are returned too: with `evidence` below 0, something else must confirm the face.
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
        """Return the faces of a whole frame, the surest first, after they were checked in further views."""
        new = [_Viewed(each) for each in self._new(gray, known)]
        large_px = LARGE * gray.shape[1]
        small = [each for each in new if each.wide_px <= large_px]
        once = self._likely([self._zoomed(gray, each, CHECKS[:1]) for each in small[:MOST_VIEWED]])
        checked = self._likely([self._zoomed(gray, each, CHECKS[1:]) for each in once[:MOST_CHECKED]])
        others = [*once[MOST_CHECKED:], *small[MOST_VIEWED:]]
        sure = [each for each in others if each.logit >= self._alone_logit]
        large = self._mirrored(gray, self._likely([each for each in new if each.wide_px > large_px]))
        return sorted((each.found() for each in (*checked, *sure, *large)), key=lambda each: -each.logit)

    def _new(self, gray: Gray, known: Sequence[Detection]) -> list[_Found]:
        """Return the faces of a whole frame that are not known, the surest first."""
        found = self._seen(gray, _all_of(gray), self._whole, PROPOSED_FROM)
        found = [each for each in found if each.shape[2] >= SMALLEST_FACE * gray.shape[1]]
        return [each for each in found if not any(_is_inside(each.center, one.box) for one in known)]

    def _likely(self, faces: Sequence[_Viewed]) -> list[_Viewed]:
        """Return the faces that are not too doubtful for the emotion network to confirm them, the surest first."""
        least = self._alone_logit - DOUBTFUL
        return sorted((each for each in faces if each.logit >= least), key=lambda each: -each.logit)

    def _zoomed(self, gray: Gray, face: _Viewed, checks: Sequence[tuple[float, bool]]) -> _Viewed:
        """Look at a face in zoomed views."""
        for widths, mirrored in checks:
            part = _square(face.whole.center, face.wide_px, widths)
            face = face.with_view(self._seen(gray, part, self._near, LEAST_LOGIT, mirrored=mirrored))
        return face

    def _mirrored(self, gray: Gray, faces: Sequence[_Viewed]) -> list[_Viewed]:
        """Look at faces in the mirrored frame, and return those that are likely then."""
        if not faces:
            return []
        found = self._seen(gray, _all_of(gray), self._whole, LEAST_LOGIT, mirrored=True)
        return self._likely([each.with_view(found) for each in faces])

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


def _all_of(gray: Gray) -> BoundingBox:
    return BoundingBox(0, 0, gray.shape[1], gray.shape[0])


def _square(center: tuple[float, float], face_px: float, widths: float = NEAR_WIDTHS) -> BoundingBox:
    side = max(1, round(widths * face_px))
    return BoundingBox(round(center[0] - side / 2), round(center[1] - side / 2), side, side)


def _is_same(one: FloatArray, other: FloatArray) -> bool:
    over_smaller, _ = overlaps(one, other[np.newaxis])
    return bool(over_smaller[0] >= SAME_FACE)


def _is_inside(place: tuple[float, float], box: BoundingBox) -> bool:
    return box.x <= place[0] <= box.x + box.width and box.y <= place[1] <= box.y + box.height
