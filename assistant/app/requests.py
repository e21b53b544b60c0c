"""Takes from other threads, and does in the loop's own: a reload, a trial of a sound device, the page's viewers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from assistant.app.components import Components
from assistant.app.reporting.notifier import ServiceNotifier
from assistant.app.reporting.viewer_reporter import ViewerReporter
from assistant.errors import AssistantError
from assistant.faults import Fault
from assistant.speech.announcement import Announcement

Reply = Callable[[str], None]


class Requests:
    """Queues requests; `reload`, `try_device` and `set_viewers` may be called from any thread."""

    def __init__(
        self,
        components: Components,
        notifier: ServiceNotifier,
        report: Callable[[Fault, float], None],
        run_reload: Callable[[], Sequence[str]],
        changed_by_hand: Callable[[], Mapping[str, object]],
    ) -> None:
        """`report` reports a fault; `run_reload` exchanges the settings and returns the keys of the phrases to say."""
        self._components = components
        self._notifier = notifier
        self._report = report
        self._run_reload = run_reload
        self._changed_by_hand = changed_by_hand
        self._viewers = ViewerReporter(components.voice)
        self._reload_wanted = False
        self._trials: deque[tuple[str, Reply]] = deque()

    def reload(self) -> None:
        """Read the settings again at the next turn of the loop."""
        self._reload_wanted = True
        self._components.wake()

    def try_device(self, device: str, reply: Reply) -> None:
        """Try a sound device at the next turn; `reply` is given why it cannot be opened, or an empty text."""
        self._trials.append((device, reply))
        self._components.wake()

    def set_viewers(self, count: int) -> None:
        """Take how many viewers look through the camera on the page."""
        self._viewers.set_viewers(count)
        self._components.wake()

    def on_sound_back(self) -> None:
        """Say again what may not have sounded; to be called in the loop's thread."""
        self._viewers.on_sound_back()

    @property
    def is_watched(self) -> bool:
        """Whether somebody looks through the camera on the page."""
        return self._viewers.is_watched

    def step(self, now: float) -> None:
        """Carry out what was requested; to be called in the loop's thread."""
        voice = self._components.voice
        speaker = voice.speaker
        if self._reload_wanted:
            self._reload_wanted = False
            self._reload(now)
        while self._trials:
            self._try_device(*self._trials.popleft())
        if voice.speaker is not speaker:
            self._report(Fault.SOUND_BACK, now)  # a new speaker has not failed yet
        self._viewers.step(now)

    def _reload(self, now: float) -> None:
        components = self._components
        self._notifier.begin_reload()
        components.settings_writer.flush()
        phrases = self._run_reload()
        components.settings_writer.take_over(self._changed_by_hand())
        if phrases:
            components.voice.enqueue(Announcement.answering(tuple(phrases)), now)
        self._notifier.end_reload()

    def _try_device(self, device: str, reply: Reply) -> None:
        self._notifier.begin_long_step()
        try:
            self._components.voice_exchange.try_device(device)
        except AssistantError as error:
            reply(str(error))
        else:
            reply("")
