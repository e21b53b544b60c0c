"""The doctor's check of the sound board: which card it is, or what to do."""

import os

import pytest

from assistant.errors import SpeechError
from assistant.speech.drivers.board_check import check_board
from tests.builders.sound_cards import HDMI, HEADPHONES, SEEED, WM8960, asound_tree
from tests.fakes.recording_amixer import RecordingAmixer

CODEC = ("Left Output Mixer PCM", "Right Output Mixer PCM", "Playback", "Headphone", "Speaker")


@pytest.fixture
def config(tmp_path):
    """Return the path of a config.txt, which does not exist yet."""
    return tmp_path / "config.txt"


def complaint(board, root, config):
    """Return the words of the error."""
    with pytest.raises(SpeechError) as raised:
        check_board(board, root, (config,))
    return str(raised.value)


def test_a_board_that_is_there_is_named_with_its_card(tmp_path, monkeypatch, config):
    """Its mixer is set too."""
    amixer = RecordingAmixer(tmp_path, monkeypatch, CODEC)
    found = check_board("wm8960", asound_tree(tmp_path, HDMI, WM8960), (config,))
    assert found == "Waveshare WM8960 Audio HAT is sound card 1, wm8960soundcard"
    assert len(amixer.calls()) == 5


def test_a_mixer_that_cannot_be_set_is_a_finding(tmp_path, monkeypatch, config):
    """The board is there, and still would be silent."""
    RecordingAmixer(tmp_path, monkeypatch, CODEC[2:])
    root = asound_tree(tmp_path, SEEED)
    assert "has no control Left Output Mixer PCM" in complaint("voice-bonnet", root, config)


@pytest.mark.parametrize(
    ("board", "text", "words"),
    [
        (
            "wm8960",
            "",
            "Waveshare WM8960 Audio HAT is not there: add the line dtoverlay=wm8960-soundcard to {}, "
            "and restart the Pi",
        ),
        (
            "respeaker-2mic",
            "# dtoverlay=seeed-2mic-voicecard\n",
            "Seeed ReSpeaker 2-Mics Pi HAT is not there: add the line dtoverlay=seeed-2mic-voicecard or "
            "dtoverlay=respeaker-2mic-v2_0 to {}, install its driver "
            "(https://wiki.seeedstudio.com/ReSpeaker_2_Mics_Pi_HAT), and restart the Pi",
        ),
        (
            "wm8960",
            "[all]\ndtoverlay=wm8960-soundcard,alsaname=mine  # sound\n",
            "Waveshare WM8960 Audio HAT is not there, although {} has its line: check that it sits on all pins, "
            "and restart the Pi",
        ),
        (
            "headphones",
            "",
            "the headphone socket of the Raspberry Pi is not there: add the line dtparam=audio=on to {}",
        ),
        ("usb", "", "a USB sound adapter is not there: plug it in"),
    ],
)
def test_a_board_that_is_missing_comes_with_what_to_do(tmp_path, config, board, text, words):
    """The line for config.txt is named, unless it is there already."""
    config.write_text(text, encoding="utf-8")
    assert complaint(board, asound_tree(tmp_path, HDMI), config).startswith(words.format(config))


def test_another_board_does_not_count(tmp_path, config):
    """The headphone socket is not the board that was chosen."""
    assert "is not there" in complaint("wm8960", asound_tree(tmp_path, HEADPHONES), config)


@pytest.mark.parametrize(("listed", "installed"), [("bluealsa\n    Bluetooth Audio\n", True), ("default\n", False)])
def test_bluetooth_needs_bluealsa(tmp_path, monkeypatch, config, listed, installed):
    """An earphone is no card; BlueALSA's output is looked for."""
    (tmp_path / "aplay").write_text(f"#!/bin/sh\nprintf '{listed}'\n", encoding="utf-8")
    (tmp_path / "aplay").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    root = asound_tree(tmp_path)
    if installed:
        assert "BlueALSA is installed" in check_board("bluetooth", root, (config,))
    else:
        assert "sudo apt install bluez-alsa-utils" in complaint("bluetooth", root, config)
