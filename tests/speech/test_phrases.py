"""The phrases of each language, and the wearer's own."""

import pytest

from assistant.app.configuration.settings import Settings
from assistant.controls.commands import Mode
from assistant.emotion.movements import MOVEMENTS
from assistant.emotions import Emotion
from assistant.errors import ConfigError
from assistant.face.attention import Attention
from assistant.face.position import Direction
from assistant.faults import Fault
from assistant.speech.phrases import Phrases, languages
from assistant.speech.sentences import Wording
from assistant.speech.settings import VoiceSettings

NEEDED = set(Phrases.load("en").all())


def test_english_has_what_the_program_says():
    """English has a phrase for every emotion, fault, mode, direction, look, movement and distance."""
    needed = {
        *(f"{wording}.{emotion}" for wording in (Wording.PLAIN, Wording.HEDGED) for emotion in Emotion),
        *(str(fault) for fault in Fault),
        *(f"mode.{mode}" for mode in Mode),
        *(f"direction.{direction}" for direction in Direction),
        *(f"attention.{attention}" for attention in Attention if attention is not Attention.UNKNOWN),
        *(f"movement.{movement}" for movement in (*MOVEMENTS, "none")),
        *(f"distance.{name}" for name in ("half", "one", "one_and_half", "two", "far")),
    }
    assert needed <= NEEDED


@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_phrase_and_no_other(language):
    """Every language has the same phrases as English."""
    assert set(Phrases.load(language).all()) == NEEDED


@pytest.mark.parametrize("language", languages())
def test_no_two_emotions_sound_alike(language):
    """In every language, each emotion has a plain and a hedged phrase that no other one has."""
    phrases = Phrases.load(language).all()
    said = [phrases[key] for key in phrases if key.startswith(("plain.", "hedged."))]
    assert len(set(said)) == len(said) == 2 * len(Emotion)


@pytest.mark.parametrize("language", languages())
def test_no_two_looks_sound_alike(language):
    """In every language, the three looks have phrases of their own, which are no side of a person either."""
    phrases = Phrases.load(language).all()
    said = [phrases[key] for key in phrases if key.startswith(("attention.", "direction."))]
    assert len(set(said)) == len(said) == 6


@pytest.mark.parametrize("language", languages())
def test_no_two_movements_sound_alike(language):
    """In every language, each movement and a face at rest have phrases of their own, and no emotion has them."""
    phrases = Phrases.load(language).all()
    said = [phrases[key] for key in phrases if key.startswith(("movement.", "plain.", "hedged."))]
    assert len(set(said)) == len(said) == len(MOVEMENTS) + 1 + 2 * len(Emotion)


@pytest.mark.parametrize("language", languages())
def test_no_two_faults_sound_alike(language):
    """In every language, each fault, each end of a fault and each word of the end has a phrase of its own."""
    phrases = Phrases.load(language).all()
    said = [phrases[key] for key in (*map(str, Fault), "stopping", "shutting_down", "battery_empty")]
    assert len(set(said)) == len(said)


def test_wordings_of_ones_own_stand_above_the_languages(tmp_path):
    """The wearer's phrase counts for its key; an error names a key or a value that is wrong."""
    own = tmp_path / "phrases.toml"
    own.write_text('[plain]\nhappy = "smiles"\n[presence]\ngone = "alone"\n', encoding="utf-8")
    phrases = Phrases.load("en", own).all()
    assert (phrases["plain.happy"], phrases["gone"], phrases["plain.sad"]) == ("smiles", "alone", "looks sad")
    for text, complaint in (
        (
            '[plain]\nhapy = "smiles"\n',
            r"phrases.toml: plain.hapy: there is no such phrase; the phrases are plain.angry",
        ),
        ("[plain]\nhappy = 3\n", r"phrases.toml: plain.happy: a text in quotes"),
        ('happy = "smiles"\n', r"phrases.toml: happy: a section is needed, such as \[plain\]"),
        ("[plain", r"phrases.toml: is not valid TOML"),
    ):
        own.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=complaint):
            Phrases.load("en", own)


def test_words_are_about_appearance():
    """No English phrase begins as a statement about what somebody is."""
    texts = Phrases.load("en").all().values()
    assert not [text for text in texts if text.split()[0] in ("he", "she", "they", "is")]


def test_the_language_of_the_settings_exists():
    """The default language has phrases, and a language without phrases raises an error with its name."""
    assert VoiceSettings().language == Settings().voice.language in languages()
    with pytest.raises(ConfigError, match=r"voice.language = 'tlh'"):
        Phrases.load("tlh")
