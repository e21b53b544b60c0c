"""How a head moves from one frame to the next, beside what is around it.

Corners of the picture are followed from frame to frame (B. Lucas and T. Kanade, "An iterative image registration
technique with an application to stereo vision", IJCAI 1981, as in OpenCV). Some lie in the middle of the face, the
others around it. The camera sits on the wearer's moving head, which moves all of them alike. The head's own movement is
the difference of the two medians, in widths of the face.

As long as the room beside the head is still, the others are those of the room, because hands may move before the chest.
If the room moves, they are those of the chest, because a wearer who bobs up and down while walking moves the room less
than the face, which is nearer. A plain shirt has no corners: then a camera that moves measures nothing.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.nods import MOST_GAP_S, HeadMotion
from assistant.face.shrinking import shrunk
from assistant.geometry import BoundingBox

Gray = npt.NDArray[np.uint8]

FACE_PX = 48
"""A wider face is made this wide first: corners move by fewer pixels then, and are found sooner."""

ABOVE, BESIDE, BELOW = 0.8, 1.0, 1.4
"""The surroundings of a face reach this share of its width beyond its box."""

FACE_CORNERS, OTHER_CORNERS = 24, 48
"""At most this many corners are followed in the face, and around the head."""

LEAST_CORNERS = 6
"""A median of fewer corners is not trusted: then the movement is not measured."""

QUALITY, LEAST_PX = 0.02, 4
"""How much weaker than the best a corner may be, and how far two corners are apart at least, for OpenCV."""

CORE = 0.2
"""Corners of the face lie this share of its width inside its box: beside a turned head, the box shows the room."""

HEAD_WIDE, HEAD_HIGH, NECK = 0.35, 0.6, 0.35
"""The head reaches this share of the face's width beyond its box: to each side, above, and with the neck below it."""

SHOULDERS, TRUNK = 0.6, 0.3
"""From the first share of the face's width below its box on, the body reaches the second beyond it to each side."""

WINDOW_PX, LEVELS = 15, 2
"""A corner is searched for by this window, and in pictures that are up to four times as small."""

SMOOTH_PX, LEAST_CONTRAST = 3, 0.0005
"""Each pixel becomes the mean of a square of this width, which takes the noise away; and the least eigenvalue of a
window that can be followed then, for OpenCV: that of a plain shirt is less than a tenth of it."""

MOST_UNLIKE = 25.0
"""A corner whose window differs by more gray levels in the mean was not found."""

STILL = 0.01
"""A room that moves by more widths of the face from one frame to the next is not still."""

MOST_SHIFT = 0.4
"""A head that seems to have moved by more widths of its face from one frame to the next was lost."""


class HeadMotionMeter:
    """Measures the movement of one head from frame to frame."""

    def __init__(self) -> None:
        self._before: Gray | None = None
        self._box: BoundingBox | None = None
        self._person: int | None = None
        self._before_s = 0.0

    def measure(self, gray: Gray, now: float, person: int, box: BoundingBox) -> HeadMotion | None:
        """Return how the head in `box` has moved since the frame before; None where that is not known.

        `gray` is the frame [height, width] of the time `now`, in seconds; `person` is the number of whose head it is.
        """
        before, before_s, known, same = self._before, self._before_s, self._box, person == self._person
        self._before, self._before_s, self._box, self._person = gray, now, box, person
        if not same or before is None or known is None or before.shape != gray.shape:
            return None
        if not 0 < now - before_s <= MOST_GAP_S:
            return None
        moved = head_shift(before, gray, known)
        return None if moved is None else HeadMotion(*moved, now - before_s)


def head_shift(before: Gray, after: Gray, box: BoundingBox) -> tuple[float, float] | None:
    """Return how far the face in `box` has moved to the right and down beside what is around the head, in its widths.

    None where too few corners are in the face or around the head, where these were lost, where only a room that moves
    is seen, or where the face is outside of the frame.
    """
    area = surroundings(box).clipped(before.shape[1], before.shape[0])
    if area is None:
        return None
    scale = min(1.0, FACE_PX / box.width)
    size = (max(1, round(scale * area.width)), max(1, round(scale * area.height)))
    earlier, later = (_smoothed(shrunk(area.crop(each), size)) for each in (before, after))
    face, shoulders, room = masks(earlier.shape, scaled(box.moved(-area.x, -area.y), scale))
    own = median_flow(earlier, later, face, FACE_CORNERS)
    if own is None:
        return None
    unit = scale * box.width
    others = median_flow(earlier, later, room, OTHER_CORNERS)
    if others is None or max(map(abs, others)) > STILL * unit:
        others = median_flow(earlier, later, shoulders, OTHER_CORNERS)
    if others is None:
        return None
    right, down = (own[0] - others[0]) / unit, (own[1] - others[1]) / unit
    return (right, down) if max(abs(right), abs(down)) <= MOST_SHIFT else None


def _smoothed(picture: Gray) -> Gray:
    return np.asarray(cv2.blur(picture, (SMOOTH_PX, SMOOTH_PX)), np.uint8)


def surroundings(box: BoundingBox) -> BoundingBox:
    """Return the face with its surroundings; parts of it may lie outside of the frame."""
    above, beside, below = (round(share * box.width) for share in (ABOVE, BESIDE, BELOW))
    return BoundingBox(box.x - beside, box.y - above, box.width + 2 * beside, box.height + above + below)


def scaled(box: BoundingBox, scale: float) -> BoundingBox:
    """Return the box in a picture that is `scale` times as large."""
    return BoundingBox(*(round(scale * number) for number in box.as_list()))


def masks(shape: tuple[int, ...], box: BoundingBox) -> tuple[Gray, Gray, Gray]:
    """Return where the corners of the face, the shoulders and the room may be: uint8 [height, width], 255 or 0."""
    face, shoulders, room = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)
    core, wide, high, neck = (round(share * box.width) for share in (CORE, HEAD_WIDE, HEAD_HIGH, NECK))
    chest, trunk = (round(share * box.width) for share in (SHOULDERS, TRUNK))
    right, bottom = box.x + box.width, box.y + box.height
    face[max(0, box.y + core) : max(0, bottom - core), max(0, box.x + core) : max(0, right - core)] = 255
    room[max(0, box.y - high) :, max(0, box.x - wide) : max(0, right + wide)] = 0
    shoulders[max(0, bottom + chest) :, max(0, box.x - trunk) : max(0, right + trunk)] = 255
    room[max(0, bottom + neck) :] = 0
    return face, shoulders, room


def median_flow(before: Gray, after: Gray, mask: Gray, most: int) -> tuple[float, float] | None:
    """Return the median movement of the corners in a mask, in pixels to the right and down; None of too few corners."""
    corners = cv2.goodFeaturesToTrack(before, most, QUALITY, LEAST_PX, mask=mask)
    if corners is None or len(corners) < LEAST_CORNERS:
        return None
    there, found, unlike = cv2.calcOpticalFlowPyrLK(
        before,
        after,
        corners,
        np.empty_like(corners),
        winSize=(WINDOW_PX, WINDOW_PX),
        maxLevel=LEVELS,
        minEigThreshold=LEAST_CONTRAST,
    )
    is_found = (found.ravel() == 1) & (unlike.ravel() <= MOST_UNLIKE)
    moved = (there - corners)[is_found].reshape(-1, 2)
    if len(moved) < LEAST_CORNERS:
        return None
    right, down = np.median(moved, axis=0).tolist()
    return right, down
