"""Which parts of the voice fail, and when the voice works again."""

from __future__ import annotations

import collections
import logging
import threading
from collections.abc import Callable, Sequence

from assistant.errors import SpeechError
from assistant.speech.speaker import VoiceChange

MOST_CHANGES = 10
"""How many changes are kept until they are taken; older ones are forgotten."""

logger = logging.getLogger(__name__)


class VoiceStatus:
    """Keeps the failures of the voice, from any thread: one change when a part fails, one when all parts work again."""

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        """`wake` is called with each change, and by the speaker when a phrase has ended."""
        self.wake = wake
        self._failing: set[str] = set()
        self._changes: collections.deque[VoiceChange] = collections.deque(maxlen=MOST_CHANGES)
        self._lock = threading.Lock()

    def failed(self, part: str, error: Exception) -> None:
        """Take note that a part failed; a part that fails again changes nothing."""
        with self._lock:
            if part not in self._failing:
                logger.warning("the voice fails: %s", error)
                self._failing.add(part)
                reason = error if isinstance(error, SpeechError) else SpeechError(repr(error))
                self._changes.append(VoiceChange(reason))
                self.wake()

    def worked(self, part: str) -> None:
        """Take note that a part worked; a part that works on changes nothing."""
        with self._lock:
            if part in self._failing:
                self._failing.remove(part)
                logger.info("the voice works again" if not self._failing else f"the {part} works again")
                if not self._failing:
                    self._changes.append(VoiceChange())
                    self.wake()

    def is_failing(self, part: str) -> bool:
        """Return whether a part failed when it was last used."""
        with self._lock:
            return part in self._failing

    def take_changes(self) -> Sequence[VoiceChange]:
        """Return the changes since the last call, the oldest first."""
        with self._lock:
            changes = tuple(self._changes)
            self._changes.clear()
            return changes
