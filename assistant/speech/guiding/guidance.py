"""When the sound that leads to the face begins, what it is, and when it ends.

This file does no input or output; every time is an argument, in seconds of the loop's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.face.position import Placement
from assistant.speech.guiding.cue import NOBODY, Cue, cue_for, is_in_the_middle
from assistant.speech.guiding.settings import GuidingSettings

CENTRED_S = 1.5
"""The sound ends when the face has been in the middle for this time."""

UNASKED_AFTER_S = 1.0
"""Unasked, the sound begins when somebody has been beside the middle for this time."""

REMEMBERED_S = 0.5
"""A face counts as seen for this long after the last frame that showed it."""

LATE_S = 1.0
"""Without a frame for this time, nobody knows where the face is: then there is no sound."""


class Guiding(StrEnum):
    """Whether the sound leads, and who wanted it."""

    OFF = "off"
    ASKED = "asked"
    UNASKED = "unasked"


class Ending(StrEnum):
    """Why the sound has ended by itself."""

    CENTRED = "centred"
    LONGEST = "longest"


@dataclass(frozen=True, slots=True)
class Step:
    """What is played now, None for silence; and why the sound has ended, if it has just ended by itself."""

    cue: Cue | None = None
    ending: Ending | None = None
    was_asked: bool = False
    """Whether the sound that ended had been asked for."""


class Guidance:
    """Follows where the face in front is, and decides which sound leads to it."""

    def __init__(self, settings: GuidingSettings = GuidingSettings()) -> None:
        self._settings = settings
        self.state = Guiding.OFF
        self._begun_s = self._seen_s = self._frame_s = float("-inf")
        self._centred_s: float | None = None
        """Since when the face has been in the middle; None where it is not."""
        self._beside_s: float | None = None
        """Since when somebody has certainly been seen beside the middle; None where nobody is."""
        self._place: Placement | None = None
        self._person: int | None = None
        self._is_refused = False
        """Whether the sound led to this person unasked, and was ended before they were in the middle."""

    def update_settings(self, settings: GuidingSettings) -> None:
        """Use these settings from now on."""
        self._settings = settings

    @property
    def sees_somebody(self) -> bool:
        """Whether a face was seen in the last frames."""
        return self._place is not None and self._frame_s - self._seen_s <= REMEMBERED_S

    def is_late(self, now: float) -> bool:
        """Return whether no frame has come for so long that nobody knows where the face is."""
        return now - self._frame_s > LATE_S

    def begin(self, now: float) -> None:
        """Begin to lead, because the wearer asks for it."""
        self.state, self._begun_s = Guiding.ASKED, now

    def stop(self) -> None:
        """End the sound; it does not lead to the same person unasked before they were in the middle."""
        self._is_refused = self._is_refused or self.state is not Guiding.OFF
        self.state = Guiding.OFF

    def see(self, now: float, person: int | None, place: Placement | None, *, is_certain: bool = True) -> None:
        """Take a frame: who is in front, and where; None where nobody is. `is_certain`: it is certainly a person."""
        self._frame_s = now
        if place is None:
            if not self.sees_somebody:
                self._place = self._centred_s = self._beside_s = None
            return
        if person != self._person:
            self._person, self._is_refused = person, False
            self._centred_s = self._beside_s = None
        self._place, self._seen_s = place, now
        if is_in_the_middle(place, was=self._centred_s is not None, height=self._settings.height):
            self._centred_s = now if self._centred_s is None else self._centred_s
            self._beside_s, self._is_refused = None, False
        else:
            self._centred_s = None
            self._beside_s = now if is_certain and self._beside_s is None else self._beside_s

    def step(self, now: float, *, may_begin: bool = True) -> Step:
        """Return what is played now; `may_begin` says whether the sound may lead unasked."""
        self._begin_unasked(now, may_begin)
        if self.state is Guiding.OFF:
            return Step()
        was_asked = self.state is Guiding.ASKED
        if self._centred_s is not None and now - max(self._centred_s, self._begun_s) >= CENTRED_S:
            self.state = Guiding.OFF
            return Step(None, Ending.CENTRED, was_asked)
        if now - self._begun_s >= self._settings.longest_s:
            self.stop()
            return Step(None, Ending.LONGEST, was_asked)
        return Step(self._cue(now))

    def _begin_unasked(self, now: float, may_begin: bool) -> None:
        """Begin or end to lead unasked, as the settings, the mode and the place of the face say."""
        allowed = may_begin and self._settings.always
        if self.state is Guiding.UNASKED and not (allowed and self.sees_somebody):
            self.state = Guiding.OFF
        wanted = self._beside_s is not None and now - self._beside_s >= UNASKED_AFTER_S
        if self.state is Guiding.OFF and allowed and wanted and self.sees_somebody and not self._is_refused:
            self.state, self._begun_s = Guiding.UNASKED, now

    def _cue(self, now: float) -> Cue | None:
        if self.is_late(now):
            return None
        if self._place is None or not self.sees_somebody:
            return NOBODY if self.state is Guiding.ASKED else None
        if self._centred_s is not None:
            return None
        return cue_for(self._place, stereo=self._settings.stereo, height=self._settings.height)
