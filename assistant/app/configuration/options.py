"""The options of `assistant run`, and what follows from them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from assistant.app.configuration.settings import Settings
from assistant.camera.choose import is_live, is_simulated, replayed_path
from assistant.errors import ConfigError
from assistant.files import refuse_overwriting
from assistant.networks.shipped import shipped_finder, shipped_model
from assistant.speech.announcement import Announcement, PhraseKeys, Priority
from assistant.speech.sentences import INTRODUCTION, card_wrong

STANDARD_OUTPUT = "-"

LEAST_RECALL_TIMEOUT_S, BATTERY_RECALL_TIMEOUT_S = 20.0, 45.0
"""The battery needs longer: three readings, of a command that takes as long as it may."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of the command line."""

    camera: str = "auto"
    config: Path | None = None
    """The settings file."""
    model: Path | None = None
    """The emotion network; None for the one that comes with the program."""
    voice: str = "auto"
    events: str | None = None
    """The file for events, or - for standard output."""
    show: bool = False
    record: Path | None = None
    fast: bool = False
    """Play a recording at full speed, by its own clock, every frame."""
    fps: float | None = None
    duration_s: float | None = None
    keys: bool = False
    """Take commands by the keys of the terminal."""
    control: bool = False
    """Listen to `assistant ctl`; with a real camera the program always does."""
    waits_for_camera: bool = False
    """Wait without end for a camera or a sound device that is missing."""
    web: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the page that replace those of the file, by their keys."""
    lost_changes: bool = False
    """Whether the file with the wearer's own changes was damaged."""
    wrong_lines: Sequence[int] | None = None
    """The lines of the card's settings that are wrong, 0 for one that is not known; None when all is right."""

    @property
    def model_path(self) -> Path:
        """The file of the emotion network."""
        return self.model or shipped_model()

    @property
    def is_recording(self) -> bool:
        """Whether a recording is played instead of a camera."""
        return replayed_path(self.camera) is not None

    @property
    def is_simulated(self) -> bool:
        """Whether the faces are drawn."""
        return is_simulated(self.camera)

    @property
    def keeps_changes(self) -> bool:
        """Whether what the wearer changes by hand is kept; a demonstration or a recording changes nobody's settings."""
        return is_live(self.camera) or self.waits_for_camera

    @property
    def takes_requests(self) -> bool:
        """Whether `assistant ctl` is listened to."""
        return self.control or is_live(self.camera)

    @property
    def has_real_camera(self) -> bool:
        """Whether people are seen; a demonstration or a recording reads no battery, and switches on no light."""
        return is_live(self.camera) and not self.fast

    @property
    def introduction(self) -> PhraseKeys:
        """What the headset says of itself; that it keeps nothing is left out where a video or the events are kept."""
        if self.record is not None:
            return (INTRODUCTION[0], "recording")
        return INTRODUCTION if self.events is None else INTRODUCTION[:1]

    def text_output(self) -> TextIO:
        """Return the stream for printed phrases: standard output, unless the events go there."""
        return sys.stderr if self.events == STANDARD_OUTPUT else sys.stdout

    def events_target(self) -> Path | TextIO | None:
        """Return where events are written to; None for nowhere."""
        if self.events is None:
            return None
        return sys.stdout if self.events == STANDARD_OUTPUT else Path(self.events)

    def check(self) -> None:
        """Raise ConfigError for options that exclude each other, or a file that would be overwritten."""
        if self.waits_for_camera and self.is_recording:
            raise ConfigError(f"--wait-for-camera: {self.camera} is a recording, which does not come later")
        inputs = (replayed_path(self.camera), self.config, self.model_path, shipped_finder())
        if self.events not in (None, STANDARD_OUTPUT):
            refuse_overwriting("--events", Path(str(self.events)), inputs)
        if self.record is not None:
            refuse_overwriting("--record", self.record, inputs)

    def recall_timeout_s(self, settings: Settings) -> float:
        """Return after how many seconds a fault of an earlier run is over when it is not detected again."""
        least_s = BATTERY_RECALL_TIMEOUT_S if self.has_real_camera else LEAST_RECALL_TIMEOUT_S
        return max(least_s, settings.camera.covered_s + 5, settings.gestures.stuck_s + 5)

    def notices(self, settings: Settings) -> Sequence[Announcement]:
        """Return what is said first. A recording is not said to be ready, since nobody wears it."""
        is_headset = not (self.is_recording or self.fast)
        has_controls = settings.button.gpio >= 0 or bool(settings.remote.device) or self.keys
        first = {"demonstration": self.is_simulated, "recording": self.record is not None}
        last = {"ready": is_headset, "help": is_headset and has_controls}
        return [*self._wrong_card(), *_answers(first), *self._lost_changes(), *_answers(last)]

    def _wrong_card(self) -> Sequence[Announcement]:
        """Return the notice of wrong settings on the card; no other fault cuts it off."""
        lines = self.wrong_lines
        return () if lines is None else (Announcement(card_wrong(lines), Priority.FAULT, "card"),)

    def _lost_changes(self) -> Sequence[Announcement]:
        return (Announcement(("changes_lost",), Priority.FAULT, "changes"),) if self.lost_changes else ()


def _answers(chosen: Mapping[str, bool]) -> Sequence[Announcement]:
    return [Announcement.answering((phrase,)) for phrase, wanted in chosen.items() if wanted]
