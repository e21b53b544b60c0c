"""The wearer's buttons on GPIO pins, through gpiozero."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from assistant.controls.commands import Command, Edge, Inbox, Input
from assistant.errors import ButtonError

SPIKE_S = 0.005
"""A shorter change is a spark's, no finger's: the pin's driver drops it."""

BOUNCE_S = 0.03
"""A change so soon after another is the contact's bouncing, which lasts 1 to 20 ms with common switches."""


class Contact:
    """Removes the bounce of one contact: its first change counts at once, and then what it comes to rest at."""

    def __init__(self, *, pressed: bool) -> None:
        self._level = self._counted = pressed
        self._moved_s = float("-inf")

    def change(self, pressed: bool, now: float) -> list[Edge]:
        """Take a change of the level; returns what counts."""
        if now - self._moved_s < BOUNCE_S:
            self._level, self._moved_s = pressed, now
            return []
        before = self._count()
        self._level, self._moved_s = pressed, now
        return before + self._count()

    def look(self, pressed: bool, now: float) -> list[Edge]:
        """Take the level as it is now: it counts once it rests, be it that the driver lost its change."""
        if pressed != self._level:
            self._level, self._moved_s = pressed, now
        return self._count() if now - self._moved_s >= BOUNCE_S else []

    def _count(self) -> list[Edge]:
        if self._counted == self._level:
            return []
        self._counted = self._level
        return [Edge(self._level, self._moved_s)]


class GpioButtons:
    """The button, and where there are any those for louder and quieter, each between its pin and ground."""

    def __init__(
        self, gpio: int, louder_gpio: int = -1, quieter_gpio: int = -1, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the pins (BCM numbers, -1 for none); ButtonError says what is missing."""
        self._now = now
        self._lock = threading.Lock()
        self._inbox = Inbox()
        self._watched: list[tuple[Any, Contact, Command | None]] = []
        pins = (("gpio", gpio, None), ("louder_gpio", louder_gpio, Command.LOUDER))
        for name, number, command in (*pins, ("quieter_gpio", quieter_gpio, Command.QUIETER)):
            if number >= 0:
                self._watch(f"button.{name} = {number}", number, command)

    def take(self) -> list[Input]:
        """The edges and commands since the last call."""
        with self._lock:
            for device, contact, command in self._watched:
                self._put(contact.look(bool(device.is_active), self._now()), command)
        return self._inbox.take()

    def close(self) -> None:
        """Let go of the pins."""
        for device, _, _ in self._watched:
            device.close()
        self._watched = []

    def _watch(self, setting: str, number: int, command: Command | None) -> None:
        try:
            device = _open_pin(setting, number)
        except ButtonError:
            self.close()
            raise
        pressed = bool(device.is_active)
        if pressed and command is None:
            self._inbox.put(Edge(True, self._now(), by_hand=False))
        contact = Contact(pressed=pressed)
        device.when_activated = partial(self._change, contact, command, True)
        device.when_deactivated = partial(self._change, contact, command, False)
        self._watched.append((device, contact, command))

    def _change(self, contact: Contact, command: Command | None, pressed: bool) -> None:
        with self._lock:  # gpiozero calls from a thread of its own
            self._put(contact.change(pressed, self._now()), command)

    def _put(self, edges: list[Edge], command: Command | None) -> None:
        for edge in edges:
            if command is None:
                self._inbox.put(edge)
            elif edge.pressed:
                self._inbox.put(command)


def _open_pin(setting: str, number: int) -> Any:
    try:
        from gpiozero import DigitalInputDevice
        from gpiozero.exc import GPIOZeroError, PinFactoryFallback
    except ImportError as error:
        raise ButtonError(f"{setting}: {error}; install the extra 'pi'") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PinFactoryFallback)  # the error tells when none is left
            return DigitalInputDevice(number, pull_up=True, bounce_time=SPIKE_S)
    except (GPIOZeroError, OSError) as error:
        raise ButtonError(f"{setting}: the pin cannot be used: {error}") from error
