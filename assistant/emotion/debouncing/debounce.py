"""The state machine that turns the scores of single frames into facts.

This file does no input or output; every time is an argument, in seconds. `TRANSITIONS` has every state and step.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.emotion.bounds import Bounds
from assistant.emotion.debouncing.accumulator import EvidenceAccumulator
from assistant.emotion.debouncing.settings import DebounceSettings
from assistant.emotion.debouncing.transitions import Signal, State, step
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotions import EMOTIONS, Emotion, EmotionScores

_WEIGHED = (State.WEIGHING, State.CHALLENGED)
_MISSING = (State.UNDECIDED_MISSING, State.STEADY_MISSING)

FLICKER_STEP = 1.0
"""Each recent change of emotion raises the evidence that the next one needs by this share."""

UNSEEN_S = 1.0
"""Evidence stays as it is while the face was not classified for this time; then it ages."""

LEANING = 0.5
"""An answer names an emotion, with a "maybe", from this share of the evidence for a "maybe" unasked."""


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
    is_sure: bool
    """Whether the evidence is enough to say it plainly."""
    scores: EmotionScores
    """The scores of the frame with which it settled."""


@dataclass(frozen=True, slots=True)
class Impression:
    """What the face in front seems to show, for an answer."""

    emotion: Emotion
    is_sure: bool
    is_guess: bool = False
    """Whether the emotion has not settled yet."""


Change = FaceAppeared | FaceLost | EmotionSettled


class Debouncer:
    """Follows the face in front through the states, frame by frame, and returns what has become a fact."""

    def __init__(self, settings: DebounceSettings = DebounceSettings(), bounds: Bounds = Bounds()) -> None:
        """`bounds` are the evidence that each emotion needs, from the card of the model that gives the scores."""
        self._settings = settings
        self._bounds = bounds
        self._accumulator = EvidenceAccumulator(settings.look_s, settings.memory_s)
        self.state = State.NOBODY
        self.stable: Emotion | None = None
        self._is_sure = False
        self._candidate: Emotion | None = None
        self._held_s = 0.0
        self._faded_s = 0.0
        self._unseen_s = 0.0
        self._now: float | None = None
        self._person: int | None = None
        self._seen_s = 0.0
        self._settled = False
        self._changes_s: list[float] = []
        self._needed = settings.caution
        """How many times the evidence of a bound is needed; more after recent changes of emotion."""

    @property
    def impression(self) -> Impression | None:
        """What the face in front seems to show: the settled emotion, or else the one with enough evidence to guess."""
        if self.stable is not None:
            return Impression(self.stable, self._is_sure)
        guess = max(EMOTIONS, key=self._evidence)
        needed = self._bounds.maybe_from(guess)
        enough = needed is not None and self._evidence(guess) >= LEANING * self._settings.caution * needed > 0
        return Impression(guess, is_sure=False, is_guess=True) if enough else None

    def update(self, now: float, observation: Observation) -> list[Change]:
        """Take what the frame of this time showed, and return what has become a fact.

        With another person in front, everything begins again. A frame that is not later than the one before is ignored.
        """
        if self._now is not None and now <= self._now:
            return []
        elapsed_s = 0.0 if self._now is None else now - self._now
        self._now = now
        changes = self._time_out(now)
        self._age(elapsed_s, observation.face)
        if observation.track_id is None:
            self._miss()
            return changes
        changes += self._change_to(observation.track_id)
        return changes + self._see(now, min(elapsed_s, self._settings.frame_gap_s), observation.face)

    def _age(self, elapsed_s: float, face: ClassifiedFace | None) -> None:
        """Let the evidence age while the face was not classified for some time."""
        classified = face is not None and face.scores is not None
        self._unseen_s = 0.0 if classified else self._unseen_s + elapsed_s
        if self._unseen_s > UNSEEN_S:
            self._accumulator.forget(elapsed_s)

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
        recent = sum(now - then < self._settings.flicker_window_s for then in self._changes_s)
        self._needed = self._settings.caution * (1.0 + FLICKER_STEP * recent)
        if self.state is State.NOBODY or self.state in _MISSING:
            self._signal(Signal.FACE)
            elapsed_s = 0.0
        scores = None if face is None else face.scores
        if face is not None and scores is not None:
            ceilings = [self._ceiling(emotion) for emotion in EMOTIONS]
            self._accumulator.add(scores, elapsed_s, face.weight, ceilings)
        if self.state is State.ARRIVING:
            return self._arrive(elapsed_s)
        return [] if scores is None else self._weigh(now, elapsed_s, scores)

    def _arrive(self, elapsed_s: float) -> list[Change]:
        self._held_s += elapsed_s
        if self._held_s < self._settings.appear_s:
            return []
        self._held_s = 0.0
        self._signal(Signal.CONFIRMED)
        return [FaceAppeared()]

    def _weigh(self, now: float, elapsed_s: float, scores: EmotionScores) -> list[Change]:
        if self.stable is not None:
            self._is_sure |= self._is_enough(self.stable)
        leader = self._leader()
        if self.state in _WEIGHED and leader is not self._candidate:
            self._signal(Signal.LEAD_LOST)
            self._drop_candidate()
        if leader is None:
            self._fade(elapsed_s)
            return []
        if self.state not in _WEIGHED:
            self._signal(Signal.LEAD)
            self._candidate = leader
            elapsed_s = 0.0
        self._held_s += elapsed_s
        is_sure = self._is_enough(leader)
        settles = is_sure or self._held_s >= self._settings.hold_s
        return self._settle(now, leader, scores, is_sure=is_sure) if settles else []

    def _fade(self, elapsed_s: float) -> None:
        """Drop an emotion for which there was no evidence for `fade_s`, although no other emotion leads."""
        if self.state is not State.STEADY or self.stable is None:
            return
        self._faded_s = self._faded_s + elapsed_s if self._evidence(self.stable) <= 0 else 0.0
        if self._faded_s > 0 and self._faded_s >= self._settings.fade_s:
            self._signal(Signal.FADED)
            self.stable, self._is_sure = None, False
            self._faded_s = 0.0

    def _leader(self) -> Emotion | None:
        """Return the emotion with the most evidence, if it may be said with a "maybe", and has not settled yet."""
        best = max(EMOTIONS, key=self._evidence)
        return best if best is not self.stable and self._has(best, self._bounds.maybe_from(best)) else None

    def _is_enough(self, emotion: Emotion) -> bool:
        """Return whether there is enough evidence to say this emotion plainly."""
        return self._has(emotion, self._bounds.plainly_from(emotion))

    def _ceiling(self, emotion: Emotion) -> float:
        """Return the evidence above which more of it changes nothing."""
        plainly, maybe = self._bounds.plainly_from(emotion), self._bounds.maybe_from(emotion)
        most = maybe if plainly is None else plainly
        return 0.0 if most is None else self._needed * most

    def _has(self, emotion: Emotion, bound: float | None) -> bool:
        """Return whether the evidence for an emotion reaches a bound; without a bound it never does."""
        return bound is not None and self._evidence(emotion) >= self._needed * bound

    def _evidence(self, emotion: Emotion) -> float:
        return self._accumulator.evidence[EMOTIONS.index(emotion)]

    def _settle(self, now: float, emotion: Emotion, scores: EmotionScores, *, is_sure: bool) -> list[Change]:
        self._signal(Signal.HELD)
        if self._settled:
            self._changes_s = [*self._changes_s[-8:], now]
        self.stable, self._is_sure = emotion, is_sure
        self._settled = True
        self._faded_s = 0.0
        self._drop_candidate()
        return [EmotionSettled(emotion, is_sure, scores)]

    def _drop_candidate(self) -> None:
        self._candidate = None
        self._held_s = 0.0

    def _forget(self) -> None:
        self._drop_candidate()
        self._accumulator.reset()
        self.stable, self._is_sure = None, False
        self._settled = False
        self._faded_s = 0.0
        self._changes_s = []

    def _signal(self, signal: Signal) -> None:
        self.state = step(self.state, signal)
