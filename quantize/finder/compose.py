"""Frames to learn from: faces and things that are none, pasted into scenes at all sizes, leans and lights.

Faces and other pieces are pasted by the same masks, so that no seam tells which it is. A frame is the network's input
before it is scaled: gray, uint8 [256, 320], toned as the headset does it.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.detectors.finder_input import FRAME_HEIGHT_PX, FRAME_WIDTH_PX, toned
from quantize.data.drawn_scenes import drawn_scene
from quantize.finder.camera import is_visible, photographed
from quantize.finder.faces import SURELY_A_FACE, Packed
from quantize.finder.pieces import (
    PIECE_PX,
    FloatArray,
    Gray,
    Patch,
    Random,
    drawn_mask,
    drawn_patch,
    face_part,
    partly_covered,
    shuffled,
    varied,
    without_face,
)
from quantize.finder.placing import ROW, blend, covers, draw_body, mirrored, moved, shrunk

MOST_FACES = 12
"""Rows of what is told of a frame."""

FACE, NEITHER, NOTHING = 1.0, -1.0, 0.0
"""What a row tells of: a face; a place that is to count as neither face nor background; nothing, an empty row."""

LEAST_WIDTH_PX = 10.0
"""A narrower face of a scene counts as neither."""

WIDEST_PX = 230.0
PASTED, PASTED_IN_PART = ((0, 1, 2, 5), (1, 3, 6, 10)), ((0, 1, 2, 3), (1, 2, 3, 4))
"""How many pieces and faces are put into a frame and into a part of one, as far as there is room."""

DRAWN_FACES, DRAWN_SCENES, MASKS, NOISES = 40, 40, 160, 24


class Composer:
    """Makes frames without end, all drawn by its generator.

    A size smaller than the network's input makes parts of frames. Their faces have the same sizes as those of whole
    frames, except the largest, which would not fit.
    """

    def __init__(self, packed: Packed, rng: Random, size: tuple[int, int] = (FRAME_HEIGHT_PX, FRAME_WIDTH_PX)) -> None:
        self._size = size
        self._is_part = size != (FRAME_HEIGHT_PX, FRAME_WIDTH_PX)
        self._most, self._widest_px = (PASTED_IN_PART, size[0] * 0.8) if self._is_part else (PASTED, WIDEST_PX)
        self._packed = packed
        self._rng = rng
        self._weights = _by_turn(packed.face_shapes)
        self._empty = [i for i, shapes in enumerate(packed.scene_shapes) if not len(shapes)]
        self._masks = [drawn_mask(rng) for _ in range(MASKS)]
        self._noises = [rng.normal(0, 1, size).astype(np.float32) for _ in range(NOISES)]
        self._drawn_faces = [drawn_patch(rng) for _ in range(DRAWN_FACES)]
        self._drawn_scenes = [drawn_scene(rng) for _ in range(DRAWN_SCENES)]

    def frame(self) -> tuple[Gray, FloatArray]:
        """A frame, uint8 [height, width], and what is in it, float32 [12, 15]."""
        rng = self._rng
        height, width = _part(self._size, rng) if self._is_part else _view(rng)
        view, rows = self._background(height, width)
        pieces, faces = self._most
        for _ in range(int(rng.choice(pieces, p=(0.3, 0.35, 0.2, 0.15)))):
            self._paste(view, rows, self._piece())
        if rng.random() < 0.8:
            for _ in range(int(rng.choice(faces))):
                self._paste(view, rows, self._face())
        seen = photographed(view, self._noises[int(rng.integers(NOISES))], rng)
        frame = np.full(self._size, 128, np.uint8)
        top, left = (self._size[0] - height) // 2, (self._size[1] - width) // 2
        for row in rows:
            if row[0] == FACE and not is_visible(seen, row):
                row[0] = NEITHER
        frame[top : top + height, left : left + width] = toned(seen)
        return frame, _told(rows, left, top)

    def _background(self, height: int, width: int) -> tuple[FloatArray, list[FloatArray]]:
        """A view, float32 [height, width], and what is in it."""
        rng = self._rng
        if rng.random() < 0.12:
            drawn = self._drawn_scenes[rng.integers(len(self._drawn_scenes))]
            return cv2.resize(drawn, (width, height)).astype(np.float32), []
        which = int(rng.choice(self._empty)) if rng.random() < 0.25 else int(rng.integers(len(self._packed.scenes)))
        scene, shapes = self._packed.scenes[which], self._packed.scene_shapes[which]
        if not len(shapes):
            scene = varied(scene, self._packed.scenes[int(rng.choice(self._empty))], rng)
        whole = (FRAME_HEIGHT_PX, FRAME_WIDTH_PX) if self._is_part else (height, width)
        fit = max(whole[0] / scene.shape[0], whole[1] / scene.shape[1])
        scale = fit * math.exp(rng.uniform(math.log(0.75), math.log(2.2)))
        across, down = (
            rng.uniform(0.0, 1.0) * (own * scale - room)
            for own, room in ((scene.shape[1], width), (scene.shape[0], height))
        )
        matrix = np.array([[scale, 0, -across], [0, scale, -down]], np.float32)
        if rng.random() < 0.5:
            matrix = mirrored(matrix, width)
        small = shrunk(scene, scale)
        by = np.diag([scene.shape[1] / small.shape[1], scene.shape[0] / small.shape[0], 1.0])
        border = cv2.BORDER_REFLECT if not len(shapes) else cv2.BORDER_REPLICATE
        view = cv2.warpAffine(small, matrix @ by, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)
        rows = []
        for shape in shapes:
            row = moved(shape[:14], matrix)
            sure = shape[14] >= SURELY_A_FACE and row[3] >= LEAST_WIDTH_PX
            row[0] = FACE if sure else NEITHER
            rows.append(row)
        return view.astype(np.float32), rows

    def _face(self) -> Patch:
        rng = self._rng
        if rng.random() < 0.015:
            return self._drawn_faces[int(rng.integers(len(self._drawn_faces)))]
        which = int(rng.choice(len(self._packed.faces), p=self._weights))
        gray, shape = self._packed.faces[which], self._packed.face_shapes[which]
        if rng.random() < 0.35:
            gray = partly_covered(gray, shape, self._texture(), rng)
        return Patch(self._lit(gray), self._masks[rng.integers(MASKS)], shape)

    def _piece(self) -> Patch:
        """Something that is no face."""
        rng = self._rng
        kind = rng.random()
        if kind < 0.7:
            gray = self._texture()
        elif kind < 0.85:
            gray = shuffled(self._packed.faces[int(rng.integers(len(self._packed.faces)))], rng)
        elif kind < 0.9:
            which = int(rng.integers(len(self._packed.faces)))
            gray = face_part(self._packed.faces[which], self._packed.face_shapes[which], rng)
        else:
            which = int(rng.integers(len(self._packed.faces)))
            gray = without_face(self._packed.faces[which], self._packed.face_shapes[which], self._texture(), rng)
        return Patch(self._lit(gray), self._masks[rng.integers(MASKS)], None)

    def _texture(self) -> Gray:
        """A piece of a scene without people, uint8 [144, 144]."""
        rng = self._rng
        if rng.random() < 0.1:
            scene = self._drawn_scenes[rng.integers(len(self._drawn_scenes))]
        else:
            scene = self._packed.scenes[int(rng.choice(self._empty))]
        side = int(min(*scene.shape, math.exp(rng.uniform(math.log(24), math.log(300)))))
        top, left = (int(rng.integers(0, own - side + 1)) for own in scene.shape)
        piece = np.rot90(scene[top : top + side, left : left + side], int(rng.integers(4)))
        way = cv2.INTER_AREA if side > PIECE_PX else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(piece, (PIECE_PX, PIECE_PX), interpolation=way), np.uint8)

    def _lit(self, gray: Gray) -> Gray:
        """Brighter or darker than around it, or lit from one side."""
        rng = self._rng
        light = (
            np.float32(math.exp(rng.uniform(math.log(0.35), math.log(1.3)))) if rng.random() < 0.5 else np.float32(1)
        )
        if rng.random() < 0.35:
            angle, depth = rng.uniform(0, 2 * math.pi), rng.uniform(0.3, 0.9)
            down, across = np.ogrid[-1 : 1 : PIECE_PX * 1j, -1 : 1 : PIECE_PX * 1j]
            ramp = 1 / (1 + np.exp(-rng.uniform(1, 5) * (math.cos(angle) * across + math.sin(angle) * down)))
            return np.asarray(np.clip(gray * (light * (1 - depth * ramp)), 0, 255), np.uint8)
        return gray if light == 1 else np.asarray(cv2.convertScaleAbs(gray, alpha=float(light)), np.uint8)

    def _paste(self, view: FloatArray, rows: list[FloatArray], patch: Patch) -> None:
        """Put it somewhere in the view where it covers no face that is told of."""
        rng = self._rng
        height, width = view.shape
        low, high = math.log(10.5), math.log(self._widest_px)
        wide = math.exp(rng.uniform(low, high)) if rng.random() < 0.8 else rng.uniform(11, 40)
        box_width = 115.0 if patch.shape is None else float(patch.shape[2])
        scale = wide / box_width
        lean = rng.normal(0, 10) if rng.random() < 0.6 else rng.uniform(-55, 55)
        stretch = rng.uniform(0.88, 1.12) if rng.random() < 0.4 else 1.0
        turn = cv2.getRotationMatrix2D((0, 0), -lean, 1.0)[:, :2] @ np.diag([scale * stretch, scale / stretch])
        if rng.random() < 0.5:
            turn = turn @ np.diag([-1.0, 1.0])
        spare = min(0.25 * wide, 20)
        middle = np.array(
            [
                rng.uniform(min(spare, width / 2), max(width - spare, width / 2)),
                rng.uniform(min(spare, height / 2), max(height - spare, height / 2)),
            ]
        )
        own = np.array([PIECE_PX / 2, PIECE_PX / 2])
        matrix = np.hstack([turn, (middle - turn @ own)[:, np.newaxis]]).astype(np.float32)
        if covers(matrix, patch.mask, rows):
            return
        if patch.shape is not None and wide < 90 and rng.random() < 0.4:
            draw_body(view, middle, wide, lean, rng)
        blend(view, patch, matrix, scale)
        if patch.shape is not None and len(rows) < MOST_FACES:
            row = moved(patch.shape, matrix)
            row[0] = FACE if row[3] >= LEAST_WIDTH_PX else NEITHER
            rows.append(row)


def _view(rng: Random) -> tuple[int, int]:
    """Height and width of the picture inside the input: mostly a camera's frame, else of any proportions."""
    draw = rng.random()
    if draw < 0.6:
        return 240, FRAME_WIDTH_PX
    if draw < 0.75:
        return FRAME_HEIGHT_PX, FRAME_WIDTH_PX
    if draw < 0.88:
        return FRAME_HEIGHT_PX, FRAME_HEIGHT_PX
    proportion = math.exp(rng.uniform(math.log(0.5), math.log(2.0)))
    width = min(FRAME_WIDTH_PX, round(FRAME_HEIGHT_PX * proportion))
    return min(FRAME_HEIGHT_PX, round(width / proportion)), width


