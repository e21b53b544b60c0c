"""Builds the controls that the settings and the command line name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from assistant.controls.commands import Controls
from assistant.controls.drivers.control_socket import ControlSocket
from assistant.controls.drivers.gpio_buttons import GpioButtons
from assistant.controls.drivers.keyboard import TerminalKeys
from assistant.controls.drivers.remote import open_remote
from assistant.controls.protocol import ControlError
from assistant.controls.settings import ButtonSettings, RemoteSettings
from assistant.frame import Clock


@dataclass(frozen=True, slots=True)
class WantedControls:
    """Which controls are wanted."""

    button: ButtonSettings
    remote: RemoteSettings
    keys: bool = False
    """Whether keys of the terminal are read."""
    control: bool = False
    """Whether requests of `assistant ctl` are answered."""


def build_controls(
    wanted: WantedControls, clock: Clock, remarks: list[str], wake: Callable[[], None] = lambda: None
) -> list[Controls]:
    """Return the wanted controls, all open; when one cannot be opened, close the others and raise its error.

    Each input calls `wake`. Only the socket of `assistant ctl` may be missing: the reason then goes
    into `remarks`.
    """
    controls: list[Controls] = []
    with ExitStack() as opened:
        for each in _opened(wanted, clock, remarks, wake):
            opened.callback(each.close)
            controls.append(each)
        opened.pop_all()
    return controls


def _opened(wanted: WantedControls, clock: Clock, remarks: list[str], wake: Callable[[], None]) -> Iterator[Controls]:
    """Open the controls one after the other, so that the caller has those before one that fails."""
    button = wanted.button
    if max(button.gpio, button.louder_gpio, button.quieter_gpio) >= 0:
        yield GpioButtons(button.gpio, button.louder_gpio, button.quieter_gpio, clock.now, wake)
    if wanted.remote.device:
        yield open_remote(wanted.remote, clock.now, wake)
    if wanted.keys:
        yield TerminalKeys(now=clock.now, wake=wake)
    if wanted.control:
        try:
            yield ControlSocket(wake=wake)
        except ControlError as error:
            remarks.append(f"{error}: `assistant ctl` will not work")
