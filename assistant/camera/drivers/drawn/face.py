"""Draws gray faces whose muscles move as their action units say.

The proportions of the resting face are roughly an adult's. The emotion network has learned nothing from these
drawings, and they do not measure how well it reads people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.camera.drivers.drawn.action_units import ActionUnits
from assistant.camera.drivers.drawn.brushes import (
    Picture,
    Points,
    blend,
    blurred,
    crease,
    ellipse,
    fill,
    glow,
    polygon,
    stroke,
)

SIZE_PX = 256
"""Width and height of a drawing; the head fills most of it."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What distinguishes two drawn people: skin and hair in gray levels, and the width of the face beside the usual."""

    skin: float = 150.0
    hair: float = 70.0
    face_width: float = 1.0


def draw_face(units: ActionUnits, looks: Looks = Looks()) -> tuple[Picture, Picture]:
    """Draw a head, lit from above; return its gray levels and its cover, both float32 [256, 256].

    The cover is 1 where the head is and 0 outside of it.
    """
    cover = _head(looks)
    gray = _folds(_shaded_skin(looks), units)
    gray = _eyes(_brows(gray, units, looks), units)
    gray = _mouth(_nose(gray, units), units, looks)
    gray = _hair(gray, looks)
    return blurred(gray, 0.8), blurred(cover, 1.2)


def _head(looks: Looks) -> Picture:
    cover = np.zeros((SIZE_PX, SIZE_PX), np.float32)
    ellipse(cover, (128, 128), (84 * looks.face_width, 112), 1.0)
    ellipse(cover, (128, 80), (88 * looks.face_width, 74), 1.0)
    polygon(cover, [(92, 200), (164, 200), (172, 256), (84, 256)], 1.0)
    return cover


def _shaded_skin(looks: Looks) -> Picture:
    """Draw an ellipsoid, lit from above and the left, with eye sockets, cheekbones and the shadow of the chin."""
    down, right = np.mgrid[0:SIZE_PX, 0:SIZE_PX].astype(np.float32)
    x, y = (right - 128) / (92 * looks.face_width), (down - 132) / 122
    bulge = np.sqrt(np.clip(1.0 - x**2 - y**2, 0.05, 1.0))
    gray = np.asarray(looks.skin * (0.45 + 0.62 * bulge - 0.10 * x - 0.12 * y), dtype=np.float32)
    for side in (-1, 1):
        gray = glow(gray, (128 + side * 36, 112), (25, 13), -52)
        gray = glow(gray, (128 + side * 42, 152), (20, 14), 16)
    gray = glow(gray, (128, 70), (50, 18), 12)
    gray = glow(gray, (128, 222), (22, 8), 8)
    return glow(gray, (128, 250), (70, 10), -60)


def _folds(gray: Picture, units: ActionUnits) -> Picture:
    for side in (-1, 1):
        gray = _folds_of_side(gray, units, side)
    raised = min(units.inner_brow_raiser, max(units.outer_brow_raiser, 0.3))
    for height in (58, 68):
        gray = crease(gray, [(92, height), (128, height - 3), (164, height)], 3, -30 * raised)
    return gray


def _folds_of_side(gray: Picture, units: ActionUnits, side: int) -> Picture:
    """Draw the folds of the frown, from nose to mouth, of the cheek, below the eye, and beside the nose."""
    smile = max(units.lip_corner_puller, units.nose_wrinkler, 0.6 * units.upper_lip_raiser)
    to_mouth: Points = [(128 + side * 20, 150), (128 + side * 38, 166), (128 + side * 46, 190)]
    nose: Points = [(128 + side * 8, 112), (128 + side * 14, 122)]
    gray = crease(gray, [(128 + side * 6, 84), (128 + side * 7, 100)], 3, -55 * units.brow_lowerer)
    gray = crease(gray, to_mouth, 4, -18 - 42 * smile)
    gray = glow(gray, (128 + side * 44, 150), (18, 12), 34 * units.cheek_raiser)
    gray = crease(gray, [(128 + side * 22, 124), (128 + side * 52, 124)], 3, -34 * units.cheek_raiser)
    return crease(gray, nose, 3, -60 * units.nose_wrinkler)


def _brows(gray: Picture, units: ActionUnits, looks: Looks) -> Picture:
    lowered = 9 * units.brow_lowerer + 6 * units.nose_wrinkler
    inner = 93 - 13 * units.inner_brow_raiser + lowered
    middle = 90 - 6 * units.inner_brow_raiser - 9 * units.outer_brow_raiser + 0.6 * lowered
    outer = 95 - 12 * units.outer_brow_raiser + 2 * units.inner_brow_raiser * (1 - units.outer_brow_raiser)
    together = 5 * units.brow_lowerer
    for side in (-1, 1):
        line: Points = [
            (128 + side * (17 - together), inner),
            (128 + side * (38 - together), middle),
            (128 + side * 58, outer),
        ]
        gray = stroke(gray, line, 7, 0.6 * looks.hair + 0.4 * looks.skin)  # skin shows between the hairs
    return gray


def _eyes(gray: Picture, units: ActionUnits) -> Picture:
    upper = 5.8 + 5 * units.upper_lid_raiser - 2 * units.cheek_raiser - 2 * units.lid_tightener
    upper -= 1.5 * units.inner_brow_raiser * (1 - units.upper_lid_raiser)
    lower = 6.5 + 1 * units.upper_lid_raiser - 3 * units.cheek_raiser - 2.5 * units.lid_tightener
    for side in (-1, 1):
        gray = _eye(gray, (128 + side * 36, 114), upper, lower)
    return gray


