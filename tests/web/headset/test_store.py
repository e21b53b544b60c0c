"""The store of the wearer's settings, as the page uses it."""

from __future__ import annotations

import pytest

from assistant.errors import ConfigError
from assistant.web.headset.store import SettingsStore


def test_the_store_keeps_nothing_else(state):
    """A setting that the page may not change is refused, whoever calls the store."""
    with pytest.raises(ConfigError, match=r"web\.key: This setting can be changed in the settings file only"):
        SettingsStore(None, state / "settings.toml").save({"web.key": "/etc/passwd"})
    assert not state.exists()
