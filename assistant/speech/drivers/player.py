"""Plays sounds on a device that is kept open with silence, so that they start and stop within 80 ms.

Sound is written at most 80 ms ahead to an open device (see `OpenDevice`): this is the delay from `cut` to the last
sample. Silence is written further ahead and is taken back when a sound comes, so that `add` is heard within 60 ms.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from assistant.speech.drivers.open_device import CHANNELS, OpenDevice
from assistant.speech.drivers.sounding import CHUNK_FRAMES, CHUNK_S, Sounding
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import RATE_HZ, Samples
from assistant.speech.guiding.cue import Cue

SILENCE_S = 0.4
"""Seconds of silence in one write. It is more than a chunk of sound, to wake up less often."""

SILENCE_LEAD_S = 0.6
"""At most this much silence waits for the device. It is taken back when a sound comes; a pipe has room for it."""

SHORT_SILENCE, SILENCE = bytes(2 * CHANNELS * CHUNK_FRAMES), bytes(2 * CHANNELS * round(SILENCE_S * RATE_HZ))

LEAD_IN_S = 0.4
"""A device first gets this much silence, because a codec that wakes up loses the beginning (raspberrypi/linux#3106)."""

LINGER_S = 1.0
"""A device that does not stay open is closed after this much silence, because the next phrase often follows soon."""

FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 10.0

WORKS_S = 1.0
"""A device that has taken this much sound works."""

STALE_S = 4.0
"""A phrase that has waited this long for its device is dropped."""

STALE_POLL_S = 0.1
CLOSE_TIMEOUT_S = 3.0


class Player:
    """An outlet that plays sounds: a thread writes them to the device, and opens it again after a failure."""

    def __init__(
        self,
        device: str,
        voice_status: VoiceStatus,
        *,
        volume: float = 1.0,
        stays_open: bool = True,
        before_opening: Callable[[], object] = lambda: None,
    ) -> None:
        """`before_opening` is called in the player's thread each time before the device is opened."""
        self._device = device
        self._before_opening = before_opening
        self._voice_status = voice_status
        self._stays_open = stays_open
        self._sounding = Sounding(volume)
        self._begun_s = self._wanted_until_s = float("-inf")
        self._retry_s = FIRST_RETRY_S
        self._closing = False
        self._finish = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    def begin(self, name: str) -> None:  # noqa: ARG002 - only files need the name
        """Begin a phrase: cut off the phrase before it, and open the device."""
        with self._changed:
            self._sounding.cut()
            self._begun_s = time.monotonic()
            self._wanted_until_s = self._begun_s + LINGER_S
            self._changed.notify_all()

    def add(self, samples: Samples) -> None:
        """Add the next part of the phrase."""
        with self._changed:
            self._sounding.add(samples)
            self._changed.notify_all()

    def end(self) -> None:
        """Wait until the phrase was played or cut off, or has waited too long for a device that is gone."""
        with self._changed:
            while not (self._sounding.over or self._closing):
                self._changed.wait(STALE_POLL_S)
                self._forget_stale()

    def cut(self) -> None:
        """Cut off the sound that is being played, and drop the sounds after it."""
        with self._changed:
            self._sounding.cut()
            self._changed.notify_all()

    def guide(self, cue: Cue | None) -> None:
        """Lead to the face by this sound while no phrase sounds; with None, stop it."""
        with self._changed:
            self._sounding.guide(cue)
            self._changed.notify_all()

    def set_volume(self, volume: float) -> None:
        """Set the volume from now on, from 0 to 1."""
        with self._changed:
            self._sounding.set_volume(volume)

    def close(self, *, finish: bool) -> None:
        """Close the device; with `finish`, only after it has played everything."""
        with self._changed:
            self._closing, self._finish = True, finish
            self._changed.notify_all()
        self._thread.join(CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        while self._wait_until_wanted():
            try:
                self._play()
            except Exception as error:  # whatever the error is, the device is tried again
                self._lost(error)

    def _wait_until_wanted(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._is_wanted())
            return not self._closing

    def _is_wanted(self) -> bool:
        return self._stays_open or not self._sounding.silent or time.monotonic() < self._wanted_until_s

    def _play(self) -> None:
        """Write to the device while it is wanted; raise SpeechError when the device is gone."""
        self._before_opening()
        device = OpenDevice(self._device)
        finish = False
        try:
            while self._is_still_wanted():
                self._feed(device)
            finish = self._finish or not self._closing
        finally:
            device.close(finish=finish)

    def _is_still_wanted(self) -> bool:
        with self._changed:
            return self._is_wanted() and not self._closing

    def _feed(self, device: OpenDevice) -> None:
        """Write the next piece; when there is no room, wait until there is, or until something changes."""
        now = time.monotonic()
        with self._changed:
            nothing_to_play = self._sounding.silent
            if not nothing_to_play:
                device.take_back_silence(now)
            silent = nothing_to_play or device.written_s < LEAD_IN_S
            if nothing_to_play and device.holds_silence_only:
                wait_s, chunk = device.room_in_s(SILENCE_S, now, SILENCE_LEAD_S), SILENCE
            else:
                wait_s, chunk = device.room_in_s(CHUNK_S, now), SHORT_SILENCE
            if wait_s:
                self._changed.wait(wait_s)
                return
            if not silent:
                chunk = self._sounding.next_chunk()
            if self._sounding.over:
                self._changed.notify_all()
            else:
                self._wanted_until_s = now + LINGER_S
        device.write(chunk, now, is_silence=silent)
        if device.taken_s > WORKS_S:
            self._worked()

    def _worked(self) -> None:
        self._retry_s = FIRST_RETRY_S
        if self._voice_status.is_failing("sound"):
            self._voice_status.worked("sound")

    def _lost(self, error: Exception) -> None:
        """Report the failure, and wait for the next attempt, or for the next phrase if that comes earlier."""
        self._voice_status.failed("sound", error)
        with self._changed:
            self._sounding.rewind()
            begun_s = self._begun_s
            self._changed.wait_for(lambda: self._closing or self._begun_s > begun_s, self._retry_s)
            self._forget_stale()
            self._retry_s = min(2 * self._retry_s, LONGEST_RETRY_S)

    def _forget_stale(self) -> None:
        """Drop a phrase that has waited too long for a device that is gone."""
        if self._voice_status.is_failing("sound") and time.monotonic() - self._begun_s > STALE_S:
            self._sounding.cut()
