"""Opens and sets GPIO pins that are outputs, through gpiozero."""

from __future__ import annotations

import logging
import time
import warnings
from typing import Any

from assistant.errors import OutputError

TRIAL_S = 1.0

logger = logging.getLogger(__name__)


class GpioOutput:
    """A pin that is switched on and off. A pin that fails later is logged once, and the headset goes on without it."""

    def __init__(self, setting: str, gpio: int, *, has_strength: bool = False) -> None:
        """Take the pin (BCM number) and switch it off; raise OutputError, which says what is missing.

        `setting` is the name of the setting, for messages. With `has_strength`, values between 0 and 1 are allowed.
        """
        self._name = f"{setting} = {gpio}"
        self._device = _open_pin(self._name, gpio, has_strength)
        self._has_failed = False

    def set(self, value: float) -> None:
        """Switch the pin on with 1, off with 0, or on for a share of the time."""
        try:
            self._device.value = value
        except Exception as error:  # lgpio's error has no parent but this
            if not self._has_failed:
                logger.warning("%s: the pin cannot be set: %s", self._name, error)
            self._has_failed = True

    def close(self) -> None:
        """Switch the pin off and free it; a second call does nothing."""
        if not self._device.closed:
            self.set(0)
            self._device.close()


def try_output(setting: str, gpio: int, strength: float = 1.0) -> None:
    """Switch a pin on for a second; raise OutputError when it cannot be used."""
    output = GpioOutput(setting, gpio, has_strength=strength < 1)
    try:
        output.set(strength)
        time.sleep(TRIAL_S)
    finally:
        output.close()


def _open_pin(name: str, gpio: int, has_strength: bool) -> Any:
    try:
        from gpiozero import DigitalOutputDevice, PWMOutputDevice
        from gpiozero.exc import GPIOZeroError, PinFactoryFallback
    except ImportError as error:
        raise OutputError(f"{name}: {error}; install the extra 'pi'") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PinFactoryFallback)  # when no pin factory is left, gpiozero raises an error
            return PWMOutputDevice(gpio) if has_strength else DigitalOutputDevice(gpio)
    except (GPIOZeroError, OSError) as error:
        raise OutputError(f"{name}: the pin cannot be used: {error}") from error
