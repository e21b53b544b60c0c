"""The buttons on gpiozero's mock pins, with a clock that the test moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.camera.drivers.clocks import RecordingClock
from assistant.controls.commands import Edge
from assistant.controls.drivers.gpio_buttons import BOUNCE_S, Contact, GpioButtons
from assistant.controls.gestures import ControlPanel
from assistant.errors import ButtonError

gpiozero = pytest.importorskip("gpiozero")

MAIN, LOUDER, QUIETER = 17, 22, 23
TURN_S = 0.07
"""Of the loop, at fourteen frames a second."""


class Finger:
    """Moves the pins at the clock's time, and keeps the commands of the panel."""

    def __init__(self, pins) -> None:
        self.clock = RecordingClock()
        self.pins = pins
        self.speaking = False
        self.told: list[tuple[float, str]] = []
        self.panel: ControlPanel | None = None

    def start(self) -> Finger:
        """Start the program."""
        self.panel = ControlPanel([GpioButtons(MAIN, LOUDER, QUIETER, now=self.clock.now)])
        return self

    def press(self, pin: int = MAIN) -> None:
        """Press a button."""
        self.pins.pin(pin).drive_low()

    def let_go(self, pin: int = MAIN) -> None:
        """Release a button."""
        self.pins.pin(pin).drive_high()

    def tap(self, pin: int = MAIN, held_s: float = 0.1, bounces: int = 0) -> None:
        """Press and release a button; the contact bounces this often at both, a millisecond apart."""
        for move, back in ((self.press, self.let_go), (self.let_go, self.press)):
            for _ in range(bounces):
                move(pin)
                self.clock.wait(0.001)
                back(pin)
                self.clock.wait(0.001)
            move(pin)
            self.wait(held_s)

    def wait(self, seconds: float) -> None:
        """Let the loop turn for this long."""
        for _ in range(max(1, round(seconds / TURN_S))):
            self.clock.wait(TURN_S)
            now = self.clock.now()
            self.told += [(now, str(command)) for command in self.panel.take(now, speaking=self.speaking)]

    @property
    def commands(self) -> list[str]:
        """The commands so far."""
        return [command for _, command in self.told]


@pytest.fixture
def finger(pins):
    """Yield a finger on the buttons of a program that runs."""
    finger = Finger(pins).start()
    yield finger
    finger.panel.close()


@pytest.mark.parametrize("bounces", [0, 1, 5])
@pytest.mark.parametrize(
    ("taps", "asked"),
    [
        (1, ["tell"]),
        (2, ["tell", "repeat"]),
        (3, ["tell", "repeat", "next mode"]),
        (4, ["tell", "repeat", "next mode", "previous mode", "introduce"]),
        (5, ["tell", "repeat", "next mode", "previous mode", "introduce"]),
    ],
)
def test_presses(finger, taps, asked, bounces):
    """One to five presses give their commands, with clean and with bouncing contacts."""
    for _ in range(taps):
        finger.tap(bounces=bounces)
    finger.wait(1)
    assert finger.commands == asked


def test_a_press_reaches_the_loop_in_its_next_turn(finger):
    """A press counts before its bounces are over, since an answer must begin within a fifth of a second."""
    finger.wait(1)
    at_s = finger.clock.now()
    finger.tap(bounces=3)
    assert finger.told[0] == (pytest.approx(at_s + TURN_S, abs=0.01), "tell")


def test_a_press_silences_what_is_being_said(finger):
    """A press during a phrase is a command to be silent."""
    finger.speaking = True
    finger.tap()
    assert finger.commands == ["silence"]


@pytest.mark.parametrize(
    ("held_s", "asked"),
    [
        (2, ["tell", "status"]),
        (5.5, ["tell", "status", "three", "two", "not switched off"]),
        (9, ["tell", "status", "three", "two", "one", "let go to switch off", "shut down"]),
        (40, ["tell", "status", "three", "two", "one", "let go to switch off", "button stuck", "button free"]),
    ],
)
def test_holds(finger, held_s, asked):
    """By its length, a hold gives the status, the count, the power-off or a stuck button; then the button works."""
    finger.tap(held_s=held_s, bounces=2)
    finger.wait(1)
    finger.tap()
    assert finger.commands == [*asked, "tell"]


