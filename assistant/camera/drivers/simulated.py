"""A simulated camera: it draws people who move, by a script of emotions and seconds.

Its frames go through the real detector and the real model, which learn nothing else from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle

from assistant.camera.drivers.drawn.painter import MIDDLE, Painter, Place
from assistant.camera.drivers.drawn.turned import AHEAD, Turn
from assistant.camera.settings import CameraSettings
from assistant.emotions import Emotion
from assistant.errors import CameraError, ConfigError
from assistant.frame import Frame

DEFAULT_SCRIPT = "empty 1.5, neutral 2.5, happy 4, neutral 2.5, surprise+other 4, empty 2.5, happy 4, empty 1.5"

SIMULATED_FPS = 15.0

EMPTY, STALL, UNPLUGGED = "empty", "stall", "unplugged"
WORDS = (*(str(emotion) for emotion in Emotion), EMPTY, STALL, UNPLUGGED)

OTHER = "other"
TURNS: Mapping[str, Turn] = {
    "left": Turn(yaw_deg=-40),
    "right": Turn(yaw_deg=40),
    "up": Turn(pitch_deg=25),
    "down": Turn(pitch_deg=-25),
}
"""How the head in front is turned by the marks behind a word, such as `happy+left`; left is that of the picture."""

PLACES: Mapping[str, Place] = {
    "leftmost": Place(right=-0.27),
    "rightmost": Place(right=0.27),
    "topmost": Place(down=-0.2),
    "lowest": Place(down=0.2),
}
"""Where the head in front is, by the marks behind a word, such as `happy+leftmost`; without one it is in the middle."""

MOTIONS: Mapping[str, Turn] = {"nod": Turn(pitch_deg=-14), "shake": Turn(yaw_deg=14)}
"""How far the head in front goes from where it is, by the marks of a nod and a shake."""

BOUT_EVERY_S, BOUT_S, SWAY_HZ, SWAY_STEP_DEG = 4.0, 1.5, 2.0, 2.0
"""Nods and shakes come in bouts: how often, how long each is, how many nods a second, and the steps of the turn."""

MARKS = (OTHER, *TURNS, *PLACES, *MOTIONS)

AGAIN = "again"
"""With this word at its end, a script begins anew whenever it is over."""

SHORTEST_S, LONGEST_S = 0.001, 86400
"""A scene lasts at least and at most this long."""

ROUNDING_S = 1e-9
"""The times of frames are sums of fractions: a scene is over this much early."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One entry of a script: what is shown, for how long, with whom, and how and where the first person is."""

    word: str
    seconds: float
    other: bool = False
    turn: Turn = AHEAD
    place: Place = MIDDLE
    motion: Turn = AHEAD

    def sway(self, since_s: float) -> Turn:
        """Return how the head nods or shakes at this time after the beginning of the scene; it begins after 0.5 s."""
        bout_s = (since_s - 0.5) % BOUT_EVERY_S
        if since_s < 0.5 or bout_s > BOUT_S:
            return AHEAD
        phase = 2 * math.pi * SWAY_HZ * bout_s
        return Turn(
            SWAY_STEP_DEG * round(self.motion.yaw_deg * math.sin(phase) / SWAY_STEP_DEG),
            SWAY_STEP_DEG * round(self.motion.pitch_deg * (1 - math.cos(phase)) / 2 / SWAY_STEP_DEG),
        )

    @property
    def emotion(self) -> Emotion | None:
        """The emotion of the face in front; None where nobody is in front."""
        return Emotion(self.word) if self.word in set(Emotion) else None


def endless(script: str) -> str:
    """Return the script with `again` at its end."""
    return script if _entries(script)[-1] == AGAIN else f"{script}, {AGAIN}"


def parse_script(script: str) -> Iterator[Scene]:
    """Read `WORD SECONDS, ...`, without end where `again` is last; ConfigError names the entry that is wrong."""
    *first, last = _entries(script)
    if first and last == AGAIN:
        return cycle([_scene(entry) for entry in first])
    return iter([_scene(entry) for entry in (*first, last)])


