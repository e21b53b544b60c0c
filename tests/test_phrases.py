"""The words."""

import pytest

from assistant.announcer import Wording
from assistant.camera_watch import CameraFault
from assistant.emotions import Emotion
from assistant.errors import ConfigError
from assistant.phrases import Phrases, languages
from assistant.settings import Settings, VoiceSettings

pytestmark = pytest.mark.runtime

NEEDED = {
    *(f"{wording}.{emotion}" for wording in (Wording.PLAIN, Wording.HEDGED) for emotion in Emotion),
    *map(str, CameraFault),
    *("someone", "gone", "nobody", "no_picture", "unsure", "too_small", "too_dark", "too_bright", "too_flat"),
    *("blurred", "turned_away"),
    *("demonstration", "recording"),
}


@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_phrase_and_no_other(language):
    """Nothing the headset may have to say is missing."""
    assert set(Phrases.load(language).all()) == NEEDED


def test_words_are_about_appearance():
    """Never what somebody is."""
    texts = Phrases.load("en").all().values()
    assert not [text for text in texts if text.split()[0] in ("he", "she", "they", "is")]


def test_the_language_of_the_settings_exists():
    """And one that does not is refused by name."""
    assert VoiceSettings().language == Settings().voice.language in languages()
    with pytest.raises(ConfigError, match=r"voice.language = 'tlh'"):
        Phrases.load("tlh")
