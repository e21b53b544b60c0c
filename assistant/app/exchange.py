"""What other threads want exchanged while the loop runs: the settings read again, a sound device tried."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from assistant.app.components import Components
from assistant.app.notifier import ServiceNotifier
from assistant.errors import AssistantError
from assistant.faults import Fault
from assistant.speech.announcement import Announcement

Reply = Callable[[str], None]


class Exchange:
    """Keeps the wishes of other threads, and fulfils them in the loop's own."""

    def __init__(
        self,
        parts: Components,
        notifier: ServiceNotifier,
        report: Callable[[Fault, float], None],
        kept: Callable[[], Mapping[str, object]],
    ) -> None:
        """`report` tells a fault or its end, `kept` what the wearer may have changed."""
        self._parts = parts
        self._notifier = notifier
        self._report = report
        self._kept = kept
        self._reload_wanted = False
        self._trials: deque[tuple[str, Reply]] = deque()

    def request_reload(self) -> None:
        """Read the settings again at the next turn; may be called from any thread."""
        self._reload_wanted = True

    def request_trial(self, device: str, reply: Reply) -> None:
        """Try a sound device at the next turn; may be called from any thread.

        `reply` is given why it cannot be opened, or an empty text.
        """
        self._trials.append((device, reply))

    def step(self, now: float) -> None:
        """Do what is wanted."""
        speaker = self._parts.speech.speaker
        if self._reload_wanted:
            self._reload_wanted = False
            self._reload(now)
        while self._trials:
            self._try(*self._trials.popleft())
        if self._parts.speech.speaker is not speaker:
            self._report(Fault.SOUND_BACK, now)  # it is another one, which has not failed yet

    def _reload(self, now: float) -> None:
        parts = self._parts
        self._notifier.begin_reload()
        parts.settings_writer.flush()
        told = parts.take_up()
        parts.settings_writer.take_over(self._kept())
        if told:
            parts.speech.enqueue(Announcement.answering(tuple(told)), now)
        self._notifier.end_reload()

    def _try(self, device: str, reply: Reply) -> None:
        self._notifier.begin_long_step()
        try:
            self._parts.try_device(device)
        except AssistantError as error:
            reply(str(error))
        else:
            reply("")
