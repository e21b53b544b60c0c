"""The light on gpiozero's mock pins."""

import pytest

from assistant.errors import OutputError
from assistant.outputs.build import build_light
from assistant.outputs.drivers.camera_light import CameraLight
from assistant.outputs.settings import LightSettings
from tests.running.watching import until

PIN = 23
FRAME = (None, None, None, None)
"""Of a frame the light needs only that it came."""


@pytest.fixture
def light(pins):
    """Yield a light that goes off a tenth of a second after the last frame."""
    light = CameraLight(PIN, off_after_s=0.1)
    yield light
    light.close()


def test_it_is_on_while_frames_come(light, pins):
    """It is off at first, on with the first frame, off without frames, and on when they come again."""
    pin = pins.pin(PIN)
    assert not pin.state
    for times in (1, 2):
        light.show(*FRAME)
        until(lambda times=times: [state.state for state in pin.states] == [False, *[True, False] * times])


def test_frames_keep_it_on(pins):
    """It stays on without a flicker while the next frame comes in time, by the clock of the loop."""
    clock_s = [0.0]
    light, pin = CameraLight(PIN, now=lambda: clock_s[0]), pins.pin(PIN)
    light.show(*FRAME)
    until(lambda: pin.state)
    for _ in range(20):
        clock_s[0] += 0.5
        light.show(*FRAME)
    light.close()
    assert [state.state for state in pin.states] == [False, True, False]


def test_it_goes_off_when_the_program_ends(pins):
    """Closing it switches it off at once and frees the pin; a second close does nothing."""
    light, pin = CameraLight(PIN), pins.pin(PIN)
    light.show(*FRAME)
    until(lambda: pin.state)
    light.close()
    light.close()
    assert not pin.state
    CameraLight(PIN).close()


def test_a_pin_that_is_taken_is_named(pins, light):
    """The error names the setting and its pin."""
    with pytest.raises(OutputError, match=r"light\.gpio = 23: the pin cannot be used"):
        CameraLight(PIN)


def test_a_pin_that_fails_later_stops_nothing(light, pins, caplog, monkeypatch):
    """It is logged once, and frames go on."""

    def fail(_: float) -> None:
        raise RuntimeError("I/O error")

    monkeypatch.setattr(pins.pin(PIN), "_set_state", fail)
    for _ in range(2):
        light.show(*FRAME)
        until(lambda: "light.gpio = 23: the pin cannot be set: I/O error" in caplog.text)
    monkeypatch.undo()
    light.close()
    assert caplog.text.count("cannot be set") == 1


def test_without_a_pin_there_is_no_light(pins):
    """The default settings build none; a pin builds one."""
    assert build_light(LightSettings()) == []
    (light,) = build_light(LightSettings(gpio=PIN))
    light.close()
