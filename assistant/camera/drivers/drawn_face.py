"""Draws gray faces whose muscles move as the Facial Action Coding System describes.

The emotions are combinations of action units (AU) after P. Ekman and W. Friesen, "Facial Action Coding System",
1978, and its later tables of emotion prototypes; the proportions of the resting face are roughly an adult's. The
drawings are for demonstration and tests; no model is trained on them and nothing is measured by them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from assistant.emotions import Emotion

SIZE_PX = 256
"""Width and height of a drawing; the head fills most of it."""

Picture = npt.NDArray[np.float32]
Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ActionUnits:
    """How far each muscle group acts, 0 to 1."""

    inner_brow_raiser: float = 0.0  # AU 1
    outer_brow_raiser: float = 0.0  # AU 2
    brow_lowerer: float = 0.0  # AU 4
    upper_lid_raiser: float = 0.0  # AU 5
    cheek_raiser: float = 0.0  # AU 6
    lid_tightener: float = 0.0  # AU 7
    nose_wrinkler: float = 0.0  # AU 9
    upper_lip_raiser: float = 0.0  # AU 10
    lip_corner_puller: float = 0.0  # AU 12
    lip_corner_depressor: float = 0.0  # AU 15
    lip_stretcher: float = 0.0  # AU 20
    lip_tightener: float = 0.0  # AU 23
    lips_part: float = 0.0  # AU 25
    jaw_drop: float = 0.0  # AU 26


PROTOTYPES: dict[Emotion, ActionUnits] = {
    Emotion.NEUTRAL: ActionUnits(),
    Emotion.HAPPY: ActionUnits(cheek_raiser=0.9, lip_corner_puller=1.0, lips_part=0.7),
    Emotion.SAD: ActionUnits(inner_brow_raiser=1.0, brow_lowerer=0.4, lip_corner_depressor=1.0),
    Emotion.SURPRISE: ActionUnits(
        inner_brow_raiser=1.0, outer_brow_raiser=1.0, upper_lid_raiser=1.0, lips_part=1.0, jaw_drop=1.0
    ),
    Emotion.FEAR: ActionUnits(
        inner_brow_raiser=1.0,
        outer_brow_raiser=0.5,
        brow_lowerer=0.5,
        upper_lid_raiser=1.0,
        lip_stretcher=1.0,
        lips_part=0.6,
        jaw_drop=0.2,
    ),
    Emotion.ANGRY: ActionUnits(brow_lowerer=1.0, upper_lid_raiser=0.3, lid_tightener=0.8, lip_tightener=1.0),
    Emotion.DISGUST: ActionUnits(
        brow_lowerer=0.6, nose_wrinkler=1.0, upper_lip_raiser=1.0, lip_corner_depressor=0.5, cheek_raiser=0.5
    ),
}


@dataclass(frozen=True, slots=True)
class Looks:
    """What tells two drawn people apart; brightness in gray levels."""

    skin: float = 150.0
    hair: float = 70.0
    face_width: float = 1.0


def draw_face(units: ActionUnits, looks: Looks = Looks()) -> tuple[Picture, Picture]:
    """Draw a head, lit from above: (gray levels, cover), both float32 [256, 256]; cover is 0 outside the head."""
    cover = _head(looks)
    gray = _folds(_shaded_skin(looks), units)
    gray = _eyes(_brows(gray, units, looks), units)
    gray = _mouth(_nose(gray, units), units, looks)
    gray = _hair(gray, looks)
    return _blurred(gray, 0.8), _blurred(cover, 1.2)


def _head(looks: Looks) -> Picture:
    cover = np.zeros((SIZE_PX, SIZE_PX), np.float32)
    _ellipse(cover, (128, 128), (84 * looks.face_width, 112), 1.0)
    _ellipse(cover, (128, 80), (88 * looks.face_width, 74), 1.0)
    _polygon(cover, [(92, 200), (164, 200), (172, 256), (84, 256)], 1.0)
    return cover


def _shaded_skin(looks: Looks) -> Picture:
    """An ellipsoid lit from above and the left, with eye sockets, cheekbones and the shadow of the chin."""
    down, right = np.mgrid[0:SIZE_PX, 0:SIZE_PX].astype(np.float32)
    x, y = (right - 128) / (92 * looks.face_width), (down - 132) / 122
    bulge = np.sqrt(np.clip(1.0 - x**2 - y**2, 0.05, 1.0))
    gray = np.asarray(looks.skin * (0.45 + 0.62 * bulge - 0.10 * x - 0.12 * y), dtype=np.float32)
    for side in (-1, 1):
        gray = _glow(gray, (128 + side * 36, 112), (25, 13), -52)
        gray = _glow(gray, (128 + side * 42, 152), (20, 14), 16)
    gray = _glow(gray, (128, 70), (50, 18), 12)
    gray = _glow(gray, (128, 222), (22, 8), 8)
    return _glow(gray, (128, 250), (70, 10), -60)


def _folds(gray: Picture, units: ActionUnits) -> Picture:
    frown = units.brow_lowerer
    for side in (-1, 1):
        gray = _crease(gray, [(128 + side * 6, 84), (128 + side * 7, 100)], 3, -55 * frown)
        smile = max(units.lip_corner_puller, units.nose_wrinkler, 0.6 * units.upper_lip_raiser)
        fold: Points = [(128 + side * 20, 150), (128 + side * 38, 166), (128 + side * 46, 190)]
        gray = _crease(gray, fold, 4, -18 - 42 * smile)
        gray = _glow(gray, (128 + side * 44, 150), (18, 12), 34 * units.cheek_raiser)
        gray = _crease(gray, [(128 + side * 22, 124), (128 + side * 52, 124)], 3, -34 * units.cheek_raiser)
        nose: Points = [(128 + side * 8, 112), (128 + side * 14, 122)]
        gray = _crease(gray, nose, 3, -60 * units.nose_wrinkler)
    raised = min(units.inner_brow_raiser, max(units.outer_brow_raiser, 0.3))
    for height in (58, 68):
        gray = _crease(gray, [(92, height), (128, height - 3), (164, height)], 3, -30 * raised)
    return gray


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
        gray = _stroke(gray, line, 7, 0.6 * looks.hair + 0.4 * looks.skin)  # skin shows between the hairs
    return gray


def _eyes(gray: Picture, units: ActionUnits) -> Picture:
    upper = 5.8 + 5 * units.upper_lid_raiser - 2 * units.cheek_raiser - 2 * units.lid_tightener
    upper -= 1.5 * units.inner_brow_raiser * (1 - units.upper_lid_raiser)
    lower = 6.5 + 1 * units.upper_lid_raiser - 3 * units.cheek_raiser - 2.5 * units.lid_tightener
    for side in (-1, 1):
        x, y = 128 + side * 36, 114
        lids: Points = [(x - 17, y + 1), (x - 7, y - upper), (x + 7, y - upper), (x + 17, y + 1)]
        lids += [(x + 7, y + lower), (x - 7, y + lower)]
        opening = np.zeros_like(gray)
        _polygon(opening, lids, 1.0)
        ball = np.full_like(gray, 215.0)
        _ellipse(ball, (x, y), (7.5, 7.5), 60.0)
        _ellipse(ball, (x, y), (3, 3), 15.0)
        _ellipse(ball, (x - 3, y - 3), (1.5, 1.5), 240.0)
        gray = _blend(gray, ball, _blurred(opening, 1.0))
        gray = _stroke(gray, [lids[0], lids[1], lids[2], lids[3]], 3, 40)
        gray = _stroke(gray, [lids[0], lids[5], lids[4], lids[3]], 1, 95)
    return gray


def _nose(gray: Picture, units: ActionUnits) -> Picture:
    up = 3 * units.nose_wrinkler + 1.5 * units.upper_lip_raiser
    gray = _glow(gray, (127, 136), (7, 26), 30)
    for side, depth in ((-1, -14), (1, -30)):
        gray = _crease(gray, [(128 + side * 11, 116), (128 + side * 15, 150 - up)], 6, depth)
        gray = _glow(gray, (128 + side * 9, 161 - up), (6, 3.5), -85)
        gray = _crease(gray, [(128 + side * 18, 150 - up), (128 + side * 19, 160 - up)], 4, -35)
    return _glow(gray, (128, 168), (16, 4), -18)


def _mouth(gray: Picture, units: ActionUnits, looks: Looks) -> Picture:
    smile, frown = units.lip_corner_puller, units.lip_corner_depressor
    half = 27 + 12 * smile + 9 * units.lip_stretcher - 7 * units.jaw_drop - 2 * units.lip_tightener
    corner = 191 - 12 * smile + 9 * frown + 3 * units.jaw_drop
    gap = 12 * units.lips_part + 24 * units.jaw_drop
    gap = gap if units.lips_part or units.jaw_drop else 0.0
    top = 189 - 0.25 * gap - 6 * units.upper_lip_raiser - 3 * frown + 2 * smile
    bottom = top + gap + 1
    lip = 8 - 5 * units.lip_tightener - 2.5 * smile
    dark = looks.skin * 0.60
    left, right = (128 - half, corner), (128 + half, corner)
    upper: Points = [left, (114, top - lip), (128, top - lip + 2.5), (142, top - lip), right, (142, top), (114, top)]
    lower: Points = [left, (112, bottom), (144, bottom), right, (143, bottom + lip + 2), (113, bottom + lip + 2)]
    inside: Points = [left, (113, top), (143, top), right, (145, bottom), (111, bottom)]
    gray = _fill(gray, upper, dark * 0.9)
    gray = _fill(gray, lower, dark * 1.1)
    if gap > 1:
        gray = _fill(gray, inside, 28)
        gray = _teeth(gray, left, right, top, min(gap, 9 + 4 * smile) * (1 - 0.75 * units.jaw_drop))
    else:
        gray = _stroke(gray, [left, (114, top + 1), (142, top + 1), right], 3, 45)
    for side in (-1, 1):
        gray = _glow(gray, (128 + side * half, corner), (5, 4), -42)
    return _glow(gray, (128, bottom + lip + 9), (20, 4), -26)


def _teeth(gray: Picture, left: tuple[float, float], right: tuple[float, float], top: float, height: float) -> Picture:
    middle = (left[1] + top) / 2
    row: Points = [(left[0] + 8, middle), (115, top + 1), (141, top + 1), (right[0] - 8, middle)]
    row += [(141, top + height), (115, top + height)]
    return _fill(gray, row, 220)


def _hair(gray: Picture, looks: Looks) -> Picture:
    cap = np.zeros_like(gray)
    _ellipse(cap, (128, 84), (92 * looks.face_width, 84), 1.0)
    _ellipse(cap, (128, 116), (76 * looks.face_width, 76), 0.0)
    cap[150:] = 0
    return _blend(gray, np.full_like(gray, looks.hair), _blurred(cap, 2.5))


def _glow(gray: Picture, center: tuple[float, float], radii: tuple[float, float], levels: float) -> Picture:
    down, right = np.ogrid[0:SIZE_PX, 0:SIZE_PX]
    distance = ((right - center[0]) / radii[0]) ** 2 + ((down - center[1]) / radii[1]) ** 2
    return np.asarray(gray + levels * np.exp(-distance), dtype=np.float32)


def _crease(gray: Picture, line: Points, width: int, levels: float) -> Picture:
    if not levels:
        return gray
    mask = np.zeros_like(gray)
    _lines(mask, line, width, 1.0)
    return np.asarray(gray + levels * _blurred(mask, 2.0), dtype=np.float32)


def _stroke(gray: Picture, line: Points, width: int, level: float) -> Picture:
    mask = np.zeros_like(gray)
    _lines(mask, line, width, 1.0)
    return _blend(gray, np.full_like(gray, level), _blurred(mask, 1.2))


def _fill(gray: Picture, outline: Points, level: float) -> Picture:
    mask = np.zeros_like(gray)
    _polygon(mask, outline, 1.0)
    return _blend(gray, np.full_like(gray, level), _blurred(mask, 1.2))


def _blurred(picture: Picture, deviation_px: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation_px), dtype=np.float32)


def _blend(below: Picture, above: Picture, cover: Picture) -> Picture:
    return np.asarray(below * (1 - cover) + above * cover, dtype=np.float32)


def _ellipse(picture: Picture, center: tuple[float, float], radii: tuple[float, float], level: float) -> None:
    cv2.ellipse(picture, (*_fixed([center])[0],), (*_fixed([radii])[0],), 0, 0, 360, level, -1, cv2.LINE_AA, SHIFT)


def _polygon(picture: Picture, outline: Points, level: float) -> None:
    cv2.fillPoly(picture, [_curve(outline, closed=True)], level, cv2.LINE_AA, SHIFT)


def _lines(picture: Picture, line: Points, width: int, level: float) -> None:
    cv2.polylines(picture, [_curve(line, closed=False)], False, level, width, cv2.LINE_AA, SHIFT)


SHIFT = 4
"""Binary digits after the point in OpenCV's drawing coordinates."""


def _fixed(points: Points) -> list[tuple[int, int]]:
    return [(round(x * 2**SHIFT), round(y * 2**SHIFT)) for x, y in points]


def _curve(points: Points, *, closed: bool) -> npt.NDArray[np.int32]:
    """The points with two rounds of corner cutting (G. Chaikin, 1974), ends of open lines kept."""
    line = np.array(points, dtype=np.float64)
    for _ in range(2):
        following = np.roll(line, -1, axis=0) if closed else line[1:]
        before = line if closed else line[:-1]
        cut = np.stack([0.75 * before + 0.25 * following, 0.25 * before + 0.75 * following], axis=1).reshape(-1, 2)
        line = cut if closed else np.vstack([line[:1], cut, line[-1:]])
    return np.array(_fixed([(x, y) for x, y in line]), dtype=np.int32)
