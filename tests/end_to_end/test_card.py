"""The headset says that settings on the card are wrong, and goes on with what is right."""

import pytest

from assistant.app.configuration.card import VARIABLE

START = ("run", "--camera", "simulated:neutral 1", "--fast", "--voice", "print")


@pytest.fixture
def start(assistant, tmp_path):
    """Return a function that runs a headset with this text on its card."""

    def start(text, *arguments):
        card = tmp_path / "emotion-assistant.toml"
        card.write_text(text, encoding="utf-8")
        return assistant(*START, *arguments, **{VARIABLE: str(card), "STATE_DIRECTORY": str(tmp_path)})

    return start


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[voice]\nvolume = 3\n", "says: the settings on the card are wrong, line, 2"),
        ("[voice]\nlanguage = 'de'\n\nvolume = “1”\n", "says: the settings on the card are wrong, line, 4"),
        ("[voice]\nlanguage = 'de'\nvolume = 3\n", "says: die Einstellungen auf der Karte sind falsch, Zeile, 3"),
        ("[button]\ngpio = 'x'\n[voice]\nvolume = 3\n", "says: the settings on the card are wrong, line, 2, line, 4"),
        ("{\\rtf1", "says: the settings on the card are wrong"),
        ("[voice]\nrate_wpm = 20\n", "says: the settings on the card are wrong"),
        ("[voice]\nwordings = '/nowhere.toml'\n", "says: the settings on the card are wrong"),
    ],
)
def test_a_wrong_card_is_said_and_stops_nothing(start, text, said):
    """The line is said where it is known, in the card's language where that is right; the log has the reason."""
    ran = start(text)
    assert (ran.code, said in ran.out.splitlines()) == (0, True), ran.err + ran.out
    assert "emotion-assistant.toml: " in ran.err
    assert "Traceback" not in ran.err


def test_a_right_card_counts_without_a_word(start):
    """German is spoken, and nothing is said of the card."""
    ran = start("[voice]\nlanguage = 'de'\n")
    assert (ran.code, "Karte" in ran.out, "Vorführung mit" in ran.out) == (0, False, True), ran.out


def test_what_is_wrong_without_the_card_is_refused_as_before(start, tmp_path):
    """The card is not blamed for the machine's file: the exit code is 2."""
    config = tmp_path / "machine.toml"
    config.write_text("button.gpio = 4\nlight.gpio = 4\n", encoding="utf-8")
    ran = start("[voice]\nvolume = 0.5\n", "--config", config)
    assert ran.code == 2
    assert ran.err.splitlines()[-1] == (
        "assistant: light.gpio = 4: button.gpio has this pin; give each button, motor and the light a pin of its own"
    )


def test_the_doctor_names_what_is_wrong_on_the_card(assistant, tmp_path):
    """A right card is listed with what it sets; the log names a mistake once."""
    card = tmp_path / "emotion-assistant.toml"
    card.write_text("[voice]\nlanguage = 'de'\n", encoding="utf-8")
    folders = {VARIABLE: str(card), "STATE_DIRECTORY": str(tmp_path)}
    ran = assistant("doctor", "card", **folders)
    assert (ran.code, ran.out) == (0, f"ok   card: {card} sets voice.language\n")
    card.write_text("[voice]\nlanguage = de\n", encoding="utf-8")
    ran = assistant("doctor", "card", **folders)
    assert ran.code == 1
    assert ran.out == f'FAIL card: {card}: line 2: a text needs quotation marks: write language = "de"\n'
    assert len(ran.err.splitlines()) == 1, ran.err
