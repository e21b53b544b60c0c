"""A camera in a browser, followed as the headset follows its own."""

from __future__ import annotations

from assistant.app.configuration.settings import Settings
from assistant.networks.shipped import shipped_model
from assistant.pictures.reading import decoded
from assistant.speech.phrases import Phrases
from assistant.web.cameras.browser_cameras import BrowserCamera
from assistant.web.cameras.models import Models


def test_frames_that_come_slowly_are_followed_too(portrait):
    """A gap of three seconds between two frames does not count as a departure."""
    settings, phrases = Settings(), Phrases.load("en")
    seat = BrowserCamera(Models(shipped_model()), settings, phrases)
    gray = decoded(portrait, 1)
    seen = [seat.observe(gray, 100.0 + 3.0 * number) for number in range(8)]
    assert seen[-1]["emotion"] == "happy"
    assert [phrase for each in seen for phrase in each["said"]] == ["looks happy"]
