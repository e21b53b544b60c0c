"""A sound device that is chosen in the page while the headset has the card."""

from __future__ import annotations

import pytest

from tests.fakes.exclusive_card import ExclusiveCard
from tests.running.headset import running_headset
from tests.running.watching import until
from tests.web.client import Client


@pytest.mark.parametrize(("device", "status"), [("plughw:CARD=one", 303), ("plughw:CARD=nowhere", 422)])
def test_the_headset_tries_it_with_its_own_closed(tmp_path, state, monkeypatch, device, status):
    """Another name of the same card is saved and used; an unknown device is refused, and the old voice speaks."""
    card = ExclusiveCard(tmp_path)
    monkeypatch.setenv("PATH", card.environment()["PATH"])
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "cache"))
    with running_headset("empty 300", state, "--voice", "espeak-ng") as address:
        client = Client(address)
        until(card.is_taken)
        answer = client.post("/settings", {"section": "voice", "voice.device": device})
        assert (answer.status, "could not speak" in answer.text) == (status, status == 422)
        until(card.is_taken)
        before_s = card.played_s()
        client.post("/headset", {"command": "status"})
        until(lambda: card.played_s() > before_s)
    written = (state / "settings.toml").read_text(encoding="utf-8") if status == 303 else ""
    assert (device in written) == (status == 303)
