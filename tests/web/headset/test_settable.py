"""Which settings the page may change."""

from __future__ import annotations

import dataclasses

from assistant.app.configuration.settings import Settings
from assistant.web.headset.settable import SETTABLE


def test_what_the_page_may_set_are_settings_and_no_paths():
    """The settings that the page may not change are listed here, so that a new setting is considered."""
    names = {f"{section.name}.{each.name}" for section in dataclasses.fields(Settings) for each in _fields(section)}
    listed = {f"{section}.{key}" for section, keys in SETTABLE.items() for key in keys.split()}
    assert names - listed == {
        "camera.replay_megapixels",
        "search.near_scan_s",
        "voice.board",
        "voice.wordings",
        "battery.command",
        "web.certificate",
        "web.key",
    }
    assert listed <= names


def _fields(section):
    return dataclasses.fields(section.default)
