"""The controls are built from the settings and the command line."""

import os
import sys

import pytest

from assistant.camera.drivers.clocks import RecordingClock
from assistant.controls.build import WantedControls, build_controls
from assistant.controls.commands import Command
from assistant.controls.drivers.control_socket import ControlSocket
from assistant.controls.drivers.gpio_buttons import GpioButtons
from assistant.controls.drivers.keyboard import TerminalKeys
from assistant.controls.settings import ButtonSettings, RemoteSettings
from assistant.errors import AssistantError, ConfigError
from tests.running.watching import until

NO_BUTTON, BUTTONS = ButtonSettings(), ButtonSettings(gpio=17, louder_gpio=22, quieter_gpio=23)
NO_REMOTE = RemoteSettings()


@pytest.fixture(autouse=True)
def runtime(tmp_path, monkeypatch):
    """Return the folder in which the control socket is made."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "run"))
    return tmp_path / "run"


def build(button=NO_BUTTON, remote=NO_REMOTE, **wanted):
    """Build these controls; return them and the remarks."""
    remarks = []
    return build_controls(WantedControls(button, remote, **wanted), RecordingClock(), remarks), remarks


def test_nothing_is_built_that_nobody_wants(runtime):
    """The default settings name no button and no remote, and no socket is made."""
    assert build() == ([], [])
    assert not runtime.exists()


def test_every_wanted_control_is_built(pins, terminal, runtime, monkeypatch):
    """Buttons, the keys of the terminal and the control socket are built, and each of them works."""
    typing, file = terminal
    monkeypatch.setattr(sys, "stdin", file)
    controls, remarks = build(BUTTONS, keys=True, control=True)
    assert [type(each) for each in controls] == [GpioButtons, TerminalKeys, ControlSocket]
    assert remarks == []
    assert (runtime / "control.sock").is_socket()
    buttons, keys, _ = controls
    pins.pin(22).drive_low()
    os.write(typing, b"m")
    heard = []
    until(lambda: heard.extend(keys.take()) or heard)
    assert heard == [Command.NEXT_MODE]
    until(lambda: heard.extend(buttons.take()) or len(heard) > 1)
    assert heard[1:] == [Command.LOUDER]
    for each in controls:
        each.close()


@pytest.mark.parametrize("name", ["gpio", "louder_gpio", "quieter_gpio"])
def test_one_pin_is_enough_for_buttons(pins, name):
    """Each of the three buttons may be the only one."""
    controls, _ = build(ButtonSettings(**{name: 17}))
    assert [type(each) for each in controls] == [GpioButtons]
    controls[0].close()


@pytest.mark.parametrize(
    "wanted", [{"keys": True, "control": True}, {"remote": RemoteSettings(device="Ring", tell="KEY_NOPE")}]
)
def test_when_one_control_fails_the_others_are_closed(pins, runtime, wanted):
    """The pins of the buttons are free again after the keys or the remote have failed; no socket is made."""
    with pytest.raises(AssistantError):
        build(BUTTONS, **wanted)
    assert not runtime.exists()
    controls, _ = build(BUTTONS)
    controls[0].close()


def test_a_program_that_runs_already_is_an_error(pins, runtime):
    """The second program is refused, and its buttons are closed."""
    controls, _ = build(control=True)
    with pytest.raises(ConfigError, match="already running"):
        build(BUTTONS, control=True)
    controls[0].close()
    controls, _ = build(BUTTONS, control=True)
    for each in controls:
        each.close()


def test_a_socket_that_cannot_be_made_is_remarked(pins, runtime):
    """The buttons work without it, and the remark says that `assistant ctl` does not."""
    runtime.touch()
    controls, remarks = build(BUTTONS, control=True)
    assert [type(each) for each in controls] == [GpioButtons]
    (remark,) = remarks
    assert remark.startswith(f"control socket {runtime}/control.sock: ")
    assert "`assistant ctl`" in remark
    controls[0].close()
