"""Draws the frames of conversations whose emotions are known, from a seed and the plan in `conversation.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from assistant.emotions import Emotion
from assistant.pictures.reading import Gray

SIZE = (640, 480)


@dataclass(frozen=True, slots=True)
class Segment:
    """An emotion, and from when to when it is shown."""

    emotion: Emotion
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the middle of a face is, how wide the face is, both in pixels, and by how much it leans."""

    x: float
    y: float
    width: float
    roll_deg: float


class Conversation:
    """A planned conversation; the same seed draws the same frames."""

    def __init__(self, plan: Mapping[str, Any], faces: Mapping[Emotion, Gray]) -> None:
        self._plan, self._faces = plan, faces
        self._rng = np.random.default_rng(plan["seed"])
        self.length_s = 60.0 * plan["minutes"]
        self.segments = list(self._segments())
        self._hidden = self._bouts("dropout")
        self._blurred = self._bouts("blur")
        self._passing = self._bouts("bystander")
        self._room = self._drawn_room()

    def _segments(self) -> Iterator[Segment]:
        shares = {Emotion(name): share for name, share in self._plan["shares"].items()}
        now, last = 0.0, None
        while now < self.length_s:
            emotion = list(shares)[self._rng.choice(len(shares), p=list(shares.values()))]
            if emotion is last:
                continue
            end_s = now + self._rng.uniform(*self._plan["segment_s"])
            yield Segment(emotion, now, end_s)
            now, last = end_s, emotion

    def _bouts(self, kind: str) -> list[tuple[float, float]]:
        """Return the beginnings and ends of an event; the pauses between two are exponentially distributed."""
        bouts, now = [], 0.0
        while now < self.length_s:
            begin = now + self._rng.exponential(self._plan[f"{kind}_every_s"])
            now = begin + self._rng.uniform(*self._plan[f"{kind}_s"])
            bouts.append((begin, now))
        return bouts

    def _drawn_room(self) -> npt.NDArray[Any]:
        coarse = self._rng.normal(110, 30, (6, 8))
        room: npt.NDArray[Any] = cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC).astype(np.float64)
        room[60:220, 30:140] += 60
        room[330:345] -= 40
        return room

    def frames(self) -> Iterator[tuple[float, Gray]]:
        """Yield each frame with its time in seconds."""
        shown, number = iter(self._shown()), 0
        face, until_s = next(shown)
        passer = self._any_face()
        while (now := number / self._plan["fps"]) < self.segments[-1].end_s:
            while now >= until_s:
                face, until_s = next(shown)
            frame = self._room.copy()
            if (passing := _within(self._passing, now)) is not None:
                paste(frame, passer, Pose(640 * passing, 150, 70, 0.0), 215.0)
            else:
                passer = self._any_face()
            if _within(self._hidden, now) is None:
                self._paste_face(frame, face, now)
            if _within(self._blurred, now) is not None:
                frame = cv2.blur(frame, (15, 5))
            noisy = frame + self._rng.normal(0, 4, frame.shape)
            yield now, np.clip(noisy, 0, 255).astype(np.uint8)
            number += 1

    def _shown(self) -> Iterator[tuple[Gray, float]]:
        for segment in self.segments:
            pictures = self._faces[segment.emotion]
            for begin in np.arange(segment.start_s, segment.end_s, self._plan["face_s"]):
                end_s = min(segment.end_s, begin + self._plan["face_s"])
                yield pictures[self._rng.integers(len(pictures))], end_s

    def _any_face(self) -> Gray:
        pictures = self._faces[Emotion.NEUTRAL]
        return np.asarray(pictures[self._rng.integers(len(pictures))])

    def _paste_face(self, frame: npt.NDArray[np.float64], face: Gray, now: float) -> None:
        low, high = self._plan["face_px"]
        width = (low + high) / 2 + (high - low) / 2 * np.sin(0.21 * now)
        x, y = 320 + 90 * np.sin(0.7 * now) + 12 * np.sin(3.1 * now), 240 + 35 * np.sin(0.9 * now)
        paste(frame, face, Pose(x, y, width, 8 * np.sin(1.3 * now)), 50.0)


def _within(bouts: Sequence[tuple[float, float]], now: float) -> float | None:
    """Return which share of the present bout has passed, 0 to 1; None between two bouts."""
    for begin, end in bouts:
        if begin <= now < end:
            return (now - begin) / (end - begin)
    return None


def paste(frame: npt.NDArray[np.float64], face: Gray, pose: Pose, clothes: float) -> None:
    """Draw a person into the frame: shoulders of the gray level `clothes`, and a face whose rim fades into the room."""
    middle = (face.shape[1] - 1) / 2
    turn = cv2.getRotationMatrix2D((middle, middle), -pose.roll_deg, pose.width / face.shape[1])
    turn[:, 2] += (pose.x - middle, pose.y - middle)
    shoulders = (round(pose.x), round(pose.y + 1.6 * pose.width))
    cv2.ellipse(frame, shoulders, (round(pose.width), round(1.1 * pose.width)), 0, 0, 360, clothes, -1)
    ramp = np.clip(np.minimum(np.arange(face.shape[1]), np.arange(face.shape[1])[::-1]) / 4.0, 0, 1)
    mask = cv2.warpAffine(np.outer(ramp, ramp), turn, SIZE, flags=cv2.INTER_LINEAR)
    there = cv2.warpAffine(face.astype(np.float64), turn, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    frame += mask * (there - frame)
