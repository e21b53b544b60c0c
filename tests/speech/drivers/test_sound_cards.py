"""Sound cards are read from the kernel's list, and known boards are recognised among them."""

import pytest

from assistant.errors import SpeechError
from assistant.speech.boards import BOARDS
from assistant.speech.drivers.sound_cards import card_of, opened_name, recognised, sound_cards
from tests.builders.sound_cards import ADAPTER, HDMI, HEADPHONES, MICROPHONE, SEEED, WM8960, asound_tree


def test_cards_that_can_play_are_listed(tmp_path):
    """A microphone is no output; a card keeps the kernel's number."""
    root = asound_tree(tmp_path, HDMI, MICROPHONE, ADAPTER)
    assert [(card.number, card.name, card.title) for card in sound_cards(root)] == [
        (0, "vc4hdmi", "vc4-hdmi"),
        (2, "Audio", "KT USB Audio"),
    ]


@pytest.mark.parametrize(
    ("cards", "boards"),
    [
        ((HDMI, WM8960), [("wm8960soundcard", ("wm8960",))]),
        ((SEEED,), [("seeed2micvoicec", ("respeaker-2mic", "voice-bonnet"))]),
        ((HDMI, HEADPHONES, ADAPTER), [("Headphones", ("headphones",)), ("Audio", ("usb",))]),
        ((HDMI,), []),
        ((MICROPHONE,), []),
        ((), []),
    ],
)
def test_boards_are_recognised(tmp_path, cards, boards):
    """HDMI is no board; two boards whose cards have one name are both named."""
    root = asound_tree(tmp_path, *cards)
    assert [(card.name, names) for card, names in recognised(root)] == boards


def test_a_machine_without_sound_has_no_cards(tmp_path):
    """The kernel has no such folder there."""
    assert sound_cards(tmp_path / "nothing") == ()
    assert card_of("wm8960", tmp_path / "nothing") is None


def test_the_first_usb_adapter_is_opened_by_its_own_name(tmp_path):
    """Other names stay as they are; without an adapter the error says what to do."""
    root = asound_tree(tmp_path, HDMI, MICROPHONE, ADAPTER)
    assert opened_name("usb", root) == "plughw:CARD=Audio,DEV=0"
    assert opened_name("default", root) == "default"
    with pytest.raises(SpeechError, match=r"no USB sound adapter is there: plug it in"):
        opened_name("usb", tmp_path)


@pytest.mark.parametrize("name", BOARDS)
def test_a_boards_output_is_one_of_its_card(name):
    """The name of ALSA's output has the card's name in it, where the card's name is fixed."""
    board = BOARDS[name]
    assert not board.cards or board.device == f"plughw:CARD={board.cards[0]},DEV=0"
    assert all(len(card) <= 15 for card in board.cards), "the kernel cuts a card's name after 15 letters"
    assert board.button_gpio in (-1, *board.pins)