def test_a_button_that_is_down_at_the_start_does_nothing_until_it_is_let_go(pins):
    """The button is reported as stuck, and the other buttons work."""
    from gpiozero.pins.mock import MockPWMPin

    class HeldPin(MockPWMPin):
        """A finger is stronger than the resistor that pulls the pin up."""

        def _set_pull(self, value):
            self._pull, self._state = value, False

    pins.pin(MAIN, pin_class=HeldPin)
    finger = Finger(pins).start()
    finger.wait(20)
    finger.tap(LOUDER)
    finger.let_go()
    finger.wait(1)
    finger.tap()
    assert finger.commands == ["button stuck", "louder", "button free", "tell"]
    finger.panel.close()


def test_a_change_that_the_driver_lost_is_found(finger, pins):
    """A release without an edge is detected by reading the pin, so that the button is not stuck for ever."""
    finger.press()
    pins.pin(MAIN).edges = "none"
    finger.let_go()
    finger.wait(1)
    pins.pin(MAIN).edges = "both"
    finger.tap(held_s=0.3)
    finger.wait(1)
    finger.tap()
    assert finger.commands == ["tell", "tell", "tell"]


def test_louder_and_quieter(finger):
    """Each press counts once, however long it is."""
    finger.tap(LOUDER, held_s=3, bounces=2)
    finger.tap(QUIETER, bounces=2)
    finger.tap(QUIETER)
    assert finger.commands == ["louder", "quieter", "quieter"]


def test_edges_carry_the_time_at_which_they_happened(pins):
    """An edge has its own time although the loop takes it ten seconds later."""
    clock = RecordingClock()
    buttons = GpioButtons(MAIN, now=clock.now)
    clock.wait(1)
    pins.pin(MAIN).drive_low()
    clock.wait(0.1)
    pins.pin(MAIN).drive_high()
    clock.wait(10)
    assert buttons.take() == [Edge(True, 1.0), Edge(False, pytest.approx(1.1))]
    assert buttons.take() == []
    buttons.close()


def test_closing_frees_the_pins(pins):
    """The next program can use the pins, and a second close does nothing."""
    for _ in range(2):
        buttons = GpioButtons(MAIN, LOUDER, QUIETER)
        buttons.close()
        buttons.close()
        assert buttons.take() == []


@pytest.mark.parametrize(
    ("numbers", "named"), [((MAIN,), "gpio = 17"), ((4, MAIN), "louder_gpio = 17"), ((4, 5, MAIN), "quieter_gpio = 17")]
)
def test_a_pin_that_is_taken_is_named(pins, numbers, named):
    """The error names the setting, and the pins that were opened before are free again."""
    taken = GpioButtons(MAIN)
    with pytest.raises(ButtonError, match=rf"button\.{named}: the pin cannot be used"):
        GpioButtons(*numbers)
    GpioButtons(4, 5).close()
    taken.close()


LEVELS = st.lists(st.tuples(st.floats(0.0001, 0.2), st.booleans(), st.booleans()), max_size=60)


@given(LEVELS)
def test_what_counts_of_a_contact(steps):
    """Edges alternate, come in the order of time, never before they happened, and end at the state of the contact."""
    contact, now, level, told = Contact(pressed=False), 0.0, False, []
    for pause_s, moves, looks in steps:
        now += pause_s
        if moves:
            level = not level
            told += [(now, edge) for edge in contact.change(level, now)]
        if looks:
            told += [(now, edge) for edge in contact.poll(level, now)]
    now += 2 * BOUNCE_S
    told += [(now, edge) for edge in contact.poll(level, now)]
    edges = [edge for _, edge in told]
    assert [edge.pressed for edge in edges] == [place % 2 == 0 for place in range(len(edges))]
    assert [edge.t_s for edge in edges] == sorted(edge.t_s for edge in edges)
    assert all(edge.t_s <= at_s for at_s, edge in told)
    assert bool(len(edges) % 2) is level


@given(st.lists(st.floats(BOUNCE_S + 0.001, 3), max_size=20))
def test_no_change_of_a_clean_contact_is_lost(pauses):
    """Each change counts at once and at its time, although nobody reads the pin in between."""
    contact, now, level = Contact(pressed=False), 0.0, False
    for pause_s in pauses:
        now, level = now + pause_s, not level
        assert contact.change(level, now) == [Edge(level, now)]


def test_a_short_tap_counts_though_the_next_press_comes_before_anybody_looks():
    """The end of a short tap, which lies within the time of bounces, counts with the next press."""
    contact = Contact(pressed=False)
    assert contact.change(True, 1.0) == [Edge(True, 1.0)]
    assert contact.change(False, 1.02) == []
    assert contact.change(True, 1.2) == [Edge(False, 1.02), Edge(True, 1.2)]
