"""Where and how to look for faces: one quick look first, others in turn, near the last place while a face is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.geometry import BoundingBox
from assistant.setting import setting


class Pattern(StrEnum):
    """What is looked for."""

    FRONT = "front"
    FRONT_OTHER = "front, another cascade"
    """Trained otherwise: it finds some faces that the first misses."""
    LEFT_SIDE = "left side"
    RIGHT_SIDE = "right side"


SIDES = (Pattern.LEFT_SIDE, Pattern.RIGHT_SIDE)


@dataclass(frozen=True, slots=True)
class Look:
    """One search of a frame."""

    width_px: int
    """The frame, or its part, is shrunk as a frame would be to this width; never enlarged."""
    pattern: Pattern = Pattern.FRONT
    min_face_px: int = 0
    """In frame pixels, as all that follows."""
    max_face_px: int | None = None
    roll_deg: float = 0.0
    """Heads that lean by about this much are upright to it, clockwise in the picture."""
    border: float = 0.0
    """Padding on each side, of the searched part's longer one: for faces that fill the picture."""
    area: BoundingBox | None = None
    """The part to look at; None for all of it."""
    scale_factor: float = 1.2
    """From one size of face that is tried to the next."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face that was found: its box, upright about its middle, and how far the head leans, clockwise."""

    box: BoundingBox
    roll_deg: float = 0.0
    pattern: Pattern = Pattern.FRONT

    @property
    def from_side(self) -> bool:
        """Whether it was found by its profile."""
        return self.pattern in SIDES


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Where faces are looked for."""

    search_width_px: int = setting(
        320, "Pictures are searched for faces at this width", unit="pixels", low=160, high=1920
    )
    full_scan_s: float = setting(
        2.0, "A face being known, the whole picture is searched this often", unit="seconds", low=0.1, high=60
    )
    several_scan_s: float = setting(0.7, "So often while several people are seen", unit="seconds", low=0.1, high=60)
    idle_scan_s: float = setting(
        0.1, "No face being found, the whole picture is searched at most this often", unit="seconds", high=10
    )
    margin: float = setting(
        0.25, "How far around its last place a face is looked for", unit="widths of it", low=0.1, high=2
    )
    smallest: float = setting(0.85, "How much narrower than last time it may be", unit="times", low=0.3)
    largest: float = setting(1.18, "How much wider", unit="times", low=1, high=3)
    thorough: bool = setting(
        True, "Whether far, close, tilted and turned faces are looked for in turn while the first look finds none"
    )


TICK_S = 1e-3
"""A recording's times are sums of fractions: less than this early is in time."""

NEAR_SCALE_FACTOR = 1.1
"""Around a known face, where the sizes to try are few."""

NEAR_SMALLEST_PX, NEAR_LARGEST_PX = 30, 56
"""Widths at which a known face is searched for: smaller ones the cascade misses, larger ones take longer."""

FIRST_SMALLEST = 0.09
"""Of the frame's width, for the first look: smaller ones would take as long as all others together."""

SMALLEST_FACE_PX = 34
"""Of a frame 640 pixels wide: a face at 2.4 metres from a camera that sees 66 degrees."""

TILT_DEG = 20.0
"""Between two looks; the cascade itself bears about fifteen degrees either way."""


def first_look(settings: SearchSettings, frame_width: int) -> Look:
    """The quick look at a whole frame."""
    return Look(settings.search_width_px, min_face_px=round(frame_width * FIRST_SMALLEST))


def further_looks(settings: SearchSettings, frame_width: int) -> Sequence[Look]:
    """The others, in the order of how many faces each adds: close, far, tilted, by another cascade, turned away."""
    width = settings.search_width_px
    close = Look(width // 2, border=0.25, min_face_px=frame_width // 5)
    far = Look(
        2 * width,
        min_face_px=round(frame_width * SMALLEST_FACE_PX / 640),
        max_face_px=round(frame_width * FIRST_SMALLEST * 1.1),
    )
    medium = Look(width * 3 // 4, border=0.1, min_face_px=frame_width // 8)
    return (
        close,
        far,
        replace(medium, roll_deg=TILT_DEG),
        replace(medium, roll_deg=-TILT_DEG),
        replace(medium, pattern=Pattern.FRONT_OTHER),
        replace(medium, pattern=Pattern.LEFT_SIDE),
        replace(medium, pattern=Pattern.RIGHT_SIDE),
    )


def looks_near(settings: SearchSettings, face: FoundFace, frame_width: int) -> Sequence[Look]:
    """Around where a face was: as it was then; then leaning more or less, or turned to either side."""
    wide = face.box.width
    shrunk = wide * settings.search_width_px / frame_width
    searched = min(max(shrunk, NEAR_SMALLEST_PX), NEAR_LARGEST_PX)
    near = Look(
        min(frame_width, round(frame_width * searched / wide)),
        area=face.box.grown(settings.margin),
        min_face_px=round(wide * settings.smallest),
        max_face_px=math.ceil(wide * settings.largest),
        roll_deg=face.roll_deg,
        border=0.25 if wide > frame_width / 2 else 0.0,
        scale_factor=NEAR_SCALE_FACTOR,
    )
    leaning = [replace(near, roll_deg=roll) for roll in (0.0, TILT_DEG, -TILT_DEG) if roll != face.roll_deg]
    aside = [replace(near, roll_deg=0.0, pattern=side) for side in SIDES]
    if face.from_side:
        return (replace(near, pattern=face.pattern), near, *leaning)
    return (near, *leaning, *aside)


class SearchPlan:
    """Which looks to take at a frame, so that no frame takes many; time is an argument, in seconds."""

    def __init__(self, settings: SearchSettings) -> None:
        self._settings = settings
        self._scanned_s = float("-inf")
        self._turn = 0

    def is_due(self, now: float, people: int) -> bool:
        """Whether the whole frame is to be searched although a face is known, or though none was a moment ago."""
        chosen = self._settings
        every = (chosen.idle_scan_s, chosen.full_scan_s)[people] if people < 2 else chosen.several_scan_s
        return now - self._scanned_s >= every - TICK_S

    def near(self, face: FoundFace, frame_width: int) -> Sequence[Look]:
        """One look as the face was, and one of the others, another in each frame."""
        first, *others = looks_near(self._settings, face, frame_width)
        self._turn += 1
        return (first, others[self._turn % len(others)])

    def everywhere(self, now: float, frame_width: int) -> Sequence[Look]:
        """The quick look at all of the frame, and one of the further ones for when it finds none."""
        self._scanned_s = now
        first = first_look(self._settings, frame_width)
        if not self._settings.thorough:
            return (first,)
        further = further_looks(self._settings, frame_width)
        self._turn += 1
        return (first, further[self._turn % len(further)])
