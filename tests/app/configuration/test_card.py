"""The settings on the memory card's boot partition: what is right counts, and what is wrong is named with its line."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app.configuration.card import CARD_FILE, card_path, line_of, read_card
from assistant.app.configuration.settings import parse_settings
from assistant.app.configuration.settings_files import load_layers, load_settings, voice_of
from tests.builders.card_files import RIGHT, SAVED_ODDLY, WRONG


@pytest.fixture
def card(tmp_path, monkeypatch):
    """Return the path of the card's file, which does not exist yet; the wearer has changed nothing."""
    path = tmp_path / "boot" / "emotion-assistant.toml"
    path.parent.mkdir()
    monkeypatch.setenv("EMOTION_ASSISTANT_CARD", str(path))
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    return path


def faults_of(path):
    """Return the faults of a file as texts."""
    return [str(fault) for fault in read_card(path).faults]


@pytest.mark.parametrize("content", SAVED_ODDLY.values(), ids=SAVED_ODDLY)
def test_a_file_of_any_computer_is_read(card, content):
    """The ends of lines and the coding do not matter, where they can be told."""
    card.write_bytes(content)
    read = read_card(card)
    assert (read.table, read.faults) == ({"voice": {"language": "de"}, "button": {"gpio": 17}}, ())


@pytest.mark.parametrize(("text", "faults"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_line(card, text, faults):
    """Each fault says what to write instead, or what is allowed."""
    card.write_text(text, encoding="utf-8")
    found = faults_of(card)
    assert len(found) == len(faults)
    for fault, begin in zip(found, faults, strict=True):
        assert fault.startswith(begin), fault
        assert "\n" not in fault


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("# größer\n[voice]\n".encode("latin-1"), "is not saved as UTF-8, see line 1; save it as UTF-8"),
        ("[voice]\n# größer\n".encode("cp1252"), "is not saved as UTF-8, see line 2; save it as UTF-8"),
        (RIGHT.encode("utf-16-le"), "is not saved as UTF-8; save it as UTF-8"),
        (b"\xff\xfe[voic", "is not saved as UTF-8, see line 1; save it as UTF-8"),
        (b"#" * 70_000, "is larger than 64 KB, the largest file that is read"),
    ],
)
def test_a_file_that_is_no_text_is_one_fault(card, content, fault):
    """The message says how to save it."""
    card.write_bytes(content)
    assert faults_of(card) == [fault]


def test_the_right_settings_of_a_wrong_file_count(card):
    """A wrong pin does not keep the headset from speaking the wearer's language."""
    card.write_text('[voice]\nlanguage = "de"\nvolume = 3\n[button]\ngpio = "17"\n', encoding="utf-8")
    layers = load_layers(None)
    assert (layers.settings.voice.language, layers.settings.voice.volume, layers.settings.button.gpio) == (
        "de",
        1.0,
        -1,
    )
    assert [fault.line for fault in layers.card.faults] == [3, 5]


def test_the_card_counts_more_than_the_machine_and_less_than_the_wearer(card, tmp_path):
    """Each setting is taken from the highest file that has it, which is named."""
    machine, own = tmp_path / "machine.toml", tmp_path / "settings.toml"
    machine.write_text("[voice]\nrate_wpm = 200\nvolume = 0.2\nlanguage = 'fr'\n", encoding="utf-8")
    card.write_text("[voice]\nvolume = 0.5\nlanguage = 'de'\n", encoding="utf-8")
    own.write_text("[voice]\nvolume = 0.7\n", encoding="utf-8")
    layers = load_layers(machine)
    voice = layers.settings.voice
    assert (voice.rate_wpm, voice.language, voice.volume) == (200, "de", 0.7)
    assert layers.sources == {"voice.rate_wpm": machine, "voice.language": card, "voice.volume": own}
    assert voice_of(machine).language == "de"


