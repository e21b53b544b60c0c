"""Draws a person who nods, shakes their head or does neither, before cameras that move in different ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.drawn.face import SIZE_PX, draw_face
from assistant.camera.drivers.drawn.turned import Turn, turned
from assistant.emotions import Emotion
from assistant.face.nods import HeadGesture
from assistant.pictures.reading import Gray

SIZE = (640, 480)
BOX_SHARE = 0.78
"""How wide the finder's box is, as a share of the drawing's width."""

BOUT_S, SETTLES_S = 1.5, 1.5
"""How long a head nods or shakes, after this much time."""

STEP_DEG = 2.0
SHIRT_SEED = 7

Layer = npt.NDArray[Any]

Shift = Callable[[float], tuple[float, float]]
"""By how many face widths something is moved to the right and down, at a time in seconds."""


def still(_: float) -> tuple[float, float]:
    """Return no movement."""
    return 0.0, 0.0


@dataclass(frozen=True, slots=True)
class CameraWork:
    """How the camera moves: all of the picture, and what is near beside what is far."""

    name: str
    turns: Shift = still
    bobs: Shift = still


CAMERAS = (
    CameraWork("still"),
    CameraWork("turning", turns=lambda t_s: (0.2 * np.sin(6.3 * t_s), 0.2 * np.sin(12.6 * t_s + 1))),
    CameraWork("bobbing", bobs=lambda t_s: (0.06 * np.sin(6.3 * t_s), 0.12 * np.sin(12.6 * t_s))),
)


@dataclass(frozen=True, slots=True)
class Act:
    """What the drawn person does at each time: the turn of the head, where it is, and what the face shows."""

    turn: Callable[[float], Turn]
    moves: Shift = still
    shows: Callable[[float], Emotion] = lambda _: Emotion.NEUTRAL


def rounded(yaw_deg: float, pitch_deg: float) -> Turn:
    """Return a turn in steps, so that few different ones are drawn."""
    return Turn(STEP_DEG * round(yaw_deg / STEP_DEG), STEP_DEG * round(pitch_deg / STEP_DEG))


def bout(gesture: HeadGesture, pace_hz: float, angle_deg: float) -> Act:
    """Return a bout: a nod goes down by the angle and up again, a shake goes by half of it to each side."""

    def turn(t_s: float) -> Turn:
        phase = 2 * np.pi * pace_hz * (t_s - SETTLES_S)
        if not 0 <= t_s - SETTLES_S <= max(BOUT_S, 2.5 / pace_hz):
            return Turn()
        if gesture is HeadGesture.NOD:
            return rounded(0.0, -angle_deg * (1 - np.cos(phase)) / 2)
        return rounded(angle_deg * np.sin(phase), 0.0)

    return Act(turn)


def wanders() -> Act:
    """Return a person who looks about, leans and changes the expression, but neither nods nor shakes."""
    looks = (0.0, 0.0, -30.0, 0.0, 30.0, 0.0, -20.0, 20.0)

    def turn(t_s: float) -> Turn:
        begun, share = int(t_s / 1.7), min(1.0, (t_s / 1.7 % 1) / 0.25)
        before, after = looks[(begun - 1) % len(looks)], looks[begun % len(looks)]
        return rounded(before + share * (after - before), 4 * np.sin(0.8 * t_s))

    def moves(t_s: float) -> tuple[float, float]:
        return 0.7 * np.sin(0.5 * t_s) + 0.1 * np.sin(2.1 * t_s), 0.2 * np.sin(0.7 * t_s) + 0.05 * np.sin(2.9 * t_s)

    shown = (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SURPRISE)
    return Act(turn, moves, lambda t_s: shown[int(t_s / 2.3) % len(shown)])


def shirt_of(width_px: int, *, has_pattern: bool) -> tuple[Layer, Layer]:
    """Return the gray levels of a shirt for a face of this width, and where it is; its pattern never repeats itself."""
    side, patch = round(2.4 * width_px), max(2, width_px // 8)
    across, down = np.meshgrid(np.arange(side) - side / 2, np.arange(side) - side / 2)
    patches = np.random.default_rng(SHIRT_SEED).integers(0, 2, (side // patch + 1, side // patch + 1))
    pattern = np.kron(patches, np.ones((patch, patch)))[:side, :side] if has_pattern else np.zeros_like(across)
    return (70 + 60 * pattern).astype(np.float32), across**2 + down**2 < (side / 2) ** 2


class Stage:
    """Draws the person before a photograph."""

    def __init__(self, room: Gray, width_px: int, *, has_pattern: bool, seed: int = 1) -> None:
        self._room = cv2.resize(room, (SIZE[0] + 400, SIZE[1] + 400)).astype(np.float32)
        self._width_px, self._shirt = width_px, shirt_of(width_px, has_pattern=has_pattern)
        self._rng = np.random.default_rng(seed)
        self._heads = {emotion: draw_face(PROTOTYPES[emotion]) for emotion in Emotion}

    def frame(self, act: Act, camera: CameraWork, t_s: float) -> Gray:
        """Return the frame of this time."""
        turns, bobs, moves = (self._width_px * np.array(shift(t_s)) for shift in (camera.turns, camera.bobs, act.moves))
        picture = self._moved(self._room, turns + bobs / 3 - 200)
        middle = np.array([SIZE[0] / 2, SIZE[1] * 0.4]) + turns + bobs + moves
        self._draw_shirt(picture, middle)
        head = turned(self._heads[act.shows(t_s)], act.turn(t_s))
        gray, cover = (self._placed(layer, middle) for layer in head)
        picture += cover * (gray - picture)
        return np.clip(picture + self._rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)

    def _draw_shirt(self, picture: Layer, middle: Layer) -> None:
        """Draw the shirt, of which a part may lie below the frame."""
        shirt, inside = self._shirt
        left, top = round(middle[0] - shirt.shape[1] / 2), round(middle[1] + 0.7 * self._width_px)
        into = picture[max(0, top) :, max(0, left) : left + shirt.shape[1]]
        cut = (slice(max(0, -top), max(0, -top) + into.shape[0]), slice(max(0, -left), max(0, -left) + into.shape[1]))
        into[: shirt[cut].shape[0]][inside[cut]] = shirt[cut][inside[cut]]

    def _placed(self, layer: Layer, middle: Layer) -> Layer:
        scale = self._width_px / BOX_SHARE / SIZE_PX
        matrix = np.array([[scale, 0, middle[0] - scale * SIZE_PX / 2], [0, scale, middle[1] - scale * SIZE_PX / 2]])
        return cv2.warpAffine(layer, matrix, SIZE)

    @staticmethod
    def _moved(picture: Layer, shift: Layer) -> Layer:
        matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
        return cv2.warpAffine(picture, matrix, SIZE, borderMode=cv2.BORDER_REFLECT)


def played(stage: Stage, act: Act, camera: CameraWork, seconds: float, fps: float) -> Iterator[tuple[float, Gray]]:
    """Yield each frame with its time."""
    for number in range(round(seconds * fps)):
        yield number / fps, stage.frame(act, camera, number / fps)