def _part(size: tuple[int, int], rng: Random) -> tuple[int, int]:
    """Height and width of the picture inside a part of the input: mostly all of it, else with the edge of a frame."""
    if rng.random() < 0.8:
        return size
    height, width = (round(side * rng.uniform(0.75, 1.0)) for side in size)
    return height, width


def _by_turn(shapes: FloatArray) -> npt.NDArray[np.float64]:
    """How often each face is taken, float64 [N] that add up to one: those that are turned more often than there are."""
    middle, apart = (shapes[:, 4] + shapes[:, 6]) / 2, np.abs(shapes[:, 6] - shapes[:, 4])
    turned = np.abs(shapes[:, 8] - middle) / np.maximum(apart, 10)
    weights = 1 + 3 * np.clip(turned.astype(np.float64) - 0.15, 0, 0.6) / 0.6
    return np.asarray(weights / weights.sum())


def _told(rows: list[FloatArray], left: int, top: int) -> FloatArray:
    """The rows [12, 15], the largest first, in pixels of the input."""
    told = np.zeros((MOST_FACES, ROW), np.float32)
    for place, row in enumerate(sorted(rows, key=lambda row: -row[3])[:MOST_FACES]):
        told[place] = row
        told[place, 1:3] += (left, top)
        told[place, 5:] += np.tile((left, top), 5)
    return told
