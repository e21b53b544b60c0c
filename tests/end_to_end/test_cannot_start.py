"""The wearer hears why the headset cannot start, also on a sound device for one program only."""

import json
import shutil

import pytest

from assistant.networks.cards import card_path
from assistant.networks.shipped import shipped_model
from tests.builders.headset_files import settings_file
from tests.fakes.exclusive_card import ExclusiveCard


@pytest.fixture
def card(tmp_path):
    """Return a sound card that no program has."""
    return ExclusiveCard(tmp_path)


@pytest.fixture
def start(assistant, card, tmp_path):
    """Return a function that starts a headset with these settings."""

    def start(settings, *arguments):
        config = settings_file(tmp_path, settings)
        given = ("--camera", "simulated:empty 1", "--voice", "espeak-ng", "--config", config, *arguments)
        return assistant("run", *given, **card.environment())

    return start


def test_the_sound_device_is_free_for_the_reason(card, start):
    """A pin fails while the voice has the card already; the reason is said, and the next start does not repeat it."""
    ran = start("button.gpio = 17\n")
    assert (ran.code, card.told()) == (1, ["cannot_start"]), ran.err
    said_s = card.played_s()
    assert said_s > 0.3
    assert start("button.gpio = 17\n").code == 1
    assert (card.played_s(), card.told()) == (said_s, ["cannot_start"])


def test_what_nobody_heard_was_not_told(card, start):
    """While another program has the card, the reason cannot be said, and the next start says it."""
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
    """The exit code keeps systemd from trying again, and the wearer hears the reason at each start."""
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
    """A model card that cannot be read is a refused model, and the wearer hears it."""
    model = tmp_path / "model.tflite"
    shutil.copy(shipped_model(), model)
    text = change(json.loads(card_path(shipped_model()).read_text(encoding="utf-8")))
    card_path(model).write_text(text, encoding="latin-1")
    ran = start("", "--model", model)
    assert (ran.code, ran.complaint().startswith("assistant: ")) == (2, True)
    assert (card.told(), card.played_s() > 0) == (["model_refused"], True)
