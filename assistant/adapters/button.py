"""The wearer's button, on a GPIO pin through gpiozero."""

from __future__ import annotations

import threading
import warnings

from assistant.errors import ButtonError

BOUNCE_S = 0.05


class GpioButton:
    """Counts presses of a button between a pin and ground."""

    def __init__(self, gpio: int) -> None:
        """Take the pin (BCM number); ButtonError says what is missing."""
        try:
            from gpiozero import Button
            from gpiozero.exc import GPIOZeroError, PinFactoryFallback
        except ImportError as error:
            raise ButtonError(f"button.gpio = {gpio}: {error}; install the extra 'pi'") from error
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PinFactoryFallback)  # the error tells when none is left
                self._button = Button(gpio, bounce_time=BOUNCE_S)
        except (GPIOZeroError, OSError) as error:
            raise ButtonError(f"button.gpio = {gpio}: the pin cannot be used: {error}") from error
        self._lock = threading.Lock()
        self._presses = 0
        self._button.when_pressed = self._pressed

    def take_presses(self) -> int:
        """How often it was pressed since the last call."""
        with self._lock:
            presses, self._presses = self._presses, 0
        return presses

    def close(self) -> None:
        """Let go of the pin."""
        self._button.close()

    def _pressed(self) -> None:
        with self._lock:
            self._presses += 1
