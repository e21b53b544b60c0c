"""Says that somebody looks through the camera on the page, and that nobody does any more. Times are in seconds."""

from __future__ import annotations

import logging

from assistant.speech.announcement import Announcement, Priority
from assistant.speech.voice import VoiceController

HOLD_S = 5.0
"""The last viewer has left when nobody has come back for this long, since a page may be loaded again."""

logger = logging.getLogger(__name__)


class ViewerReporter:
    """Says each once. It waits until nothing is said, so that it cuts nothing off; while muted, it says nothing."""

    def __init__(self, voice: VoiceController) -> None:
        self._voice = voice
        self._viewers = 0
        self._has_come = False
        self._seen_s = float("-inf")
        self._is_said = False
        """Whether the wearer last heard that somebody watches."""
        self.is_watched = False
        """Whether somebody watches, or has just left and may come back."""

    def set_viewers(self, count: int) -> None:
        """Take the number of viewers. Any thread may call this."""
        self._viewers = count
        if count:
            self._has_come = True

    def on_sound_back(self) -> None:
        """Say again that somebody watches, since it may not have sounded."""
        self._is_said = False

    def step(self, now: float) -> None:
        """Say what has changed; to be called in the loop's thread."""
        if self._viewers or self._has_come:
            self._has_come = False
            self._seen_s = now
            self._change(True)
        elif now - self._seen_s >= HOLD_S and (self._is_said or self._voice.muted):
            self._change(False)  # but a short look is said first, however long another phrase lasts
        if self.is_watched != self._is_said and self._may_speak():
            self._is_said = self.is_watched
            phrase = "watched" if self.is_watched else "unwatched"
            self._voice.enqueue(Announcement((phrase,), Priority.FAULT, "page"), now)

    def _change(self, is_watched: bool) -> None:
        if is_watched != self.is_watched:
            self.is_watched = is_watched
            logger.info("%s looks through the camera on the page", "somebody" if is_watched else "nobody")

    def _may_speak(self) -> bool:
        voice = self._voice
        return not (voice.muted or voice.is_speaking() or voice.is_waiting(Priority.FAULT))