def _eye(gray: Picture, center: tuple[int, int], upper: float, lower: float) -> Picture:
    """Draw an eye whose lids stand this far above and below its middle."""
    x, y = center
    lids: Points = [(x - 17, y + 1), (x - 7, y - upper), (x + 7, y - upper), (x + 17, y + 1)]
    lids += [(x + 7, y + lower), (x - 7, y + lower)]
    opening = np.zeros_like(gray)
    polygon(opening, lids, 1.0)
    gray = blend(gray, _eyeball(gray, center), blurred(opening, 1.0))
    gray = stroke(gray, [lids[0], lids[1], lids[2], lids[3]], 3, 40)
    return stroke(gray, [lids[0], lids[5], lids[4], lids[3]], 1, 95)


def _eyeball(gray: Picture, center: tuple[int, int]) -> Picture:
    x, y = center
    ball = np.full_like(gray, 215.0)
    ellipse(ball, (x, y), (7.5, 7.5), 60.0)
    ellipse(ball, (x, y), (3, 3), 15.0)
    ellipse(ball, (x - 3, y - 3), (1.5, 1.5), 240.0)
    return ball


def _nose(gray: Picture, units: ActionUnits) -> Picture:
    up = 3 * units.nose_wrinkler + 1.5 * units.upper_lip_raiser
    gray = glow(gray, (127, 136), (7, 26), 30)
    for side, depth in ((-1, -14), (1, -30)):
        gray = crease(gray, [(128 + side * 11, 116), (128 + side * 15, 150 - up)], 6, depth)
        gray = glow(gray, (128 + side * 9, 161 - up), (6, 3.5), -85)
        gray = crease(gray, [(128 + side * 18, 150 - up), (128 + side * 19, 160 - up)], 4, -35)
    return glow(gray, (128, 168), (16, 4), -18)


@dataclass(frozen=True, slots=True)
class _Mouth:
    """Where the parts of a mouth are: half of its width, the height of its corners, its gap, and its lips."""

    half: float
    corner: float
    gap: float
    top: float
    lip: float

    @property
    def bottom(self) -> float:
        return self.top + self.gap + 1

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return (128 - self.half, self.corner), (128 + self.half, self.corner)


def _mouth_of(units: ActionUnits) -> _Mouth:
    smile, frown = units.lip_corner_puller, units.lip_corner_depressor
    gap = 12 * units.lips_part + 24 * units.jaw_drop
    gap = gap if units.lips_part or units.jaw_drop else 0.0
    return _Mouth(
        half=27 + 12 * smile + 9 * units.lip_stretcher - 7 * units.jaw_drop - 2 * units.lip_tightener,
        corner=191 - 12 * smile + 9 * frown + 3 * units.jaw_drop,
        gap=gap,
        top=189 - 0.25 * gap - 6 * units.upper_lip_raiser - 3 * frown + 2 * smile,
        lip=8 - 5 * units.lip_tightener - 2.5 * smile,
    )


def _mouth(gray: Picture, units: ActionUnits, looks: Looks) -> Picture:
    mouth = _mouth_of(units)
    gray = _lips(gray, mouth, looks.skin * 0.60)
    if mouth.gap > 1:
        gray = _open_mouth(gray, mouth, units)
    else:
        left, right = mouth.ends
        gray = stroke(gray, [left, (114, mouth.top + 1), (142, mouth.top + 1), right], 3, 45)
    for end in mouth.ends:
        gray = glow(gray, end, (5, 4), -42)
    return glow(gray, (128, mouth.bottom + mouth.lip + 9), (20, 4), -26)


def _lips(gray: Picture, mouth: _Mouth, dark: float) -> Picture:
    (left, right), top, bottom, lip = mouth.ends, mouth.top, mouth.bottom, mouth.lip
    upper: Points = [left, (114, top - lip), (128, top - lip + 2.5), (142, top - lip), right, (142, top), (114, top)]
    lower: Points = [left, (112, bottom), (144, bottom), right, (143, bottom + lip + 2), (113, bottom + lip + 2)]
    return fill(fill(gray, upper, dark * 0.9), lower, dark * 1.1)


def _open_mouth(gray: Picture, mouth: _Mouth, units: ActionUnits) -> Picture:
    (left, right), top, bottom = mouth.ends, mouth.top, mouth.bottom
    inside: Points = [left, (113, top), (143, top), right, (145, bottom), (111, bottom)]
    teeth_px = min(mouth.gap, 9 + 4 * units.lip_corner_puller) * (1 - 0.75 * units.jaw_drop)
    return _teeth(fill(gray, inside, 28), left, right, top, teeth_px)


def _teeth(gray: Picture, left: tuple[float, float], right: tuple[float, float], top: float, height: float) -> Picture:
    middle = (left[1] + top) / 2
    row: Points = [(left[0] + 8, middle), (115, top + 1), (141, top + 1), (right[0] - 8, middle)]
    row += [(141, top + height), (115, top + height)]
    return fill(gray, row, 220)


def _hair(gray: Picture, looks: Looks) -> Picture:
    cap = np.zeros_like(gray)
    ellipse(cap, (128, 84), (92 * looks.face_width, 84), 1.0)
    ellipse(cap, (128, 116), (76 * looks.face_width, 76), 0.0)
    cap[150:] = 0
    return blend(gray, np.full_like(gray, looks.hair), blurred(cap, 2.5))
