"""Composes frames to learn from: faces and other pictures, pasted into scenes at all sizes, leans and lights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.detectors.finder_input import FRAME_HEIGHT_PX, FRAME_WIDTH_PX, toned
from quantize.finder.data.faces import FloatArray, Gray
from quantize.finder.data.packing import Packed
from quantize.finder.frames.assets import Assets
from quantize.finder.frames.background import Size, background
from quantize.finder.frames.camera import is_visible, photographed
from quantize.finder.frames.patches import face_patch, other_patch
from quantize.finder.frames.pieces import PIECE_PX, Patch, Random
from quantize.finder.frames.placing import blend, draw_body
from quantize.finder.frames.rows import FACE, IGNORED, MIN_WIDTH_PX, MOST_FACES, covers_a_face, moved, row_table

WHOLE: Size = (FRAME_HEIGHT_PX, FRAME_WIDTH_PX)
WIDEST_PX = 230.0
WIDEST_IN_PART = 0.8
"""The widest face in a part of a frame, as a share of the part's height."""

PASTED, PASTED_IN_PART = ((0, 1, 2, 5), (1, 3, 6, 10)), ((0, 1, 2, 3), (1, 2, 3, 4))
"""The numbers of other pictures, and of faces, that are put into a frame or into a part of a frame if there is room."""


class Composer:
    """Composes frames without end; its random generator decides everything.

    A size smaller than the finder's input makes parts of frames. Their faces have the same sizes as the faces of whole
    frames, except the largest, which would not fit. A larger size makes frames as the headset's camera gives them.
    """

    def __init__(self, packed: Packed, rng: Random, size: Size = WHOLE) -> None:
        self._size = size
        self._is_part = size[0] < WHOLE[0]
        self._counts, self._widest_px = (
            (PASTED_IN_PART, size[0] * WIDEST_IN_PART) if self._is_part else (PASTED, WIDEST_PX * size[0] / WHOLE[0])
        )
        self._rng = rng
        self._assets = Assets.drawn(packed, size, rng)

    def frame(self) -> tuple[Gray, FloatArray]:
        """Return the next input of the finder before it is scaled, and the table of its faces, float32 [12, 15].

        The input is gray, uint8 [height, width], toned as the headset does it.
        """
        height, width = _part(self._size, self._rng) if self._is_part else _view(self._rng)
        photo, rows = self._photo((height, width))
        frame = np.full(self._size, 128, np.uint8)
        top, left = (self._size[0] - height) // 2, (self._size[1] - width) // 2
        frame[top : top + height, left : left + width] = toned(photo)
        return frame, row_table(rows, left, top)

    def photo(self) -> tuple[Gray, list[FloatArray]]:
        """Return the next picture as a camera gives it, uint8 [height, width], and the rows of its faces."""
        return self._photo(self._size)

    def _photo(self, size: Size) -> tuple[Gray, list[FloatArray]]:
        view, rows = background(self._assets, size, WHOLE if self._is_part else size, self._rng)
        self._paste_all(view, rows)
        noises = self._assets.noises
        photo = photographed(view, noises[int(self._rng.integers(len(noises)))], self._rng)
        for row in rows:
            if row[0] == FACE and not is_visible(photo, row):
                row[0] = IGNORED
        return photo, rows

    def _paste_all(self, view: FloatArray, rows: list[FloatArray]) -> None:
        others, faces = self._counts
        for _ in range(int(self._rng.choice(others, p=(0.3, 0.35, 0.2, 0.15)))):
            self._paste(view, rows, other_patch(self._assets, self._rng))
        if self._rng.random() < 0.8:
            for _ in range(int(self._rng.choice(faces))):
                self._paste(view, rows, face_patch(self._assets, self._rng))

    def _paste(self, view: FloatArray, rows: list[FloatArray], patch: Patch) -> None:
        """Put the patch somewhere into the view, unless it would cover a face."""
        at = _placement(patch, view.shape, self._widest_px, self._rng)
        if covers_a_face(at.matrix, patch.mask, rows):
            return
        if patch.shape is not None and at.wide_px < 90 and self._rng.random() < 0.4:
            draw_body(view, at.middle, at.wide_px, at.lean_deg, self._rng)
        blend(view, patch, at.matrix, at.scale)
        if patch.shape is not None and len(rows) < MOST_FACES:
            row = moved(patch.shape, at.matrix)
            row[0] = FACE if row[3] >= MIN_WIDTH_PX else IGNORED
            rows.append(row)


@dataclass(frozen=True, slots=True, eq=False)
class _Placement:
    """Where a patch goes: the matrix [2, 3] from its pixels to the view's, and what the matrix was made of."""

    matrix: FloatArray
    scale: float
    wide_px: float
    lean_deg: float
    middle: npt.NDArray[np.float64]


def _placement(patch: Patch, view: tuple[int, ...], widest_px: float, rng: Random) -> _Placement:
    height, width = view
    low, high = math.log(10.5), math.log(widest_px)
    wide_px = math.exp(rng.uniform(low, high)) if rng.random() < 0.8 else rng.uniform(11, 40)
    scale = wide_px / (115.0 if patch.shape is None else float(patch.shape[2]))
    lean_deg = rng.normal(0, 10) if rng.random() < 0.6 else rng.uniform(-55, 55)
    stretch = rng.uniform(0.88, 1.12) if rng.random() < 0.4 else 1.0
    turn = cv2.getRotationMatrix2D((0, 0), -lean_deg, 1.0)[:, :2] @ np.diag([scale * stretch, scale / stretch])
    if rng.random() < 0.5:
        turn = turn @ np.diag([-1.0, 1.0])
    spare = min(0.25 * wide_px, 20)
    middle = np.array([rng.uniform(min(spare, side / 2), max(side - spare, side / 2)) for side in (width, height)])
    own = np.array([PIECE_PX / 2, PIECE_PX / 2])
    matrix = np.hstack([turn, (middle - turn @ own)[:, np.newaxis]]).astype(np.float32)
    return _Placement(matrix, scale, wide_px, lean_deg, middle)


def _view(rng: Random) -> Size:
    """Draw height and width of the view inside the input: mostly a camera's frame, otherwise any proportions."""
    draw = rng.random()
    if draw < 0.6:
        return 240, FRAME_WIDTH_PX
    if draw < 0.75:
        return WHOLE
    if draw < 0.88:
        return FRAME_HEIGHT_PX, FRAME_HEIGHT_PX
    proportion = math.exp(rng.uniform(math.log(0.5), math.log(2.0)))
    width = min(FRAME_WIDTH_PX, round(FRAME_HEIGHT_PX * proportion))
    return min(FRAME_HEIGHT_PX, round(width / proportion)), width


def _part(size: Size, rng: Random) -> Size:
    """Draw height and width of the view inside a part of the input: mostly all of it, otherwise a frame's edge."""
    if rng.random() < 0.8:
        return size
    height, width = (round(side * rng.uniform(0.75, 1.0)) for side in size)
    return height, width
