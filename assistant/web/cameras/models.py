"""Judges what browsers send: in one thread of low priority, so that the headset's own loop comes first."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.emotion.classified_pictures import ClassifiedPicture
from assistant.emotion.perception import classify_faces
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import CameraError
from assistant.face.detectors.registry import DEFAULT, build_detector
from assistant.pictures.decoder import PictureDecoder
from assistant.web.access.limits import Limits
from assistant.web.cameras.pictures import preview
from assistant.web.forms import Upload

Result = TypeVar("Result")

NICENESS = 10


class TooBusyError(Exception):
    """As many wait as may."""


@dataclass(frozen=True, slots=True)
class JudgedPicture:
    """A picture's judgement, and a small JPEG with the boxes; None where it could not be read."""

    judgement: ClassifiedPicture
    preview: bytes | None = None


class Models:
    """A decoder, a detector and a model of its own: none may be used by two threads."""

    def __init__(self, model: Path, detector: str = DEFAULT) -> None:
        self.decoder = PictureDecoder()
        self.detector = build_detector(detector)
        self.classifier = TFLiteClassifier(model)


class ModelWorker:
    """Takes work from the page's loop; nothing is loaded before the first."""

    def __init__(self, model: Path, limits: Limits, detector: str = DEFAULT) -> None:
        self._model = model
        self._detector = detector
        self._limits = limits
        self._worker = ThreadPoolExecutor(1, "page judge", initializer=_step_back)
        self._models: Models | None = None
        self._waiting = 0
        self._closing = False

    async def pictures(self, uploads: Sequence[Upload]) -> list[JudgedPicture]:
        """Judge these; TooBusyError when too many others wait."""
        return await self.work(lambda models: [self._classified(models, each) for each in uploads])

    async def work(self, task: Callable[[Models], Result]) -> Result:
        """Do this when its turn comes; TooBusyError when too many others wait."""
        if self._waiting > self._limits.waiting:
            raise TooBusyError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, lambda: task(self._loaded()))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Begin nothing more, and give up what is being decoded; called again it does nothing."""
        if self._closing:
            return
        self._closing = True
        models = self._models
        if models is not None:
            models.decoder.give_up()
        self._worker.submit(self._let_go)
        self._worker.shutdown(wait=False)

    def _loaded(self) -> Models:
        if self._closing:
            raise TooBusyError
        self._models = self._models or Models(self._model, self._detector)
        return self._models

    def _let_go(self) -> None:
        if self._models is not None:
            self._models.decoder.close()

    def _classified(self, models: Models, upload: Upload) -> JudgedPicture:
        try:
            if len(upload.data) > self._limits.picture_bytes:
                raise CameraError(f"is larger than {self._limits.picture_bytes / 1e6:g} MB")
            gray = models.decoder.decoded(upload.data, self._limits.pixels / 1e6)
        except CameraError as error:
            return JudgedPicture(ClassifiedPicture(upload.name, (), f"{upload.name}: {error}"))
        faces = classify_faces(gray, models.detector, models.classifier)
        return JudgedPicture(ClassifiedPicture(upload.name, faces), preview(gray, faces))


def _step_back() -> None:
    """Linux gives each thread a priority of its own."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
