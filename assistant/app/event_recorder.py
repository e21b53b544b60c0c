"""What has happened, as events and in figures: faces, emotions, and how many pictures a second were seen."""

from __future__ import annotations

from assistant.emotion.debounce import Change, EmotionSettled, FaceAppeared, FaceLost
from assistant.emotion.observation import ClassifiedFace
from assistant.speech.voice import VoiceController

RATE_OVER_S = 5.0


class EventRecorder:
    """Counts frames, and writes what has become a fact."""

    def __init__(self, speech: VoiceController) -> None:
        self._speech = speech
        self._face: dict[str, object] = {"box": None, "pose": None}
        self._frames = 0
        self._first_s = self._last_s = 0.0
        self._recent_s: tuple[float, ...] = ()

    def frame(self, face: ClassifiedFace | None, now: float) -> None:
        """A frame was looked at, with this face in front."""
        self._first_s = now if self._frames == 0 else self._first_s
        self._frames, self._last_s = self._frames + 1, now
        self._recent_s = (*(t_s for t_s in self._recent_s if now - t_s < RATE_OVER_S), now)
        if face is not None:
            self._face = {"box": face.box.as_list(), "pose": face.pose_fields()}

    def change(self, change: Change, now: float) -> None:
        """Something has become a fact."""
        match change:
            case FaceAppeared():
                self._speech.events.write(now, "face", face="appeared", **self._face)
            case FaceLost():
                self._speech.events.write(now, "face", face="lost", **self._face)
            case EmotionSettled(emotion, scores):
                confidence = round(scores[emotion], 4)
                fields = {"emotion": str(emotion), "confidence": confidence, "scores": scores.by_label()}
                self._speech.events.write(now, "emotion", **fields)

    def pictures_a_second(self, now: float) -> float:
        """Over the last seconds, or since the first frame."""
        over_s = min(RATE_OVER_S, now - self._first_s)
        seen = sum(now - t_s < RATE_OVER_S for t_s in self._recent_s)
        return round(seen / over_s, 1) if over_s > 0 and self._frames else 0.0

    def end(self, now: float, dropped: int) -> None:
        """Nothing more is looked at."""
        between_s = self._last_s - self._first_s
        fps = round((self._frames - 1) / between_s, 1) if between_s > 0 else 0.0
        self._speech.events.write(now, "end", frames=self._frames, fps=fps, dropped=dropped)
