"""The motors on gpiozero's mock pins."""

import pytest

from assistant.errors import OutputError
from assistant.outputs.build import build_haptics
from assistant.outputs.drivers.motors import Motors
from assistant.outputs.haptics import NoHaptics
from assistant.outputs.settings import HapticsSettings
from tests.running.watching import until

PINS = {"left": 5, "ahead": 6, "right": 13}


def values(pins, side):
    """Return the strengths that the motor of a side was given, the oldest first, without what it began with."""
    return [state.state for state in pins.pin(PINS[side]).states][1:]


@pytest.fixture
def motors(pins):
    """Yield three motors at a third of their strength, which play twenty times as fast."""
    motors = Motors(PINS, strength=0.3, tempo=20)
    yield motors
    motors.close()


def pulses_of(pins, side):
    """Return how often the motor of a side has vibrated, and stands still now."""
    given = values(pins, side)
    while given and given[0] == 0:
        del given[0]
    assert given[::2] == [0.3] * len(given[::2])
    assert given[1::2] == [0] * len(given[1::2])
    return len(given) / 2


@pytest.mark.parametrize(("side", "name", "count"), [("left", "found", 1), ("ahead", "happy", 2), ("right", "fear", 4)])
def test_a_rhythm_is_felt_on_its_side(motors, pins, side, name, count):
    """The motor of the side vibrates with the strength of the settings, and the others stand still."""
    motors.feel(name, side)
    until(lambda: pulses_of(pins, side) == count)
    motors.close()
    assert [pulses_of(pins, each) for each in PINS] == [count if each == side else 0 for each in PINS]


def test_only_the_newest_rhythm_waits(motors, pins, monkeypatch):
    """A rhythm that has begun is played to its end; of those that come meanwhile, the last one follows."""
    left = pins.pin(PINS["left"])
    switch = left._set_state

    def switch_while_others_come(strength):
        switch(strength)
        for name in ("happy", "surprise", "found") if strength else ():
            motors.feel(name, "right")

    monkeypatch.setattr(left, "_set_state", switch_while_others_come)
    motors.feel("sad", "left")
    until(lambda: pulses_of(pins, "right") == 1)
    assert pulses_of(pins, "left") == 2
    motors.close()
    assert pulses_of(pins, "right") == 1


def test_closing_stops_a_motor_at_once(pins):
    """A rhythm is not played to its end, and the pins are free again; a second close does nothing."""
    motors = Motors(PINS)
    motors.feel("sad", "left")
    until(lambda: 1.0 in values(pins, "left"))
    motors.close()
    motors.close()
    assert values(pins, "left")[-1] in (0, None)
    assert values(pins, "left").count(1.0) == 1
    Motors(PINS).close()


def test_a_pin_that_is_taken_is_named(motors, pins):
    """The error names the setting, and the pins that were opened before are free again."""
    with pytest.raises(OutputError, match=r"haptics\.middle_gpio = 6: the pin cannot be used"):
        Motors({"left": 4, "ahead": 6})
    Motors({"left": 4}).close()


def test_motors_are_built_by_their_settings(pins):
    """Without a pin or where nothing is felt there are none; one motor is enough."""
    one = HapticsSettings(right_gpio=13)
    assert isinstance(build_haptics(HapticsSettings()), NoHaptics)
    assert isinstance(build_haptics(one, is_felt=False), NoHaptics)
    motors = build_haptics(one)
    assert isinstance(motors, Motors)
    motors.close()
