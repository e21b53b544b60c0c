"""Holds a sound output open through a child process, and writes sound and silence to it."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import subprocess
import termios
import time

from assistant.errors import SpeechError
from assistant.speech.drivers.alsa import complaint, device_option
from assistant.speech.drivers.child_process import INSTALL_HINT, kill_group, last_line
from assistant.speech.drivers.wav import RATE_HZ

CHANNELS = 2
BYTES_PER_S = 2 * CHANNELS * RATE_HZ
ALSA_BUFFER_US, ALSA_PERIOD_US = 50_000, 10_000
LEAD_S = 0.03
"""At most this much sound waits in front of ALSA's buffer. Both hold 80 ms: then a phrase that is cut off has ended."""

SHORTEST_WAIT_S = 0.005
"""How long we wait for aplay to read more from the pipe, which it does once a period."""

PIPE_BYTES = 65536
"""How much silence is taken out of the pipe at once: all that it holds, where a page of memory has 4096 bytes."""

FASTER = 1.002
"""We write 0.2% faster than real time, so that a device with a fast clock never runs out of sound.

With a slow clock the pipe fills, and we wait.
"""

CATCH_UP_S = 0.1
"""When this process could not run, we write at most this much sound at once to catch up."""

OPEN_TIMEOUT_S, STALLED_S = 3.0, 1.0
"""How long a device may take no sound: first while it opens (Bluetooth needs a second or two), then while it plays."""

LONGEST_LOOK_S = 0.5
"""Of the time between two looks at the device at most this counts: perhaps the whole machine stood still."""

DRAIN_TIMEOUT_S = 1.0

logger = logging.getLogger(__name__)