@pytest.mark.parametrize(
    ("machine", "text", "fault"),
    [
        ("button.gpio = 17\n", "[light]\ngpio = 17\n", "line 2: light.gpio = 17: button.gpio has this pin"),
        ("", "voice.board = 'usb'\n[light]\ngpio = 4\n[button]\ngpio = 4\n", "line 3: light.gpio = 4: button.gpio has"),
        ("", "voice.board = 'wm8960'\n\nlight.gpio = 18\n", "line 3: light.gpio = 18: the sound board wm8960 takes"),
    ],
)
def test_a_pin_that_has_another_use_is_left_out(card, tmp_path, machine, text, fault):
    """The rest of the card counts, and the machine's part keeps its pin."""
    config = tmp_path / "machine.toml"
    config.write_text(machine, encoding="utf-8")
    card.write_text(text, encoding="utf-8")
    layers = load_layers(config)
    assert layers.settings.light.gpio == -1
    (found,) = layers.card.faults
    assert str(found).startswith(fault)


def test_a_clash_of_the_machines_own_pins_is_not_the_cards_fault(card, tmp_path):
    """The program refuses it as before."""
    config = tmp_path / "machine.toml"
    config.write_text("button.gpio = 4\nlight.gpio = 4\n", encoding="utf-8")
    card.write_text("[haptics]\nleft_gpio = 5\n", encoding="utf-8")
    assert load_layers(config).card.faults == ()


def test_windows_hides_the_ending_of_a_name(card):
    """Notepad's emotion-assistant.toml.txt is taken too."""
    assert card_path() is None
    named = card.with_name("emotion-assistant.toml.txt")
    named.write_text(RIGHT, encoding="utf-8")
    assert card_path() == named
    assert load_settings(None).button.gpio == 17
    card.touch()
    assert card_path() == card
    assert load_settings(None).button.gpio == -1


def test_the_place_of_the_file():
    """Without the variable it is on the boot partition; an empty variable does not count."""
    assert CARD_FILE.parent.as_posix() == "/boot/firmware"
    assert card_path({"EMOTION_ASSISTANT_CARD": ""}) in (None, CARD_FILE, CARD_FILE.with_name(f"{CARD_FILE.name}.txt"))


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_a_fault(card, make):
    """A folder, a pipe and a link to nothing do not hang, and stop nothing."""
    make(card)
    (fault,) = load_layers(None).card.faults
    assert fault.text.startswith(("cannot be read: ", "is not a file that can be read as a whole"))


@pytest.mark.parametrize(
    ("name", "line"),
    [("voice.language", 3), ("voice", 1), ("button.gpio", 7), ("voice.volume", 0), ("a.b", 9), ("top", 0)],
)
def test_the_line_of_a_setting_is_found(name, line):
    """Quotes around a key and spaces do not matter."""
    text = "[ voice ]\n# language\n  \"language\"= 'de'\n\n[button]\n# gpio = 4\ngpio = 3\n[a]\nb = 1\n"
    assert line_of(text, name) == line


def test_the_sample_has_settings_that_are_right(card):
    """As it is, it sets nothing; with every line in use, it has no fault."""
    text = (Path(__file__).parents[3] / "systemd" / "card.toml").read_text(encoding="utf-8")
    card.write_text(text, encoding="utf-8")
    assert (read_card(card).table, faults_of(card)) == ({}, [])
    _, first, rest = text.partition("# [voice]")
    card.write_text((first + rest).replace("# ", "", 1).replace("\n# ", "\n"), encoding="utf-8")
    assert faults_of(card) == []
    assert set(read_card(card).table["voice"]) == {"language", "board", "device", "volume"}
    assert read_card(card).table["button"] == {"gpio": 17}


PIECES = [
    "[voice]",
    "[",
    "]",
    "language",
    "gpio",
    "=",
    '"',
    "'",
    "de",
    "“",
    "\n",
    "\r\n",
    "\t",
    "#",
    ".",
    "{",
    "}",
    "1",
    "-",
    "\0",
    "e9",
    "true",
]
"""What settings files are made of, right and wrong."""


@given(st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join).map(str.encode)))
def test_no_file_raises_an_error(tmp_path_factory, content):
    """Whatever is in the file, it becomes settings that are right, and faults of one line."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    read = read_card(path)
    parse_settings(read.table)
    lines = content.count(b"\n") + content.count(b"\r") + 1
    for fault in read.faults:
        assert str(fault).strip()
        assert 0 <= fault.line <= lines
