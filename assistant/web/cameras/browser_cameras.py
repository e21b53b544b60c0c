"""The cameras of browsers. Each camera's frames go through a pipeline of their own, and only the latest counts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from assistant.app.configuration.settings import Settings
from assistant.emotion.build import build_perception
from assistant.emotion.debouncing.debounce import Debouncer
from assistant.emotion.debouncing.transitions import State
from assistant.emotion.movement_watch import MovementWatch
from assistant.pictures.reading import Gray
from assistant.speech.announcer import Announcer
from assistant.speech.phrases import Phrases
from assistant.web.access.limits import Limits
from assistant.web.cameras.aim import aim
from assistant.web.cameras.models import Models, ModelWorker, TooBusyError
from assistant.web.snapshot import face_fields

FORGOTTEN_S = 20.0
"""A camera that sends no frame for this long gives its seat back."""


class BrowserCamera:
    """The pipeline of one browser's camera. It remembers people and scores, but no pictures."""

    def __init__(self, models: Models, settings: Settings, phrases: Phrases) -> None:
        self._perception = build_perception(settings, models.classifier, models.detector)
        self._debouncer = Debouncer(settings.debounce, models.classifier.bounds)
        self._movements = MovementWatch()
        self._announcer = Announcer(settings.announce, movements=models.classifier.movements)
        self._phrases = phrases
        self._longest_gap_s = settings.debounce.frame_gap_s
        self._came_s = float("-inf")
        self._watched_s = 0.0

    def observe(self, gray: Gray, came_s: float) -> dict[str, Any]:
        """Classify a frame that came at `came_s` seconds; return what the page shows, and what the headset would say.

        A slow radio or a slow machine lets frames come late. A long gap counts as the longest gap that the debouncer
        allows, because nothing was seen meanwhile.
        """
        self._watched_s += min(came_s - self._came_s, self._longest_gap_s)
        self._came_s, now = came_s, self._watched_s
        observation = self._perception.perceive(gray, now)
        face = observation.face
        said = []
        changes = self._debouncer.update(now, observation)
        certain = None if self._debouncer.state is State.ARRIVING else face
        movements = self._movements.update(now, observation.track_id, certain)
        for change in (*changes, *movements):
            announcement = self._announcer.announcement_for(change, observation, now)
            if announcement is not None and announcement.parts:
                said.append(self._phrases.sentence(announcement))
                self._announcer.on_started(announcement, now)
        size = (gray.shape[1], gray.shape[0])
        fields = face_fields(face, self._debouncer.stable, self._debouncer.state)
        return {**fields, "size": size, "said": said, "aim": aim(face.box if face else None, *size)}


@dataclass(slots=True)
class _Seat:
    lock: asyncio.Lock
    latest: int = 0
    seen_s: float = 0.0
    camera: BrowserCamera | None = None


class BrowserCameras:
    """The cameras that send frames now; `web.viewers` says how many there may be."""

    def __init__(self, worker: ModelWorker, settings: Settings, phrases: Phrases, limits: Limits) -> None:
        self._worker = worker
        self._settings = settings
        self._phrases = phrases
        self._limits = limits
        self._seats: dict[str, _Seat] = {}

    async def frame(self, name: str, data: bytes, now: float) -> dict[str, Any] | None:
        """Classify the frame of the camera with this name; return None when a later frame came before its turn.

        CameraError when the frame is no picture or too large, TooBusyError when all seats are taken.
        """
        seat = self._seat(name, now)
        seat.latest += 1
        mine = seat.latest
        async with seat.lock:
            if mine != seat.latest:
                return None
            return await self._worker.work(lambda models: self._observe(models, seat, data, now))

    def _seat(self, name: str, now: float) -> _Seat:
        self._seats = {key: seat for key, seat in self._seats.items() if now - seat.seen_s < FORGOTTEN_S}
        if name not in self._seats:
            if len(self._seats) >= self._settings.web.viewers:
                raise TooBusyError
            self._seats[name] = _Seat(asyncio.Lock())
        self._seats[name].seen_s = now
        return self._seats[name]

    def _observe(self, models: Models, seat: _Seat, data: bytes, now: float) -> dict[str, Any]:
        gray = models.decoder.decoded(data, self._limits.frame_pixels / 1e6)
        seat.camera = seat.camera or BrowserCamera(models, self._settings, self._phrases)
        return seat.camera.observe(gray, now)
