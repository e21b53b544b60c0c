"""Publishes what has become a fact, and counts frames: faces, emotions, and how many frames a second were scanned."""

from __future__ import annotations

from collections import deque

from assistant.app.events import EventHub
from assistant.emotion.debouncing.debounce import Change, EmotionSettled, FaceAppeared, FaceLost
from assistant.emotion.movement_watch import MovementChange
from assistant.emotion.observation import ClassifiedFace
from assistant.face.attention import Attention
from assistant.face.nods import HeadGesture

RATE_OVER_S = 5.0
"""The frame rate is the average over this many seconds."""


class EventReporter:
    """Counts frames and publishes facts."""

    def __init__(self, events: EventHub) -> None:
        self._events = events
        self._face: ClassifiedFace | None = None
        self._frames = 0
        self._first_s = self._last_s = 0.0
        self._recent_s: deque[float] = deque()

    def count_frame(self, face: ClassifiedFace | None, now: float) -> None:
        """Count a frame and remember its primary face for the next event."""
        self._first_s = now if self._frames == 0 else self._first_s
        self._frames, self._last_s = self._frames + 1, now
        self._recent_s.append(now)
        while now - self._recent_s[0] >= RATE_OVER_S:
            self._recent_s.popleft()
        self._face = face or self._face

    def publish_change(self, change: Change, now: float) -> None:
        """Publish a fact that the debouncer has found."""
        match change:
            case FaceAppeared():
                self._events.write(now, "face", face="appeared", **self._place())
            case FaceLost():
                self._events.write(now, "face", face="lost", **self._place())
            case EmotionSettled(emotion, is_sure, scores):
                confidence = round(scores[emotion], 4)
                fields = {"emotion": str(emotion), "confidence": confidence, "scores": scores.by_label()}
                self._events.write(now, "emotion", sure=is_sure, **fields)

    def publish_attention(self, attention: Attention, now: float) -> None:
        """Publish where the person in front looks, with the pose of the last frame."""
        self._events.write(now, "attention", attention=str(attention), pose=self._place()["pose"])

    def _place(self) -> dict[str, object]:
        """Return the box and the pose of the last face in front."""
        face = self._face
        return {"box": face and face.box.as_list(), "pose": face and face.pose_fields()}

    def publish_head(self, gesture: HeadGesture, now: float) -> None:
        """Publish that the person in front nods, or shakes their head."""
        self._events.write(now, "head", head=str(gesture))

    def publish_movement(self, change: MovementChange, now: float) -> None:
        """Publish that a movement of the face in front has begun or ended."""
        self._events.write(now, "movement", movement=str(change.movement), begun=change.has_begun)

    def fps(self, now: float) -> float:
        """Return the frames a second over the last seconds, or since the first frame."""
        over_s = min(RATE_OVER_S, now - self._first_s)
        seen = sum(now - t_s < RATE_OVER_S for t_s in self._recent_s)
        return round(seen / over_s, 1) if over_s > 0 and self._frames else 0.0

    def publish_end(self, now: float, dropped: int) -> None:
        """Publish the end of the run with its number of frames; `dropped` frames were never scanned."""
        between_s = self._last_s - self._first_s
        average_fps = round((self._frames - 1) / between_s, 1) if between_s > 0 else 0.0
        self._events.write(now, "end", frames=self._frames, fps=average_fps, dropped=dropped)
