"""The button, through gpiozero's mock pins."""

import pytest

from assistant.errors import ButtonError

gpiozero = pytest.importorskip("gpiozero")


@pytest.fixture
def pins(monkeypatch):
    """Pins that a test can move."""
    from gpiozero.pins.mock import MockFactory

    factory = MockFactory()
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.reset()


def test_presses_are_counted(pins):
    """And told once."""
    from assistant.adapters.button import GpioButton

    button = GpioButton(17)
    assert button.take_presses() == 0
    pins.pin(17).drive_low()
    assert (button.take_presses(), button.take_presses()) == (1, 0)
    button.close()


def test_a_pin_that_is_taken_is_named(pins):
    """One line, with the setting."""
    from assistant.adapters.button import GpioButton

    taken = GpioButton(17)
    with pytest.raises(ButtonError, match=r"button\.gpio = 17: the pin cannot be used"):
        GpioButton(17)
    taken.close()
