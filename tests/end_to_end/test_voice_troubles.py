"""With any trouble of engine, sound device or cache, emotions are announced and the fault is reported once.

All troubles run at the same time, so that they take no longer than one. benchmarks/pace.py measures the loop's rate.
"""

import json
import shutil

import pytest

from tests.fakes.troubles import TROUBLES, start

FPS = 4
"""So few that a small machine can draw the faces of all runs at once."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return the events of every trouble, by its name."""
    if shutil.which("aplay") is None or shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng or aplay is not installed")
    children = {name: start(trouble, tmp_path_factory.mktemp("trouble"), FPS) for name, trouble in TROUBLES.items()}
    ended = {name: child.communicate(timeout=120) for name, child in children.items()}
    assert {name: child.returncode for name, child in children.items()} == dict.fromkeys(TROUBLES, 0), ended
    return {name: [json.loads(line) for line in out.splitlines()] for name, (out, _) in ended.items()}


@pytest.mark.parametrize("name", TROUBLES)
def test_what_is_seen_is_announced(ran, name):
    """Both emotions are announced, whether they sound or not."""
    emotions = [event["emotion"] for event in ran[name] if event["type"] == "emotion"]
    assert emotions == ["happy", "surprise"]


@pytest.mark.parametrize("name", TROUBLES)
def test_a_fault_is_told_once(ran, name):
    """A trouble that is a fault is reported once, with its reason."""
    faults = [event for event in ran[name] if event["type"] == "fault" and event["fault"] == "voice"]
    assert len(faults) == int(TROUBLES[name].fault)
    assert all(event["message"] for event in faults)
