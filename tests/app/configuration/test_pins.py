"""Two uses of one GPIO pin are refused, whatever they are."""

import pytest

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.pins import refuse_equal_pins
from assistant.app.configuration.settings import Settings, parse_settings
from assistant.errors import ConfigError
from assistant.speech.boards import BOARDS


@pytest.mark.parametrize(
    ("table", "refused"),
    [
        ({"button": {"gpio": 17, "louder_gpio": 17}}, r"button\.louder_gpio = 17: button\.gpio has this pin"),
        ({"button": {"gpio": 4, "quieter_gpio": 4}}, r"button\.quieter_gpio = 4"),
        ({"button": {"louder_gpio": 0, "quieter_gpio": 0}}, r"button\.quieter_gpio = 0"),
        ({"button": {"gpio": 17}, "light": {"gpio": 17}}, r"light\.gpio = 17: button\.gpio has this pin"),
        ({"light": {"gpio": 5}, "haptics": {"left_gpio": 5}}, r"haptics\.left_gpio = 5: light\.gpio has this pin"),
        ({"haptics": {"left_gpio": 5, "right_gpio": 5}}, r"haptics\.right_gpio = 5"),
        ({"button": {"quieter_gpio": 6}, "haptics": {"middle_gpio": 6}}, r"haptics\.middle_gpio = 6"),
    ],
)
def test_two_parts_on_one_pin_are_refused(table, refused):
    """The error names both settings and the pin."""
    with pytest.raises(ConfigError, match=refused):
        refuse_equal_pins(parse_settings(table))


@pytest.mark.parametrize(
    ("board", "table", "refused"),
    [
        ("wm8960", {"button": {"louder_gpio": 18}}, r"button\.louder_gpio = 18: the sound board wm8960 takes this pin"),
        ("wm8960", {"light": {"gpio": 17}}, r"light\.gpio = 17: .*: the board's own button is on it; choose another"),
        ("respeaker-2mic", {"haptics": {"left_gpio": 10}}, r"haptics\.left_gpio = 10: .*the board's lights are on it"),
        ("voice-bonnet", {"button": {"gpio": 5}}, r"button\.gpio = 5: .*the board's lights are on it"),
        ("voice-bonnet", {"light": {"gpio": 2}}, r"light\.gpio = 2: .*it sets the board up \(I2C\)"),
    ],
)
def test_a_pin_of_the_sound_board_is_refused(board, table, refused):
    """The error names the setting, the board and what the board uses the pin for."""
    with pytest.raises(ConfigError, match=refused):
        refuse_equal_pins(parse_settings(table | {"voice": {"board": board}}))


@pytest.mark.parametrize("board", BOARDS)
def test_the_boards_own_button_may_be_the_headsets(board):
    """A board leaves the other pins free, and its button can be used."""
    free = {"louder_gpio": 22, "quieter_gpio": 27}
    refuse_equal_pins(parse_settings({"voice": {"board": board}, "button": {"gpio": 17, **free}}))


def test_parts_without_a_pin_share_none():
    """The default settings name no pin, and pins that differ are allowed."""
    refuse_equal_pins(Settings())
    refuse_equal_pins(parse_settings({"button": {"gpio": 17, "louder_gpio": 27}, "light": {"gpio": 22}}))


@pytest.mark.runtime
def test_the_program_refuses_them_before_it_takes_a_pin(pins):
    """No service is built, and no pin is taken."""
    settings = parse_settings({"button": {"gpio": 17}, "light": {"gpio": 17}})
    with pytest.raises(ConfigError, match=r"light\.gpio = 17"):
        build_components(RunOptions(camera="webcam", voice="none"), settings)
    assert pins.pins == {}
