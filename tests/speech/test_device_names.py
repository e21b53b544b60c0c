"""Names of sound outputs: the settings, the commands and the service's last words accept the same ones."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from assistant.app.configuration.card import VARIABLE
from assistant.app.configuration.settings import parse_settings
from assistant.errors import ConfigError
from assistant.speech.boards import BOARDS, NO_BOARD
from assistant.speech.drivers.alsa import check_sound_device
from assistant.speech.drivers.open_device import OpenDevice
from assistant.speech.drivers.sound_cards import opened_name
from assistant.speech.settings import VoiceSettings
from tests.builders.sound_cards import ADAPTER, HDMI, asound_tree

ALLOWED = [
    "default",
    "pulse",
    "hw:0",
    "plughw:1,0",
    "plughw:CARD=Headphones,DEV=0",
    "sysdefault:CARD=vc4hdmi0",
    "bluealsa:SRV=org.bluealsa,DEV=00:11:22:AA:BB:CC,PROFILE=a2dp",
    "my_file",
]
REFUSED = [
    "",
    "file:'|id > {ran}',raw",
    "file:|id>{ran},raw",
    "file",
    "pcm.file:x,raw",
    "FILE:x",
    "plug:file:x",
    "plug:SLAVE=file",
    "plug:'file:x,raw'",
    'plug:"null"',
    "x:FILE=out",
    "tee:null,out,raw",
    "{{ type file }}",
    "default,x y",
    "default;id",
    "/dev/snd",
    "-v",
    "default\n",
    "défaut",
    "default:",
    "x" * 201,
]


def words_device(name: str, tmp_path: Path, key: str = "device", asound: Path = Path()) -> str:
    """Return the device that the service's last words use when the settings name this device, or this board."""
    (tmp_path / "settings.toml").write_text(f'[voice]\n{key} = "{name}"\n', encoding="utf-8")
    return spoken_device(tmp_path, asound)


def spoken_device(tmp_path: Path, asound: Path = Path()) -> str:
    """Return the device that the last words use with the settings that are there."""
    (tmp_path / "failed").touch()
    for program, does in (("espeak-ng", "true"), ("aplay", f'printf %s "$3" > {tmp_path}/device')):
        (tmp_path / program).write_text(f"#!/bin/sh\n{does}\n", encoding="ascii")
        (tmp_path / program).chmod(0o755)
    folders = dict.fromkeys(("STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "RUNTIME_DIRECTORY"), str(tmp_path))
    ended = {"SERVICE_RESULT": "exit-code", "EXIT_CODE": "exited", "EXIT_STATUS": "1"}
    script = Path(__file__).parents[2] / "systemd" / "last-words"
    path = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "ASOUND": str(asound),
        VARIABLE: os.environ[VARIABLE],
    }
    subprocess.run(["sh", script, "ended"], env=folders | ended | path, check=True, timeout=20, capture_output=True)
    return (tmp_path / "device").read_text()


@pytest.mark.parametrize("name", ALLOWED)
def test_names_that_only_open_an_output_are_taken(name, tmp_path):
    """The settings and the last words accept a name that only opens an output."""
    assert parse_settings({"voice": {"device": name}}).voice.device == name
    assert words_device(name, tmp_path) == name


@pytest.mark.parametrize("board", [NO_BOARD, *BOARDS])
def test_the_last_words_know_the_boards(board, tmp_path):
    """They play on the output on which the program plays, also without Python."""
    root = asound_tree(tmp_path, HDMI, ADAPTER)
    output = opened_name(VoiceSettings(board=board).output, root)
    assert words_device(board, tmp_path, "board", root) == output


def test_the_last_words_read_the_card(tmp_path, monkeypatch):
    """Its settings count, also with Windows' ends of lines, unless the wearer's own file says something else."""
    card = tmp_path / "card.toml"
    monkeypatch.setenv("EMOTION_ASSISTANT_CARD", str(card))
    card.with_name("card.toml.txt").write_text('[voice]\r\nboard = "headphones"\r\n', encoding="utf-8", newline="")
    assert spoken_device(tmp_path) == "plughw:CARD=Headphones,DEV=0"
    (tmp_path / "said-that-it-cannot-start").unlink()
    assert words_device("plughw:3", tmp_path) == "plughw:3"


def test_a_device_counts_more_than_the_board():
    """A board's own output plays the voice unless a device is named."""
    assert VoiceSettings(board="headphones").output == "plughw:CARD=Headphones,DEV=0"
    assert VoiceSettings(board="headphones", device="plughw:1").output == "plughw:1"
    assert VoiceSettings().output == "default"


@pytest.mark.parametrize("name", REFUSED)
def test_names_by_which_a_command_could_run_are_refused(name, tmp_path):
    """Settings, trial and player refuse the name; the last words use the default device instead."""
    given = name.format(ran=tmp_path / "ran")
    with pytest.raises(ConfigError, match="allowed is a name that `assistant devices` lists"):
        parse_settings({"voice": {"device": given}})
    for open_it in (check_sound_device, OpenDevice):
        with pytest.raises(ConfigError, match="allowed is a name"):
            open_it(given)
    if '"' not in given and "\n" not in given and len(given) <= 200:
        assert words_device(given, tmp_path) == "default"
    assert not (tmp_path / "ran").exists()


def test_the_command_line_refuses_the_same(assistant, tmp_path):
    """The exit code is 2, the line gives the reason, and no command has run."""
    ended = assistant("say", "--device", f"file:'|id > {tmp_path}/ran',raw", "hello")
    assert ended.code == 2
    assert "argument --device" in ended.err
    assert "ALSA would write files or run commands" in ended.err
    assert not (tmp_path / "ran").exists()
