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
"""A change shorter than this comes from a spark, not from a finger: the driver of the pin drops it."""

BOUNCE_S = 0.03
"""A change this soon after another is the bounce of the contact, which lasts 1 to 20 ms with common switches."""


class Contact:
    """Removes the bounce of one contact: the first change counts at once, then the level at which the contact rests."""

    def __init__(self, *, pressed: bool) -> None:
        self._level = self._counted = pressed
        self._moved_s = float("-inf")

    def change(self, pressed: bool, now: float) -> list[Edge]:
        """Take a change of the level, and return the edges that count."""
        if now - self._moved_s < BOUNCE_S:
            self._level, self._moved_s = pressed, now
            return []
        before = self._count()
        self._level, self._moved_s = pressed, now
        return before + self._count()

    def poll(self, pressed: bool, now: float) -> list[Edge]:
        """Take the level of now, and return the edges that count; this also finds a change that the driver lost."""
        if pressed != self._level:
            self._level, self._moved_s = pressed, now
        return self._count() if now - self._moved_s >= BOUNCE_S else []

    def _count(self) -> list[Edge]:
        if self._counted == self._level:
            return []
        self._counted = self._level
        return [Edge(self._level, self._moved_s)]


class GpioButtons:
    """The button, and the buttons for louder and quieter where there are any, each between its pin and ground."""

    def __init__(
        self,
        gpio: int,
        louder_gpio: int = -1,
        quieter_gpio: int = -1,
        now: Callable[[], float] = time.monotonic,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Take the pins (BCM numbers, -1 for no button); raise ButtonError, which says what is missing.

        `wake` is called with each input.
        """
        self._now = now
        self._lock = threading.Lock()
        self._inbox = Inbox(wake)
        self._watched: list[tuple[Any, Contact, Command | None]] = []
        pins = (("gpio", gpio, None), ("louder_gpio", louder_gpio, Command.LOUDER))
        for name, number, command in (*pins, ("quieter_gpio", quieter_gpio, Command.QUIETER)):
            if number >= 0:
                self._watch(f"button.{name} = {number}", number, command)

    def take(self) -> list[Input]:
        """Return the edges and commands since the last call."""
        with self._lock:
            for device, contact, command in self._watched:
                self._put(contact.poll(bool(device.is_active), self._now()), command)
        return self._inbox.take()

    def close(self) -> None:
        """Free the pins."""
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
        with self._lock:  # gpiozero calls this from its own thread
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
            warnings.simplefilter("ignore", PinFactoryFallback)  # when no pin factory is left, gpiozero raises an error
            return DigitalInputDevice(number, pull_up=True, bounce_time=SPIKE_S)
    except (GPIOZeroError, OSError) as error:
        raise ButtonError(f"{setting}: the pin cannot be used: {error}") from error
