"""The motors that the wearer feels, on GPIO pins."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import ExitStack

from assistant.outputs.drivers.gpio_outputs import GpioOutput
from assistant.outputs.haptics import nearest_side, pulses

CLOSE_TIMEOUT_S = 1.0

SETTINGS = {"left": "haptics.left_gpio", "ahead": "haptics.middle_gpio", "right": "haptics.right_gpio"}
"""The setting of each motor, for messages."""


class Motors:
    """Plays rhythms in a thread. A rhythm that has begun is played to its end; meanwhile only the newest one waits."""

    def __init__(self, gpios: Mapping[str, int], strength: float = 1.0, tempo: float = 1.0) -> None:
        """Take the pins (BCM numbers, by side); raise OutputError, which says what is missing.

        `strength` is from 0 to 1; with a `tempo` of 2 everything lasts half as long.
        """
        self._strength, self._tempo = strength, tempo
        with ExitStack() as opened:
            self._motors: dict[str, GpioOutput] = {}
            for side, gpio in gpios.items():
                self._motors[side] = motor = GpioOutput(SETTINGS[side], gpio, has_strength=True)
                opened.callback(motor.close)
            opened.pop_all()
        self._condition = threading.Condition()
        self._waiting: tuple[str, str] | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="haptics", daemon=True)
        self._thread.start()

    def feel(self, name: str, side: str) -> None:
        """Begin the rhythm of `name` on a side, without waiting."""
        with self._condition:
            self._waiting = name, side
            self._condition.notify()

    def close(self) -> None:
        """Stop every motor and free its pin. A second call does nothing."""
        self._closed.set()
        with self._condition:
            self._condition.notify()
        self._thread.join(CLOSE_TIMEOUT_S)
        for motor in self._motors.values():
            motor.close()

    def _run(self) -> None:
        while (wanted := self._next()) is not None:
            name, side = wanted
            motor = self._motors[nearest_side(side, list(self._motors))]
            for pulse in pulses(name):
                motor.set(self._strength)
                self._closed.wait(pulse.on_s / self._tempo)
                motor.set(0)
                if self._closed.wait(pulse.rest_s / self._tempo):
                    return

    def _next(self) -> tuple[str, str] | None:
        """Wait for a rhythm; return None when the motors are closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._waiting is not None or self._closed.is_set())
            wanted, self._waiting = self._waiting, None
            return None if self._closed.is_set() else wanted
