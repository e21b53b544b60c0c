"""The port for the helper's page, which is joined to the service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from assistant.app.configuration.settings import Settings
from assistant.app.events import EventListener
from assistant.app.frame_sinks import FrameSink
from assistant.app.service import Service
from assistant.controls.commands import Controls


class Feed(FrameSink, EventListener, Protocol):
    """A sink of frames that listens to events too."""


class Page(Protocol):
    """The helper's page."""

    @property
    def feed(self) -> Feed:
        """Where the page gets frames and events from."""

    def among(self, controls: Sequence[Controls]) -> list[Controls]:
        """Return these controls, watched, and the page's own."""

    def serve(self, service: Service) -> None:
        """Serve the page of this service until the service ends."""


PageMaker = Callable[[Settings, Path | None, Path, list[str]], Page | None]
"""Makes the page from the settings, their file, the emotion network and the remarks; None where no page is wanted."""


def no_page(settings: Settings, config: Path | None, model: Path, remarks: list[str]) -> None:
    """Make no page."""
