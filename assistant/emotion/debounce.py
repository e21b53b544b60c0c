"""The state machine that turns the scores of single frames into facts.

This file does no input or output; every time is an argument, in seconds. `TRANSITIONS` has every state and step.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotion.smoothing import ScoreSmoother
from assistant.emotion.transitions import Signal, State, step
from assistant.emotions import Emotion, EmotionScores
from assistant.setting import setting

_WEIGHED = (State.WEIGHING, State.CHALLENGED)
_MISSING = (State.UNDECIDED_MISSING, State.STEADY_MISSING)


@dataclass(frozen=True, slots=True)
class DebounceSettings:
    """When the scores of single frames become a fact."""

    time_constant_s: float = setting(
        0.3,
        "Scores are averaged over about this time; a larger value makes fewer mistakes, but answers later",
        unit="seconds",
        low=0.01,
        high=10,
    )
    appear_s: float = setting(
        0.3,
        "Time for which a face must be seen before it counts; a larger value ignores longer glimpses, "
        "but answers later",
        unit="seconds",
        high=10,
    )
    lost_s: float = setting(
        1.0,
        "A person who was not seen for this time counts as gone; "
        "a larger value ignores longer gaps, but notices later that somebody has left",
        unit="seconds",
        low=0.1,
        high=60,
    )
    hold_s: float = setting(
        0.3,
        "Time for which an emotion must lead before it is a fact; a larger value ignores longer grimaces, "
        "but answers later",
        unit="seconds",
        high=30,
    )
    lead_confidence: float = setting(
        0.85, "Average score from which an emotion leads; a larger value makes fewer mistakes, but answers less often"
    )
    lead_margin: float = setting(
        0.3,
        "A new emotion leads when its average score is higher than that of the present emotion by this much; "
        "a larger value changes the emotion less often",
    )
    fade_s: float = setting(
        0.8,
        "An emotion that was not seen for this time is not a fact any more; a larger value keeps it longer",
        unit="seconds",
        high=30,
    )
    flicker_window_s: float = setting(
        6.0,
        "Each change of emotion within this time makes the next one wait for hold_s longer; "
        "a larger value announces fewer changes back and forth",
        unit="seconds",
        high=60,
    )
    frame_gap_s: float = setting(
        0.25,
        "A gap between two frames that is longer counts as this much time; "
        "with a larger value, fewer frames are enough for a fact",
        unit="seconds",
        low=0.01,
        high=1,
    )


@dataclass(frozen=True, slots=True)
class FaceAppeared:
    """A person is in front, and has been for long enough."""


@dataclass(frozen=True, slots=True)
class FaceLost:
    """The person in front has left."""


@dataclass(frozen=True, slots=True)
class EmotionSettled:
    """The face in front shows this emotion, and has shown it for long enough."""

    emotion: Emotion
    scores: EmotionScores


Change = FaceAppeared | FaceLost | EmotionSettled


class Debouncer:
    """Follows the face in front through the states, frame by frame, and returns what has become a fact."""

    def __init__(self, settings: DebounceSettings = DebounceSettings()) -> None:
        self._settings = settings
        self._smoother = ScoreSmoother(settings.time_constant_s)
        self.state = State.NOBODY
        self.stable: Emotion | None = None
        self._candidate: Emotion | None = None
        self._held_s = 0.0
        self._faded_s = 0.0
        self._now: float | None = None
        self._person: int | None = None
        self._seen_s = 0.0
        self._settled = False
        self._changes_s: list[float] = []

    def update(self, now: float, observation: Observation) -> list[Change]:
        """Take what the frame of this time showed, and return what has become a fact.

        With another person in front, everything begins again. A frame that is not later than the one before is ignored.
        """
        if self._now is not None and now <= self._now:
            return []
        elapsed_s = 0.0 if self._now is None else now - self._now
        self._now = now
        changes = self._time_out(now)
        if observation.track_id is None:
            self._miss()
            return changes
        changes += self._change_to(observation.track_id)
        return changes + self._see(now, min(elapsed_s, self._settings.frame_gap_s), observation.face)

    def _time_out(self, now: float) -> list[Change]:
        """Drop a face that was not seen for `lost_s`, either in the frames or because no frames came."""
        if self.state is State.NOBODY or now - self._seen_s < self._settings.lost_s:
            return []
        was_there = self.state is not State.ARRIVING
        self._miss()
        if was_there:
            self._signal(Signal.GONE)
        self._forget()
        return [FaceLost()] if was_there else []

    def _change_to(self, track_id: int) -> list[Change]:
        """Begin again when another person is in front."""
        another = self.state is not State.NOBODY and track_id != self._person
        self._person = track_id
        if not another:
            return []
        was_there = self.state is not State.ARRIVING
        self._signal(Signal.ANOTHER)
        self._forget()
        return [FaceLost()] if was_there else []

    def _miss(self) -> None:
        if self.state is not State.NOBODY and self.state not in _MISSING:
            self._signal(Signal.NO_FACE)
            self._drop_candidate()
        if self.state is State.NOBODY:
            self._forget()

    def _see(self, now: float, elapsed_s: float, face: ClassifiedFace | None) -> list[Change]:
        self._seen_s = now
        if self.state is State.NOBODY or self.state in _MISSING:
            self._signal(Signal.FACE)
            elapsed_s = 0.0
        average = self._averaged(face, elapsed_s)
        if self.state is State.ARRIVING:
            return self._arrive(elapsed_s)
        return [] if average is None else self._weigh(now, elapsed_s, average)

    def _averaged(self, face: ClassifiedFace | None, elapsed_s: float) -> EmotionScores | None:
        """Add the face's scores to the average and return it; None when the face was not classified."""
        if face is None or face.scores is None:
            return None
        return self._smoother.update(face.scores, elapsed_s, face.weight)

    def _arrive(self, elapsed_s: float) -> list[Change]:
        self._held_s += elapsed_s
        if self._held_s < self._settings.appear_s:
            return []
        self._held_s = 0.0
        self._signal(Signal.CONFIRMED)
        return [FaceAppeared()]

    def _weigh(self, now: float, elapsed_s: float, average: EmotionScores) -> list[Change]:
        leader = self._leader(average)
        if self.state in _WEIGHED and leader is not self._candidate:
            self._signal(Signal.LEAD_LOST)
            self._drop_candidate()
        if leader is None:
            self._fade(elapsed_s, average)
            return []
        if self.state not in _WEIGHED:
            self._signal(Signal.LEAD)
            self._candidate = leader
            return []
        self._held_s += elapsed_s
        return self._settle(now, leader, average) if self._held_s >= self._needed_s(now) else []

    def _fade(self, elapsed_s: float, average: EmotionScores) -> None:
        """Drop an emotion that was not seen for `fade_s`, although no other emotion leads."""
        if self.state is not State.STEADY or self.stable is None:
            return
        gone = average[self.stable] < self._settings.lead_confidence - self._settings.lead_margin
        self._faded_s = self._faded_s + elapsed_s if gone else 0.0
        if self._faded_s >= self._settings.fade_s and gone:
            self._signal(Signal.FADED)
            self.stable = None
            self._faded_s = 0.0

    def _leader(self, average: EmotionScores) -> Emotion | None:
        best = average.best
        rival = 0.0 if self.stable is None else average[self.stable]
        enough = average[best] >= max(self._settings.lead_confidence, rival + self._settings.lead_margin)
        return best if enough and best is not self.stable else None

    def _needed_s(self, now: float) -> float:
        recent = [then for then in self._changes_s if now - then < self._settings.flicker_window_s]
        return self._settings.hold_s * (1 + len(recent))

    def _settle(self, now: float, emotion: Emotion, average: EmotionScores) -> list[Change]:
        self._signal(Signal.HELD)
        if self._settled:
            self._changes_s = [*self._changes_s[-8:], now]
        self.stable = emotion
        self._settled = True
        self._faded_s = 0.0
        self._drop_candidate()
        return [EmotionSettled(emotion, average)]

    def _drop_candidate(self) -> None:
        self._candidate = None
        self._held_s = 0.0

    def _forget(self) -> None:
        self._drop_candidate()
        self._smoother.reset()
        self.stable = None
        self._settled = False
        self._faded_s = 0.0
        self._changes_s = []

    def _signal(self, signal: Signal) -> None:
        self.state = step(self.state, signal)
