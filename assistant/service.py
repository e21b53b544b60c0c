"""The loop: read a frame, perceive, update, announce, speak."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.announcer import Announcement, Announcer, Priority
from assistant.camera_watch import CameraFault, CameraWatch
from assistant.debounce import Change, Debouncer, EmotionSettled, FaceAppeared, FaceLost
from assistant.errors import CameraError
from assistant.phrases import Phrases
from assistant.pipeline import Perception
from assistant.ports import Button, Camera, Clock, Frame, FrameSink, Observation, Speaker
from assistant.speech_queue import Fate, Outcome, SpeechQueue

READ_TIMEOUT_S = 0.1
"""So long may a turn of the loop wait for a frame; a stop or a press is taken up within it."""

LAST_WORDS_S = 5.0
"""A phrase may be finished for this long after a recording has ended."""

logger = logging.getLogger(__name__)


class Events(Protocol):
    """Where events go."""

    def write(self, t_s: float, kind: str, **fields: Any) -> None:
        """Write one event that happened at `t_s` seconds."""


@dataclass(slots=True)
class Parts:
    """What the loop joins."""

    open_camera: Callable[[], Camera]
    """Opens the camera, or raises CameraError."""
    reopens: bool
    """Whether a camera that broke is worth opening again; a recording is not."""
    perception: Perception
    debouncer: Debouncer
    announcer: Announcer
    queue: SpeechQueue
    phrases: Phrases
    speaker: Speaker
    clock: Clock
    events: Events
    watch: CameraWatch
    button: Button | None = None
    sinks: Sequence[FrameSink] = ()
    duration_s: float | None = None
    notices: Sequence[Announcement] = ()
    """Said first, one after the other."""
    remarks: Sequence[str] = ()
    """Logged once the camera is open."""


@dataclass(slots=True)
class _Count:
    frames: int = 0
    dropped: int = 0
    started_s: float = 0.0


class Service:
    """Runs until the recording ends, the time is over, or `stop` is called."""

    def __init__(self, parts: Parts, stop: threading.Event | None = None) -> None:
        """Join the parts, which may be exchanged until `run`; setting `stop` is calling `stop`."""
        self.parts = parts
        self._stop = stop or threading.Event()
        self._camera: Camera | None = None
        self._observation: Observation | None = None
        self._box: list[int] | None = None
        self._count = _Count()
        self._notices: list[Announcement] = []

    def stop(self) -> None:
        """End the loop at its next turn; may be called from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Run; CameraError when the camera cannot be opened, or stays away."""
        parts = self.parts
        self._camera = parts.open_camera()
        self._count.started_s = parts.clock.now()
        for remark in parts.remarks:
            logger.info("%s", remark)
        self._notices = list(parts.notices)
        try:
            while not self._stop.is_set() and self._turn():
                pass
            self._finish_speaking()
        finally:
            self._close()

    def _turn(self) -> bool:
        frame = self._read()
        now = self.parts.clock.now()
        if self.parts.watch.gave_up(now):
            raise CameraError("the camera did not come back: check its cable and plug, then start again")
        if frame is not None:
            self._see(frame, now)
        self._answer_presses(now)
        self._give_notice(now)
        self._speak(now)
        return not self._is_over(now)

    def _read(self) -> Frame | None:
        """The next frame, if any; what the camera's trouble is, is said."""
        watch, clock = self.parts.watch, self.parts.clock
        try:
            if watch.should_reopen(clock.now()):
                self._drop_camera()
                self._camera = self.parts.open_camera()
            if self._camera is None:
                clock.wait(READ_TIMEOUT_S)
                return None
            frame = self._camera.read(READ_TIMEOUT_S)
        except CameraError as error:
            self._lose_camera(error)
            return None
        now = clock.now()
        if frame is not None:
            self._report(watch.frame(now), now)
        elif self.parts.reopens and not self._camera.ended:
            self._report(watch.nothing(now), now)
        return frame

    def _lose_camera(self, error: CameraError) -> None:
        if not self.parts.reopens:
            raise error
        now = self.parts.clock.now()
        fault = self.parts.watch.broken(now)
        if fault is not None:
            logger.warning("%s", error)
        self._report(fault, now)
        self._drop_camera()

    def _drop_camera(self) -> None:
        camera, self._camera, self._observation = self._camera, None, None
        if camera is not None:
            self._count.dropped += camera.dropped
            camera.close()

    def _report(self, fault: CameraFault | None, now: float) -> None:
        if fault is None:
            return
        if fault is not CameraFault.BACK:
            self._observation = None
        self.parts.events.write(now, "fault", fault=str(fault))
        logger.info("%s", fault)
        self._offer(Announcement(str(fault), Priority.FAULT), now)

    def _see(self, frame: Frame, now: float) -> None:
        parts = self.parts
        self._count.frames += 1
        self._observation = observation = parts.perception.perceive(frame.gray, now)
        face = observation.face
        if face is not None:
            self._box = face.box.as_list()
        scores, weight = (face.scores, face.weight) if face else (None, 0.0)
        for change in parts.debouncer.update(now, observation.person, scores, weight):
            self._record(change, now)
            announcement = parts.announcer.consider(change, now)
            if announcement is not None:
                self._offer(announcement, now)
        for sink in parts.sinks:
            sink.show(frame, face, parts.debouncer.stable)

    def _record(self, change: Change, now: float) -> None:
        match change:
            case FaceAppeared():
                self.parts.events.write(now, "face", face="appeared", box=self._box)
            case FaceLost():
                self.parts.events.write(now, "face", face="lost", box=self._box)
            case EmotionSettled(emotion, scores):
                confidence = round(scores[emotion], 4)
                self.parts.events.write(
                    now, "emotion", emotion=str(emotion), confidence=confidence, scores=scores.by_label()
                )

    def _answer_presses(self, now: float) -> None:
        button = self.parts.button
        if button is not None and button.take_presses():
            answer = self.parts.announcer.answer(self._observation, self.parts.debouncer.stable)
            self._offer(answer, now)

    def _give_notice(self, now: float) -> None:
        if self._notices and not self.parts.queue.is_waiting(self._notices[0].priority):
            self._offer(self._notices.pop(0), now)

    def _offer(self, announcement: Announcement, now: float) -> None:
        self._follow(self.parts.queue.offer(announcement, now), now)

    def _speak(self, now: float) -> None:
        self._tell_voice_fault(now)
        self._follow(self.parts.queue.step(now, self.parts.speaker.is_speaking()), now)

    def _tell_voice_fault(self, now: float) -> None:
        fault = self.parts.speaker.take_fault()
        if fault is not None:
            self.parts.events.write(now, "fault", fault="voice", message=str(fault))

    def _follow(self, outcomes: Sequence[Outcome], now: float) -> None:
        for outcome in outcomes:
            text = self.parts.phrases.text(outcome.announcement)
            fate = {} if outcome.fate is Fate.STARTED else {str(outcome.fate): True}
            priority = outcome.announcement.priority.name.lower()
            self.parts.events.write(now, "said", text=text, priority=priority, **fate)
            if outcome.fate is Fate.STARTED:
                self.parts.announcer.begun(outcome.announcement, now)
                self.parts.speaker.say(text)

    def _is_over(self, now: float) -> bool:
        duration_s = self.parts.duration_s
        if duration_s is not None and now - self._count.started_s >= duration_s:
            return True
        return self._camera is not None and self._camera.ended

    def _finish_speaking(self) -> None:
        clock, speaker = self.parts.clock, self.parts.speaker
        until_s = clock.now() + LAST_WORDS_S
        while speaker.is_speaking() and clock.now() < until_s and not self._stop.is_set():
            clock.wait(READ_TIMEOUT_S)

    def _close(self) -> None:
        """Let go of everything, whatever fails; the last event tells what was read."""
        parts = self.parts
        now = parts.clock.now()
        with ExitStack() as closing:  # runs from the last line to the first
            closing.callback(self._write_end, now, parts.speaker.is_speaking())
            for sink in parts.sinks:
                closing.callback(sink.close)
            if parts.button is not None:
                closing.callback(parts.button.close)
            closing.callback(parts.speaker.close, finish=not self._stop.is_set())
            closing.callback(self._drop_camera)

    def _write_end(self, now: float, speaking: bool) -> None:
        parts = self.parts
        self._tell_voice_fault(now)
        self._follow(parts.queue.close(speaking), now)
        elapsed_s = now - self._count.started_s
        fps = round(self._count.frames / elapsed_s, 1) if elapsed_s > 0 else 0.0
        parts.events.write(now, "end", frames=self._count.frames, fps=fps, dropped=self._count.dropped)