def _entries(script: str) -> list[str]:
    return [entry.strip() for entry in script.split(",")]


@lru_cache(maxsize=1000)  # a script of days has few different entries
def _scene(entry: str) -> Scene:
    word, _, seconds = entry.partition(" ")
    name, *marks = word.split("+")
    try:
        length_s = float(seconds)
    except ValueError:
        length_s = 0.0
    turns = [TURNS[mark] for mark in marks if mark in TURNS]
    places = [PLACES[mark] for mark in marks if mark in PLACES]
    motions = [MOTIONS[mark] for mark in marks if mark in MOTIONS]
    is_single = max(len(turns), len(places), len(motions), marks.count(OTHER)) <= 1
    is_known = name in WORDS and set(marks) <= set(MARKS) and is_single
    if not is_known or not SHORTEST_S <= length_s <= LONGEST_S:
        allowed = (
            f"WORD SECONDS, where WORD is {', '.join(WORDS)}, or one of them with +{OTHER}, and with one of "
            f"+{', +'.join(TURNS)}, of +{', +'.join(PLACES)} and of +{', +'.join(MOTIONS)}; {AGAIN} at the end"
        )
        raise ConfigError(f"simulated camera: {entry!r} is not allowed; allowed is {allowed}")
    return Scene(
        name,
        length_s,
        OTHER in marks,
        turns[0] if turns else AHEAD,
        places[0] if places else MIDDLE,
        motions[0] if motions else AHEAD,
    )


def build_source(argument: str, _settings: CameraSettings, fps: float | None) -> SimulatedSource:
    """Return the source of `--camera simulated` with this script, or with the default one."""
    return SimulatedSource(argument or DEFAULT_SCRIPT, fps=fps or SIMULATED_FPS)


class SimulatedSource:
    """Plays a script. `stall` gives no frames for its time; `unplugged` does so too, after a CameraError."""

    def __init__(
        self,
        script: str = DEFAULT_SCRIPT,
        width_px: int = 640,
        height_px: int = 480,
        fps: float = SIMULATED_FPS,
        seed: int = 1,
    ) -> None:
        """Read the script, or raise ConfigError; the same `seed` gives the same frames."""
        self._scenes = parse_script(script)
        self._painter = Painter(width_px, height_px, seed)
        self._fps = fps
        self._t_s = 0.0
        self._scene_end_s = 0.0
        self._scene: Scene | None = None
        self._waited_s: float | None = None

    def open(self) -> None:
        """Do nothing; a source that is opened again goes on where it was."""

    def wait(self) -> float | None:
        """Return the next frame's time, None at the end of the script; CameraError where it is unplugged."""
        self._waited_s = None
        while self._scene is None or self._t_s >= self._scene_end_s - ROUNDING_S:
            scene = next(self._scenes, None)
            if scene is None:
                return None
            self._begin(scene)
        self._waited_s = self._t_s
        self._t_s += 1 / self._fps
        return self._waited_s

    def grab(self) -> Frame | None:
        """Draw the frame that was waited for, or the next one; None at the end of the script."""
        t_s = self.wait() if self._waited_s is None else self._waited_s
        self._waited_s = None
        if t_s is None or self._scene is None:
            return None
        scene = self._scene
        sway = scene.sway(t_s - (self._scene_end_s - scene.seconds))
        picture = self._painter.paint(
            scene.emotion, t_s, other=scene.other, turn=scene.turn, place=scene.place, sway=sway
        )
        return Frame(picture, t_s)

    def set_rate(self, fps: float) -> None:
        """Do nothing: the script's times stay as they are, and a frame that nobody grabs is not drawn."""

    def close(self) -> None:
        """Do nothing."""

    def _begin(self, scene: Scene) -> None:
        self._scene = scene
        self._scene_end_s += scene.seconds
        if scene.word in (STALL, UNPLUGGED):
            self._t_s = self._scene_end_s
        if scene.word == UNPLUGGED:
            raise CameraError("the simulated camera was unplugged")
