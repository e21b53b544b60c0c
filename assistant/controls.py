"""The controls that the settings and the command line name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from assistant.adapters.button import GpioButtons
from assistant.adapters.control_socket import ControlSocket
from assistant.adapters.keys import TerminalKeys
from assistant.adapters.remote import open_remote
from assistant.commands import Controls
from assistant.control_protocol import ControlError
from assistant.errors import ConfigError
from assistant.ports import Clock
from assistant.settings import ButtonSettings, Settings


def build_controls(
    settings: Settings, clock: Clock, remarks: list[str], *, keys: bool, control: bool
) -> list[Controls]:
    """What the wearer and others command with; only `assistant ctl` may be missing, which is remarked."""
    _refuse_equal_pins(settings.button)
    controls: list[Controls] = []
    with ExitStack() as opened:
        for each in _opened(settings, clock, remarks, keys=keys, control=control):
            opened.callback(each.close)
            controls.append(each)
        opened.pop_all()
    return controls


def _opened(settings: Settings, clock: Clock, remarks: list[str], *, keys: bool, control: bool) -> Iterator[Controls]:
    """One after the other; where one fails, those before it are there."""
    button = settings.button
    if max(button.gpio, button.louder_gpio, button.quieter_gpio) >= 0:
        yield GpioButtons(button.gpio, button.louder_gpio, button.quieter_gpio, clock.now)
    if settings.remote.device:
        yield open_remote(settings.remote, clock.now)
    if keys:
        yield TerminalKeys(now=clock.now)
    if control:
        try:
            yield ControlSocket()
        except ControlError as error:
            remarks.append(f"{error}: `assistant ctl` will find nobody")


def _refuse_equal_pins(button: ButtonSettings) -> None:
    taken: set[int] = set()
    for name in ("gpio", "louder_gpio", "quieter_gpio"):
        pin = getattr(button, name)
        if pin >= 0 and pin in taken:
            raise ConfigError(f"button.{name} = {pin}: another button has this pin; each needs its own")
        taken.add(pin)