class OpenDevice:
    """An output that a child process, `aplay`, holds open; it plays what is written, in 16 bits and two channels.

    PortAudio would need no child. But a driver that hangs also hangs its caller, and only a child can be killed. A pipe
    cannot be smaller than a page of memory, which on a Raspberry Pi 5 is 186 ms of sound: so we ask how many bytes the
    pipe holds, and wait while they are too many. Silence may fill the pipe, because it can be taken out again. A device
    that takes all sound at once, such as ALSA's null or a file, is held back by our clock.
    """

    def __init__(self, device: str) -> None:
        """Start aplay, which then opens the device; raise SpeechError without aplay, ConfigError for a wrong name."""
        self._device = device
        self._child = _start_aplay(device)
        assert self._child.stdin is not None
        assert self._child.stderr is not None
        self._pipe = self._child.stdin.fileno()
        self._errors = self._child.stderr.fileno()
        os.set_blocking(self._pipe, False)
        os.set_blocking(self._errors, False)
        self._last_errors = b""
        self._sound_bytes = 0
        """How many bytes had been written after the last sound; those after it are silence."""
        self._written_bytes = 0
        self._taken_bytes = 0
        self._without_progress_s = 0.0
        self._looked_at_s = self._written_until_s = time.monotonic()

    @property
    def written_s(self) -> float:
        """How many seconds of sound were written."""
        return self._written_bytes / BYTES_PER_S

    @property
    def taken_s(self) -> float:
        """How many seconds of sound aplay has read; once these are more than ALSA's buffer holds, the device plays."""
        return self._taken_bytes / BYTES_PER_S

    @property
    def holds_silence_only(self) -> bool:
        """Whether aplay had read all sound, and only silence was waiting, when room was last asked for."""
        return self._taken_bytes >= self._sound_bytes

    def room_in_s(self, seconds: float, now: float, lead_s: float = LEAD_S) -> float:
        """Return in how many seconds this much may be written, so that at most `lead_s` seconds wait; 0 is now.

        Raises SpeechError when the device is gone or takes no sound.
        """
        if self._child.poll() is not None:
            raise self._gone()
        self._read_errors()
        waiting_bytes = self._waiting_bytes()
        self._watch_progress(waiting_bytes, now)
        too_much_s = waiting_bytes / BYTES_PER_S + seconds - lead_s
        if too_much_s > 0:
            return max(SHORTEST_WAIT_S, too_much_s)
        return max(0.0, self._written_until_s + seconds - lead_s - now)

    def write(self, chunk: bytes, now: float, *, is_silence: bool = False) -> None:
        """Write a chunk for which `room_in_s` returned 0; raise SpeechError when the device is gone.

        A sound is at most 10 ms long, which a pipe takes whole or not at all; of a longer silence it may take a part.
        """
        try:
            written = os.write(self._pipe, chunk)
        except BlockingIOError:
            written = 0
        except OSError as error:
            raise self._gone() from error
        self._written_bytes += written
        if not is_silence:
            self._sound_bytes = self._written_bytes
        behind_s = max(self._written_until_s, now - CATCH_UP_S)
        self._written_until_s = behind_s + max(written / BYTES_PER_S / FASTER, SHORTEST_WAIT_S)

    def take_back_silence(self, now: float) -> None:
        """Take the silence that waits out of the pipe, so that the next sound begins at once.

        Nothing is taken while sound may wait too, or while no more waits than before any sound. Every write and read is
        of whole frames, and so is the rest.
        """
        if not self.holds_silence_only:
            return
        waiting_s = self._waiting_bytes() / BYTES_PER_S
        self._written_until_s = min(self._written_until_s, now + waiting_s)  # the device may have taken all at once
        if waiting_s <= LEAD_S:
            return
        reader = os.open(f"/proc/self/fd/{self._pipe}", os.O_RDONLY | os.O_NONBLOCK)
        try:
            with contextlib.suppress(BlockingIOError):
                while taken := os.read(reader, PIPE_BYTES):
                    self._written_bytes -= len(taken)
        finally:
            os.close(reader)
        self._sound_bytes = min(self._sound_bytes, self._written_bytes)
        self._written_until_s = min(self._written_until_s, now)

    def close(self, *, finish: bool) -> None:
        """End aplay at once, or with `finish` when it has played all, after `DRAIN_TIMEOUT_S` at the latest."""
        assert self._child.stdin is not None
        assert self._child.stderr is not None
        with contextlib.suppress(OSError):
            if finish:
                self.take_back_silence(time.monotonic())
            self._child.stdin.close()
        if finish:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(DRAIN_TIMEOUT_S)
        kill_group(self._child)
        self._child.stderr.close()

    def _gone(self) -> SpeechError:
        """Return the error with the last line that aplay wrote, once aplay has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(DRAIN_TIMEOUT_S)
        self._read_errors()
        return SpeechError(complaint(self._device, last_line(self._last_errors)))

    def _waiting_bytes(self) -> int:
        count = fcntl.ioctl(self._pipe, termios.FIONREAD, b"\0\0\0\0")
        return int.from_bytes(count, "little")

    def _watch_progress(self, waiting_bytes: int, now: float) -> None:
        self._without_progress_s += min(now - self._looked_at_s, LONGEST_LOOK_S)
        self._looked_at_s = now
        taken_bytes = self._written_bytes - waiting_bytes
        if taken_bytes > self._taken_bytes or not waiting_bytes:
            self._without_progress_s, self._taken_bytes = 0.0, taken_bytes
        allowed_s = STALLED_S if self._taken_bytes else OPEN_TIMEOUT_S
        if self._without_progress_s > allowed_s:
            raise SpeechError(complaint(self._device, f"has taken no sound for {allowed_s:g} s"))

    def _read_errors(self) -> None:
        """Read what aplay writes to standard error, so that it never waits for a reader, and keep the last of it."""
        with contextlib.suppress(BlockingIOError):
            while errors := os.read(self._errors, 4096):
                self._last_errors = errors
                logger.debug("aplay: %s", errors.decode(errors="replace").strip())


def _start_aplay(device: str) -> subprocess.Popen[bytes]:
    shape = ("-t", "raw", "-f", "S16_LE", "-r", str(RATE_HZ), "-c", str(CHANNELS))
    buffers = (f"--buffer-time={ALSA_BUFFER_US}", f"--period-time={ALSA_PERIOD_US}")
    try:
        return subprocess.Popen(
            ("aplay", "-q", *device_option(device), *shape, *buffers, "-"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except OSError as error:
        raise SpeechError(f"aplay cannot be started: {error}; {INSTALL_HINT}") from error
