"""A simulated camera: drawn people who move, in noise, by a timeline of emotions and seconds.

It knows nothing of the pipeline and tells it nothing: its pictures go through the real detector and the real model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle

import cv2
import numpy as np
import numpy.typing as npt

from assistant.camera.drivers.drawn_face import PROTOTYPES, SIZE_PX, Looks, Picture, draw_face
from assistant.emotions import Emotion
from assistant.errors import CameraError, ConfigError
from assistant.frame import Frame

DEFAULT_SCRIPT = "empty 1.5, neutral 2.5, happy 4, neutral 2.5, surprise+other 4, empty 2.5, happy 4, empty 1.5"
EMPTY, STALL, UNPLUGGED, OTHER = "empty", "stall", "unplugged", "+other"
AGAIN = "again"
"""At the end of a script: it begins anew."""
SHORTEST_S, LONGEST_S = 0.001, 86400
"""Of a scene."""
WORDS = (*(str(emotion) for emotion in Emotion), EMPTY, STALL, UNPLUGGED)
NOISE_DEVIATION = 4.0
"""Gray levels of sensor noise, about what a small camera shows indoors."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of the timeline."""

    word: str
    seconds: float
    other: bool = False


def endless(script: str) -> str:
    """The script, beginning anew whenever it is over."""
    return script if _entries(script)[-1] == AGAIN else f"{script}, {AGAIN}"


def parse_script(script: str) -> Iterator[Scene]:
    """Read `WORD SECONDS, ...`, without end after `again`; ConfigError names the entry that is wrong."""
    *first, last = _entries(script)
    if first and last == AGAIN:
        return cycle([_scene(entry) for entry in first])
    return iter([_scene(entry) for entry in (*first, last)])


def _entries(script: str) -> list[str]:
    return [entry.strip() for entry in script.split(",")]


@lru_cache(maxsize=1000)  # the timeline of days repeats itself
def _scene(entry: str) -> Scene:
    word, _, seconds = entry.partition(" ")
    name = word.removesuffix(OTHER)
    try:
        length_s = float(seconds)
    except ValueError:
        length_s = 0.0
    if name not in WORDS or not SHORTEST_S <= length_s <= LONGEST_S:
        allowed = f"WORD SECONDS, where WORD is {', '.join(WORDS)}, or one of them with {OTHER}; {AGAIN} at the end"
        raise ConfigError(f"simulated camera: {entry!r} is not allowed; allowed is {allowed}")
    return Scene(name, length_s, word.endswith(OTHER))


class SimulatedSource:
    """Plays the timeline; `stall` gives no pictures for a while, `unplugged` breaks the camera first."""

    def __init__(
        self,
        script: str = DEFAULT_SCRIPT,
        width_px: int = 640,
        height_px: int = 480,
        fps: float = 15.0,
        seed: int = 1,
    ) -> None:
        self._scenes = parse_script(script)
        self._painter = _Painter(width_px, height_px, seed)
        self._fps = fps
        self._t_s = 0.0
        self._scene_end_s = 0.0
        self._scene: Scene | None = None
        self._waited_s: float | None = None

    def open(self) -> None:
        """Nothing to do; opened again it goes on where it was."""

    def wait(self) -> float | None:
        """The next frame's time, None at the end of the timeline; CameraError where it is unplugged."""
        self._waited_s = None
        while self._scene is None or self._t_s >= self._scene_end_s - 1e-9:
            scene = next(self._scenes, None)
            if scene is None:
                return None
            self._begin(scene)
        self._waited_s = self._t_s
        self._t_s += 1 / self._fps
        return self._waited_s

    def grab(self) -> Frame | None:
        """Draw the frame that was waited for, or the next one; None at the end of the timeline."""
        t_s = self.wait() if self._waited_s is None else self._waited_s
        self._waited_s = None
        if t_s is None or self._scene is None:
            return None
        return Frame(self._painter.paint(self._scene, t_s), t_s)

    def set_rate(self, fps: float) -> None:
        """Nothing: it has its own speed, and frames that nobody wants are not drawn."""

    def close(self) -> None:
        """Nothing to do."""

    def _begin(self, scene: Scene) -> None:
        self._scene = scene
        self._scene_end_s += scene.seconds
        if scene.word in (STALL, UNPLUGGED):
            self._t_s = self._scene_end_s
        if scene.word == UNPLUGGED:
            raise CameraError("the simulated camera was unplugged")


