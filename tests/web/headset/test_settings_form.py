"""What a sent form changes."""

from __future__ import annotations

from assistant.app.configuration.settings import Settings
from assistant.web.headset.settings_form import changed_values


def test_only_what_differs_is_a_change():
    """A value that is sent as it is shown, without the last digits of a float, is no change."""
    settings = Settings()
    assert changed_values(settings, "voice", {"voice.volume": "1", "voice.stays_open": "true"}) == ({}, {})
    assert changed_values(settings, "voice", {"voice.volume": " 0.25 ", "voice.stays_open": "true"}) == (
        {"voice.volume": 0.25},
        {},
    )
