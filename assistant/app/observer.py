"""Takes the observation of each frame, announces what has become a fact, and remembers it for answers."""

from __future__ import annotations

import logging

from assistant.app.components import Components
from assistant.app.guide import Guide
from assistant.app.reporting.event_reporter import EventReporter
from assistant.app.reporting.nod_reporter import NodReporter, NodStatus
from assistant.emotion.debouncing.debounce import Change, Debouncer, EmotionSettled, FaceAppeared, FaceLost
from assistant.emotion.debouncing.settings import DebounceSettings
from assistant.emotion.debouncing.transitions import State
from assistant.emotion.movement_watch import MovementWatch
from assistant.emotion.observation import Observation
from assistant.face.attention import ASIDE, AttentionWatch
from assistant.face.nods import NodWatch
from assistant.face.people import PeopleWatch
from assistant.face.position import Direction
from assistant.frame import Frame
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.announcer import NO_MOVEMENTS, News
from assistant.speech.guiding.settings import GuidingSettings

REMEMBERED_S = 1.0
"""An answer uses observations of the last second. One frame without the face does not mean that the person left."""

logger = logging.getLogger(__name__)


class Observer:
    """Takes observations in the order of their times, in seconds."""

    def __init__(self, components: Components, reporter: EventReporter) -> None:
        self._components = components
        self._reporter = reporter
        self._settings = components.settings.debounce
        self._debouncer = Debouncer(self._settings, components.bounds)
        self._attention = AttentionWatch()
        self._movements = MovementWatch()
        self._people = PeopleWatch()
        self._watches_nods = components.settings.announce.nods
        self._nods, self._turned = NodWatch(), AttentionWatch()
        self.guide = Guide(components.voice, components.announcer, components.events, components.settings.guiding)
        """Leads to the face in front by a sound."""
        self._nod_reporter = NodReporter(is_wanted=self._watches_nods)
        self._face_s = self._looked_s = float("-inf")
        self.observation: Observation | None = None
        """The latest observation; one with a face is kept for `REMEMBERED_S`. None while there are no frames."""
        self._log_words()

    @property
    def nod_status(self) -> NodStatus:
        """Whether nods are looked for."""
        return self._nod_reporter.status

    @property
    def state(self) -> State:
        """The debouncer's state."""
        return self._debouncer.state

    def update_settings(self, settings: DebounceSettings, guiding: GuidingSettings) -> None:
        """Use these settings from now on; if the debouncer's differ, it begins again."""
        self.guide.update_settings(guiding)
        if settings != self._settings:
            self._settings, self._debouncer = settings, Debouncer(settings, self._components.bounds)
        self._log_words()

    def observe(self, frame: Frame, observation: Observation, now: float) -> None:
        """Take the observation of one frame."""
        components, face = self._components, observation.face
        self._reporter.count_frame(face, now)
        self._remember(observation, now)
        for change in self._debouncer.update(now, observation):
            self._reporter.publish_change(change, now)
            if self._outdates(change):
                components.voice.discard((Priority.EMOTION,), now)
            self._announce(change, observation, now)
            if isinstance(change, FaceAppeared):
                self._people.begin(components.announcer.people_in_arrival(observation))
        self._watch_people(observation, now)
        self._watch_attention(observation, now)
        self._watch_movements(observation, now)
        self.guide.observe(observation, now, is_certain=self.state is not State.ARRIVING)
        if self._watches_nods:
            self._watch_head(observation, now)
        for sink in components.sinks:
            sink.show(frame, face, self._debouncer.stable, self._debouncer.state)

    def forget(self, now: float) -> None:
        """Drop the observation and lead to no face, because the camera is gone."""
        self.observation = None
        self.guide.stop(now)

    def is_late(self, now: float) -> bool:
        """Return whether the last frame is too old for an answer."""
        return now - self._looked_s > REMEMBERED_S

    def answer(self, now: float) -> Announcement:
        """Return what to say to a press of the button."""
        observation = None if self.is_late(now) else self.observation
        impression, attention = self._debouncer.impression, self._attention.held
        return self._components.announcer.answer(observation, impression, attention, self._movements.shown)

    def _log_words(self) -> None:
        if self._components.announcer.lacks_movements:
            logger.warning("%s", NO_MOVEMENTS)

    def _outdates(self, change: Change) -> bool:
        """Return whether what is said of the face and waits is no longer true: a movement outlasts a new emotion."""
        if isinstance(change, EmotionSettled):
            return not self._components.announcer.says_movements
        return isinstance(change, FaceLost)

    def _watch_people(self, observation: Observation, now: float) -> None:
        people = self._people.update(now, observation.people)
        if people is not None:
            self._enqueue(self._components.announcer.announcement_of_company(people, now), observation, now)

    def _watch_attention(self, observation: Observation, now: float) -> None:
        """Take where the person in front looks, once it is certain that somebody is there."""
        face = None if self.state is State.ARRIVING else observation.face
        pose = None if face is None else face.clear_pose
        attention = self._attention.update(now, observation.track_id, pose)
        if attention is not None:
            self._reporter.publish_attention(attention, now)
            self._components.voice.discard((Priority.ATTENTION,), now)
            self._announce(attention, observation, now)

    def _watch_movements(self, observation: Observation, now: float) -> None:
        """Take which movements the face in front shows, once it is certain that somebody is there."""
        face = None if self.state is State.ARRIVING else observation.face
        for change in self._movements.update(now, observation.track_id, face):
            self._reporter.publish_movement(change, now)
            if not change.has_begun:
                self._components.voice.discard((Priority.EMOTION,), now, change.movement)
            self._announce(change, observation, now)

    def _watch_head(self, observation: Observation, now: float) -> None:
        """Take how the head in front moves, once it is certain that somebody is there and does not look aside."""
        self._nod_reporter.step(now, self._reporter.fps(now), sees_somebody=observation.face is not None)
        self._turned.update(now, observation.track_id, None if observation.face is None else observation.face.pose)
        is_for_wearer = self.state is not State.ARRIVING and self._turned.held not in ASIDE
        person = observation.track_id if is_for_wearer else None
        gesture = self._nods.update(now, person, observation.motion)
        if gesture is not None:
            self._reporter.publish_head(gesture, now)
            self._enqueue(self._components.announcer.announcement_of_head(gesture), observation, now)

    def _announce(self, change: News, observation: Observation, now: float) -> None:
        self._enqueue(self._components.announcer.announcement_for(change, observation, now), observation, now)

    def _enqueue(self, announcement: Announcement | None, observation: Observation, now: float) -> None:
        if announcement is not None:
            self._components.voice.enqueue(announcement, now)
            self._vibrate(announcement, observation)

    def _vibrate(self, announcement: Announcement, observation: Observation) -> None:
        """Let the wearer feel what is announced, also while the voice is muted."""
        if announcement.tone is not None:
            place = observation.placement
            side = Direction.AHEAD if place is None else place.direction
            self._components.haptics.feel(str(announcement.tone), str(side))

    def _remember(self, observation: Observation, now: float) -> None:
        if observation.face is not None:
            self._face_s = now
        if observation.face is not None or now - self._face_s > REMEMBERED_S:
            self.observation = observation
        self._looked_s = now
