"""A camera in a browser, followed as the headset follows its own."""

from __future__ import annotations

from dataclasses import replace

from assistant.app.configuration.settings import Settings
from assistant.networks.shipped import shipped_model
from assistant.pictures.reading import decoded
from assistant.speech.announcer_settings import AnnouncerSettings
from assistant.speech.phrases import Phrases
from assistant.web.cameras.browser_cameras import BrowserCamera
from assistant.web.cameras.models import Models
from tests.fakes.classifiers import MovingClassifier


def test_frames_that_come_slowly_are_followed_too(portrait):
    """A gap of three seconds between two frames does not count as a departure."""
    seat = BrowserCamera(Models(shipped_model()), Settings(), Phrases.load("en"))
    seen = seen_by(seat, portrait)
    assert seen[-1]["emotion"] == "happy"
    assert words(seen) == ["looks happy"]


def test_movements_are_said_where_the_settings_want_them(portrait):
    """The page says what the headset would say, here with a model that has an output for movements."""
    models = Models(shipped_model())
    models.classifier = MovingClassifier(shipped_model())
    settings = replace(Settings(), announce=AnnouncerSettings(words="movements"))
    assert words(seen_by(BrowserCamera(models, settings, Phrases.load("en")), portrait)) == ["smiles"]


def seen_by(seat, portrait):
    """Return what the page is given while a camera sends the same picture every three seconds."""
    gray = decoded(portrait, 1)
    return [seat.observe(gray, 100.0 + 3.0 * number) for number in range(8)]


def words(seen):
    """Return what is said."""
    return [phrase for each in seen for phrase in each["said"]]
