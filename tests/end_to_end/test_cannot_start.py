"""Why the headset cannot start is heard, also on a sound device for one program; what sounded counts as told."""

import fcntl
import json
import os
import shutil

import numpy as np
import pytest

from assistant.cards import card_path
from assistant.shipped import shipped_model
from tests.end_to_end.test_bad_input import broken_settings

pytestmark = pytest.mark.runtime

EXCLUSIVE = """#!/bin/bash
exec 9>>"$0.lock"
flock -n 9 || { echo "aplay: main:831: audio open error: Device or resource busy" >&2; exit 1; }
case "$*" in */dev/null) exit 0 ;; esac
cat >>"$0.played"
"""


class Card:
    """A sound card that plays for one program at a time, and what it has played."""

    def __init__(self, folder):
        if not all(map(shutil.which, ("flock", "espeak-ng"))):
            pytest.skip("flock or espeak-ng is not installed")
        self.folder = folder
        self._aplay = folder / "bin" / "aplay"
        self._aplay.parent.mkdir()
        self._aplay.write_text(EXCLUSIVE, encoding="ascii")
        self._aplay.chmod(0o755)

    def environment(self):
        """For a program that plays on it, as a service of systemd."""
        folders = {f"{name}_DIRECTORY": str(self.folder) for name in ("RUNTIME", "STATE", "CACHE")}
        return {"PATH": f"{self._aplay.parent}:{os.environ['PATH']}", **folders}

    def take(self):
        """Another program has it; the file is to be closed."""
        file = self._aplay.with_name("aplay.lock").open("a")
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def played_s(self):
        """How much sound, silence apart, it has played in all, in seconds."""
        played = self._aplay.with_name("aplay.played")
        samples = np.frombuffer(played.read_bytes(), dtype=np.int16) if played.exists() else np.zeros(0)
        return np.count_nonzero(samples) / 2 / 22050

    def told(self):
        """What the program remembers to have told."""
        file = self.folder / "told.json"
        return json.loads(file.read_text()) if file.exists() else []


@pytest.fixture
def card(tmp_path):
    """A card that nobody uses."""
    return Card(tmp_path)


@pytest.fixture
def start(assistant, card, tmp_path):
    """Starts a headset with these settings."""

    def start(settings, *arguments):
        config = broken_settings(tmp_path, settings)
        given = ("--camera", "simulated:empty 1", "--voice", "espeak-ng", "--config", config, *arguments)
        return assistant("run", *given, **card.environment())

    return start


def test_the_sound_device_is_free_for_the_reason(card, start):
    """A later part fails, here a pin, while the voice has the card already: it is said, once."""
    ran = start("button.gpio = 17\n")
    assert (ran.code, card.told()) == (1, ["cannot_start"]), ran.err
    said_s = card.played_s()
    assert said_s > 0.3
    assert start("button.gpio = 17\n").code == 1
    assert (card.played_s(), card.told()) == (said_s, ["cannot_start"])


def test_what_nobody_heard_was_not_told(card, start):
    """Another program has the card: the next start says it."""
    with card.take():
        assert start("button.gpio = 17\n").code == 1
        assert (card.played_s(), card.told()) == (0, [])
    assert start("button.gpio = 17\n").code == 1
    assert card.told() == ["cannot_start"]


@pytest.mark.parametrize(
    ("settings", "wordings"),
    [
        ("[" * 300 + "\n", ""),
        (f"debounce.hold_s = {'9' * 5000}\n", ""),
        ("a" + ".a" * 1500 + " = 1\n", ""),
        ("", f"{'[' * 2000}\n"),
        ("", "ready = 7\n"),
        ("voice.name = 'nobody'\n", ""),
    ],
)
def test_settings_and_phrases_that_cannot_be_used_are_said(card, start, tmp_path, settings, wordings):
    """One line, the exit code after which systemd does not try again, and the wearer hears it each time."""
    if wordings:
        (tmp_path / "phrases.toml").write_text(wordings, encoding="utf-8")
    for _ in range(2):
        before_s = card.played_s()
        ran = start(settings)
        assert (ran.code, ran.complaint().startswith("assistant: ")) == (2, True)
        assert card.played_s() > before_s
    assert card.told() == ["settings_wrong"]


CARDS = {
    "deep": lambda card: "[" * 2000,
    "many digits": lambda card: json.dumps(card).replace("{", '{"edition": ' + "9" * 5000 + ", ", 1),
    "labels that are lists": lambda card: json.dumps(card | {"outputs": [card["outputs"][0] | {"labels": [[]]}]}),
    "not UTF-8": lambda card: json.dumps(card).encode("utf-16").decode("latin-1"),
}


@pytest.mark.parametrize("change", CARDS.values(), ids=CARDS.keys())
def test_a_card_that_cannot_be_used_is_said(card, start, tmp_path, change):
    """As any model that is refused."""
    model = tmp_path / "model.tflite"
    shutil.copy(shipped_model(), model)
    text = change(json.loads(card_path(shipped_model()).read_text(encoding="utf-8")))
    card_path(model).write_text(text, encoding="latin-1")
    ran = start("", "--model", model)
    assert (ran.code, ran.complaint().startswith("assistant: ")) == (2, True)
    assert (card.told(), card.played_s() > 0) == (["model_refused"], True)
