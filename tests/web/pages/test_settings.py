"""The settings page."""

from __future__ import annotations

import dataclasses
import re

import pytest

from assistant.app.configuration.settings import Settings
from tests.web.client import Client

OWN = """# what the wearer likes
[voice]
volume = 0.5  # not so loud
"""


@pytest.fixture
def own(state):
    """Return a settings file that a person wrote by hand."""
    state.mkdir()
    (state / "settings.toml").write_text(OWN, encoding="utf-8")
    return state / "settings.toml"


def test_every_setting_has_a_labelled_field(client):
    """Each field has a label, its explanation, and its bounds or choices."""
    text = client.get("/settings").text
    for section in dataclasses.fields(Settings):
        for each in dataclasses.fields(section.default):
            assert f'for="{section.name}-{each.name}"' in text or f'id="{section.name}-{each.name}"' in text
            assert each.metadata["doc"].split("'")[0].split(">")[0][:30] in text
    assert "A number from 0.05 to 10 seconds" in text


def test_what_is_changed_is_kept_and_comments_stay(own, client):
    """Only the changed setting is written, and comments stay."""
    answer = client.post("/settings", {"section": "voice", "voice.volume": "0,7", "voice.rate_wpm": "0"})
    assert (answer.status, answer.headers["location"]) == (303, "/settings?saved=voice#voice")
    assert own.read_text(encoding="utf-8") == OWN.replace("0.5", "0.7")
    assert "Saved: voice." in client.get("/settings?saved=voice").text


def test_it_stands_above_the_machines_file(serve, state, tmp_path):
    """The page writes the wearer's file, and the machine's file stays as it is."""
    machine = tmp_path / "machine.toml"
    machine.write_text("[voice]\nvolume = 0.4\nrate_wpm = 150\n")
    client = Client(serve(config=machine).address.url)
    assert 'name="voice.rate_wpm" value="150"' in client.get("/settings").text
    client.post("/settings", {"section": "voice", "voice.volume": "0.9"})
    text = client.get("/settings").text
    assert 'name="voice.volume" value="0.9"' in text
    assert 'name="voice.rate_wpm" value="150"' in text
    assert machine.read_text() == "[voice]\nvolume = 0.4\nrate_wpm = 150\n"


def test_a_box_that_is_not_ticked_is_off(client, state):
    """A browser sends only the hidden field of a box that is not ticked."""
    client.post("/settings", {"section": "voice", "voice.stays_open": "false"})
    assert (state / "settings.toml").read_text() == "[voice]\nstays_open = false\n"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("voice.volume", "2", "Allowed is a number from 0 to 1."),
        ("voice.volume", "nan", "Allowed is a number from 0 to 1."),
        ("voice.volume", "", "Nothing is not allowed."),
        ("voice.language", "xx", "Allowed is ar or de or en"),
        ("camera.width_px", "640.5", "a whole number from 160 to 1920 pixels"),
        ("camera.width_px", "9" * 400, "a whole number from 160"),
        ("remote.device", "a\x00b", "text of at most 200 characters"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(own, client, name, value, words):
    """The error stands at its field, and no value of the form is saved."""
    section = name.partition(".")[0]
    right = {"voice.rate_wpm": "200"} if section == "voice" else {}
    answer = client.post("/settings", {"section": section, name: value, **right})
    assert answer.status == 422
    assert own.read_text(encoding="utf-8") == OWN
    field = name.replace(".", "-")
    assert words in answer.text
    assert re.search(
        rf'id="{field}"[^>]*aria-describedby="{field}-doc {field}-error"[^>]*aria-invalid="true"', answer.text
    )
    assert f'href="#{field}"' in answer.text
    assert "<title>Error: Settings" in answer.text


@pytest.mark.parametrize(
    ("section", "fields", "words"),
    [
        ("voice", {"voice.rate_wpm": "50"}, "could not speak with these settings: voice.rate_wpm = 50"),
        ("voice", {"voice.device": "nosuchdevice"}, "could not speak"),
        ("button", {"button.gpio": "4", "button.louder_gpio": "4"}, "button.gpio has this pin"),
        ("battery", {"battery.source": "command"}, "set battery.command too"),
        ("nothing", {}, "have no such section"),
    ],
)
def test_what_would_silence_the_headset_is_refused(own, client, section, fields, words):
    """Values that are allowed one by one are refused when the next start would fail with them."""
    answer = client.post("/settings", {"section": section, **fields})
    assert (answer.status, words in answer.text) == (422, True), answer.text
    assert own.read_text(encoding="utf-8") == OWN


@pytest.mark.parametrize("path", ["/dev/zero", "/etc/passwd", "/nowhere.toml", "x.toml", "~/x"])
@pytest.mark.parametrize("name", ["voice.wordings", "battery.command", "web.certificate", "web.key"])
def test_no_file_is_named_from_the_page(own, client, name, path):
    """A setting with a path cannot be changed, and the answer does not say whether the file exists."""
    answer = client.post("/settings", {"section": name.partition(".")[0], name: path})
    assert answer.status == 422
    assert f"{name}: This setting can be changed in the settings file only." in answer.text
    assert own.read_text(encoding="utf-8") == OWN
    assert f'name="{name}"' not in client.get("/settings").text


@pytest.mark.parametrize("path", ["/etc/passwd", "~/voice.onnx", "../voice", "a/b"])
@pytest.mark.parametrize("engine", ["piper", "espeak-ng"])
def test_a_voice_is_chosen_by_its_name_not_by_a_file(own, client, engine, path):
    """The page refuses a file as a voice, and keeps one that the settings file names."""
    fields = {"section": "voice", "voice.engine": engine, "voice.name": path}
    answer = client.post("/settings", fields)
    assert (answer.status, "named in the settings file only" in answer.text) == (422, True)
    own.write_text('[voice]\nname = "/a/voice.onnx"\nvolume = 0.5\n')
    answer = client.post("/settings", fields | {"voice.name": "/a/voice.onnx"})
    assert "named in the settings file only" not in answer.text


@pytest.mark.parametrize("device", ["file:'|touch {ran}',raw", "tee:null,out,raw", "plug:'null'", "{{ type null }}"])
def test_no_device_runs_a_command(own, client, tmp_path, device):
    """A device that would run a command is refused before it is tried."""
    answer = client.post("/settings", {"section": "voice", "voice.device": device.format(ran=tmp_path / "ran")})
    assert (answer.status, "would write files or run commands" in answer.text) == (422, True)
    assert not (tmp_path / "ran").exists()
    assert own.read_text(encoding="utf-8") == OWN


def test_a_damaged_file_is_told_of(own, client):
    """The page says that the damaged file does not count; saving renames it."""
    own.write_text("[voice]\nvolume = loud\n")
    assert "This file is ignored" in client.get("/settings").text
    assert client.post("/settings", {"section": "voice", "voice.volume": "0.6"}).status == 303
    assert own.read_text() == "[voice]\nvolume = 0.6\n"


def test_a_wrong_machines_file_is_told_of(serve, tmp_path):
    """The page opens, says what is wrong, and saves nothing."""
    machine = tmp_path / "machine.toml"
    client = Client(serve(config=machine).address.url)
    assert "cannot be read" in client.get("/settings").text
    assert client.post("/settings", {"section": "voice", "voice.volume": "0.6"}).status == 422
