"""Classifies what browsers send, in one thread of low priority, so that the headset's own loop comes first."""

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
    """As many pictures and frames wait as may."""


@dataclass(frozen=True, slots=True)
class PreviewedPicture:
    """A picture's faces, and a small JPEG with their boxes; None when the picture could not be read."""

    classified: ClassifiedPicture
    preview: bytes | None = None


class Models:
    """A decoder, a detector and a classifier. Only one thread may use them."""

    def __init__(self, model: Path, detector: str = DEFAULT) -> None:
        self.decoder = PictureDecoder()
        self.detector = build_detector(detector)
        self.classifier = TFLiteClassifier(model)


class ModelWorker:
    """Takes tasks from the page's loop into a thread of its own; the models are loaded for the first task."""

    def __init__(self, model: Path, limits: Limits, detector: str = DEFAULT) -> None:
        self._model = model
        self._detector = detector
        self._limits = limits
        self._worker = ThreadPoolExecutor(1, "page models", initializer=_lower_priority)
        self._models: Models | None = None
        self._waiting = 0
        self._closing = False

    async def pictures(self, uploads: Sequence[Upload]) -> list[PreviewedPicture]:
        """Classify the faces of these pictures; raise TooBusyError when too many others wait."""
        return await self.work(lambda models: [self._classified(models, each) for each in uploads])

    async def work(self, task: Callable[[Models], Result]) -> Result:
        """Do a task when its turn comes; raise TooBusyError when too many others wait."""
        if self._waiting > self._limits.waiting:
            raise TooBusyError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, lambda: task(self._loaded()))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Begin no more tasks, and stop the decoder; a second call does nothing."""
        if self._closing:
            return
        self._closing = True
        models = self._models
        if models is not None:
            models.decoder.give_up()
        self._worker.submit(self._close_decoder)
        self._worker.shutdown(wait=False)

    def _loaded(self) -> Models:
        if self._closing:
            raise TooBusyError
        self._models = self._models or Models(self._model, self._detector)
        return self._models

    def _close_decoder(self) -> None:
        if self._models is not None:
            self._models.decoder.close()

    def _classified(self, models: Models, upload: Upload) -> PreviewedPicture:
        try:
            if len(upload.data) > self._limits.picture_bytes:
                raise CameraError(f"is larger than {self._limits.picture_bytes / 1e6:g} MB")
            gray = models.decoder.decoded(upload.data, self._limits.pixels / 1e6)
        except CameraError as error:
            return PreviewedPicture(ClassifiedPicture(upload.name, (), f"{upload.name}: {error}"))
        faces = classify_faces(gray, models.detector, models.classifier)
        return PreviewedPicture(ClassifiedPicture(upload.name, faces), preview(gray, faces))


def _lower_priority() -> None:
    """Lower the priority of this thread; Linux gives each thread a priority of its own."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