class _Painter:
    """Puts heads into a room; each emotion is drawn once."""

    def __init__(self, width_px: int, height_px: int, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._size = (width_px, height_px)
        self._room = _room(width_px, height_px, self._rng)
        noise = self._rng.standard_normal((2 * height_px, 2 * width_px), dtype=np.float32)
        self._noise = np.round(NOISE_DEVIATION * noise).astype(np.int16)
        self._heads: dict[tuple[str, Looks], tuple[Picture, Picture]] = {}
        self._shown = EMPTY
        self._before = EMPTY
        self._since_s = -1.0

    def paint(self, scene: Scene, t_s: float) -> npt.NDArray[np.uint8]:
        if scene.word != self._shown:
            self._before, self._shown, self._since_s = self._shown, scene.word, t_s
        picture = self._room.copy()
        if scene.other:
            self._place(picture, self._head(str(Emotion.NEUTRAL), OTHERS_LOOKS), _other_at(t_s), self._size)
        if scene.word != EMPTY:
            self._place(picture, self._face(t_s), _wearer_sees(t_s), self._size)
        return self._noisy(picture)

    def _face(self, t_s: float) -> tuple[Picture, Picture]:
        """The head; a new expression takes a fifth of a second to come."""
        share = min(1.0, (t_s - self._since_s) / 0.2)
        gray, cover = self._head(self._shown, Looks())
        if share >= 1.0 or self._before == EMPTY:
            return gray, cover
        before, _ = self._head(self._before, Looks())
        return before + np.float32(share) * (gray - before), cover

    def _head(self, emotion: str, looks: Looks) -> tuple[Picture, Picture]:
        if (emotion, looks) not in self._heads:
            self._heads[emotion, looks] = draw_face(PROTOTYPES[Emotion(emotion)], looks)
        return self._heads[emotion, looks]

    def _place(self, picture: Picture, head: tuple[Picture, Picture], pose: _Pose, size: tuple[int, int]) -> None:
        across, down, scale = pose.right * size[0], pose.down * size[1], pose.scale * size[1] / SIZE_PX
        left, top, side = int(across - scale * SIZE_PX), int(down - scale * SIZE_PX), int(2 * scale * SIZE_PX)
        matrix = np.array(cv2.getRotationMatrix2D((SIZE_PX / 2, SIZE_PX / 2), pose.turn_deg, scale), dtype=np.float64)
        matrix[:, 2] += np.array([across - left, down - top]) - SIZE_PX / 2
        gray, cover = (_warped(layer, matrix, side) for layer in head)
        inside = (slice(max(0, top), top + side), slice(max(0, left), left + side))
        here = picture[inside]
        cut = (slice(max(0, -top), max(0, -top) + here.shape[0]), slice(max(0, -left), max(0, -left) + here.shape[1]))
        here += cover[cut] * (gray[cut] - here)

    def _noisy(self, picture: Picture) -> npt.NDArray[np.uint8]:
        width, height = self._size
        right, down = int(self._rng.integers(0, width)), int(self._rng.integers(0, height))
        noise = self._noise[down : down + height, right : right + width]
        return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), dtype=np.uint8)


def _warped(layer: Picture, matrix: npt.NDArray[np.float64], side: int) -> Picture:
    return np.asarray(cv2.warpAffine(layer, matrix, (side, side)), dtype=np.float32)


OTHERS_LOOKS = Looks(skin=180.0, hair=100.0, face_width=0.92)


@dataclass(frozen=True, slots=True)
class _Pose:
    """Where a head is: its middle and its size as shares of the picture's width and height."""

    right: float
    down: float
    scale: float
    turn_deg: float


def _wearer_sees(t_s: float) -> _Pose:
    return _Pose(
        0.47 + 0.05 * math.sin(0.9 * t_s),
        0.52 + 0.03 * math.sin(1.3 * t_s + 1),
        0.48 + 0.05 * math.sin(0.5 * t_s),
        4.0 * math.sin(0.7 * t_s),
    )


def _other_at(t_s: float) -> _Pose:
    return _Pose(0.85 + 0.04 * math.sin(0.6 * t_s), 0.45, 0.28, 3.0 * math.sin(1.1 * t_s))


def _room(width_px: int, height_px: int, rng: np.random.Generator) -> Picture:
    """A wall with soft shadows, a window and a shelf, as float32 [height, width]."""
    blotches = cv2.resize(
        rng.normal(0, 14, (6, 8)).astype(np.float32), (width_px, height_px), interpolation=cv2.INTER_CUBIC
    )
    room = np.asarray(118.0 + blotches, dtype=np.float32)
    room[int(0.08 * height_px) : int(0.55 * height_px), int(0.04 * width_px) : int(0.22 * width_px)] += 70
    room[int(0.70 * height_px) : int(0.74 * height_px)] -= 40
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 3.0), dtype=np.float32)
