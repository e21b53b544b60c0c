"""The brushes of the drawings: each takes a gray picture, float32 [height, width], and returns a new one.

Places are (x, y) in pixels, brightness is in gray levels. `ellipse` and `polygon` draw into the picture itself: they
make masks.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.float32]
Points = list[tuple[float, float]]

SHIFT = 4
"""Binary digits after the point in OpenCV's drawing coordinates."""


def glow(gray: Picture, center: tuple[float, float], radii: tuple[float, float], levels: float) -> Picture:
    """Lighten a soft spot by this many levels in its middle; negative levels darken it."""
    down, right = np.ogrid[0 : gray.shape[0], 0 : gray.shape[1]]
    distance = ((right - center[0]) / radii[0]) ** 2 + ((down - center[1]) / radii[1]) ** 2
    return np.asarray(gray + levels * np.exp(-distance), dtype=np.float32)


def crease(gray: Picture, line: Points, width: int, levels: float) -> Picture:
    """Lighten a soft line by this many levels; negative levels darken it."""
    if not levels:
        return gray
    mask = np.zeros_like(gray)
    _line(mask, line, width)
    return np.asarray(gray + levels * blurred(mask, 2.0), dtype=np.float32)


def stroke(gray: Picture, line: Points, width: int, level: float) -> Picture:
    """Draw a line of this brightness."""
    mask = np.zeros_like(gray)
    _line(mask, line, width)
    return blend(gray, np.full_like(gray, level), blurred(mask, 1.2))


def fill(gray: Picture, outline: Points, level: float) -> Picture:
    """Fill an outline with this brightness."""
    mask = np.zeros_like(gray)
    polygon(mask, outline, 1.0)
    return blend(gray, np.full_like(gray, level), blurred(mask, 1.2))


def blurred(picture: Picture, deviation_px: float) -> Picture:
    """Blur a picture by a Gaussian of this standard deviation."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation_px), dtype=np.float32)


def blend(below: Picture, above: Picture, cover: Picture) -> Picture:
    """Lay one picture over another; `cover` says where, from 0 to 1."""
    return np.asarray(below * (1 - cover) + above * cover, dtype=np.float32)


def ellipse(picture: Picture, center: tuple[float, float], radii: tuple[float, float], level: float) -> None:
    """Draw a filled ellipse into the picture."""
    cv2.ellipse(picture, (*_fixed([center])[0],), (*_fixed([radii])[0],), 0, 0, 360, level, -1, cv2.LINE_AA, SHIFT)


def polygon(picture: Picture, outline: Points, level: float) -> None:
    """Draw a filled outline with rounded corners into the picture."""
    cv2.fillPoly(picture, [_curve(outline, closed=True)], level, cv2.LINE_AA, SHIFT)


def _line(picture: Picture, line: Points, width: int) -> None:
    cv2.polylines(picture, [_curve(line, closed=False)], False, 1.0, width, cv2.LINE_AA, SHIFT)


def _fixed(points: Points) -> list[tuple[int, int]]:
    return [(round(x * 2**SHIFT), round(y * 2**SHIFT)) for x, y in points]


def _curve(points: Points, *, closed: bool) -> npt.NDArray[np.int32]:
    """Cut the corners twice (G. Chaikin, 1974); the ends of an open line stay."""
    line = np.array(points, dtype=np.float64)
    for _ in range(2):
        following = np.roll(line, -1, axis=0) if closed else line[1:]
        before = line if closed else line[:-1]
        cut = np.stack([0.75 * before + 0.25 * following, 0.25 * before + 0.75 * following], axis=1).reshape(-1, 2)
        line = cut if closed else np.vstack([line[:1], cut, line[-1:]])
    return np.array(_fixed([(x, y) for x, y in line]), dtype=np.int32)
