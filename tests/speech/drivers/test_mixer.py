"""The mixer of a sound board is set by amixer, and what cannot be set is told and stops nothing."""

import logging

import pytest

from assistant.speech.drivers.mixer import BoardMixer
from tests.builders.sound_cards import ADAPTER, HDMI, HEADPHONES, SEEED, WM8960, asound_tree
from tests.fakes.recording_amixer import RecordingAmixer

CODEC = ("Left Output Mixer PCM", "Right Output Mixer PCM", "Playback", "Headphone", "Speaker")


@pytest.fixture
def make_amixer(tmp_path, monkeypatch):
    """Return a function that puts an amixer with these controls first on the PATH, and returns it with its folder."""
    return lambda controls: (RecordingAmixer(tmp_path, monkeypatch, controls), tmp_path)


@pytest.mark.parametrize(("board", "card"), [("wm8960", WM8960), ("respeaker-2mic", SEEED), ("voice-bonnet", SEEED)])
def test_the_codec_leads_the_sound_to_its_outputs(tmp_path, monkeypatch, board, card):
    """Each control of the board is set once, on the board's card."""
    amixer = RecordingAmixer(tmp_path, monkeypatch, CODEC)
    assert BoardMixer(board, asound_tree(tmp_path, HDMI, card)).set() == ()
    assert amixer.calls() == [
        [card[0], "sset", "Left Output Mixer PCM", "on"],
        [card[0], "sset", "Right Output Mixer PCM", "on"],
        [card[0], "sset", "Playback", "255"],
        [card[0], "sset", "Headphone", "109"],
        [card[0], "sset", "Speaker", "109"],
    ]


@pytest.mark.parametrize(
    ("board", "card", "controls", "set_to"),
    [
        ("headphones", HEADPHONES, ("PCM",), ["PCM", "0dB", "unmute"]),
        ("headphones", HEADPHONES, ("Headphone",), ["Headphone", "0dB", "unmute"]),
        ("usb", ADAPTER, ("Mic", "Speaker"), ["Speaker", "unmute"]),
    ],
)
def test_the_first_control_that_the_card_has_is_set(make_amixer, board, card, controls, set_to):
    """Adapters and kernels name the same control differently."""
    amixer, folder = make_amixer(controls)
    assert BoardMixer(board, asound_tree(folder, card)).set() == ()
    assert amixer.calls()[-1] == [card[0], "sset", *set_to]


def test_a_control_that_is_missing_is_told_once(tmp_path, monkeypatch, caplog):
    """The other controls are set; the log has the complaint once, although the mixer is set again and again."""
    amixer = RecordingAmixer(tmp_path, monkeypatch, CODEC[1:])
    mixer = BoardMixer("wm8960", asound_tree(tmp_path, WM8960))
    complaint = "the mixer of the sound card wm8960soundcard has no control Left Output Mixer PCM"
    with caplog.at_level(logging.WARNING):
        assert mixer.set() == mixer.set() == (complaint,)
    assert caplog.messages == [complaint]
    assert len(amixer.calls()) == 10


def test_a_card_that_fails_is_told_with_amixers_reason(tmp_path, monkeypatch):
    """One line stands for all controls."""
    amixer = RecordingAmixer(tmp_path, monkeypatch, CODEC)
    amixer.break_down()
    (complaint,) = BoardMixer("wm8960", asound_tree(tmp_path, WM8960)).set()
    assert complaint == (
        "the mixer of the sound card wm8960soundcard cannot be set: "
        "amixer: Control hw:wm8960soundcard open error: No such device"
    )


def test_without_amixer_the_package_is_named(tmp_path, monkeypatch):
    """The mixer is part of alsa-utils."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (complaint,) = BoardMixer("headphones", asound_tree(tmp_path, HEADPHONES)).set()
    assert complaint.endswith("amixer is not installed: sudo apt install espeak-ng libespeak-ng1 alsa-utils")


@pytest.mark.parametrize("board", ["none", "bluetooth", "wm8960"])
def test_without_a_board_nothing_is_set(tmp_path, monkeypatch, board):
    """No board, a board that has no mixer, and a board that is not there."""
    amixer = RecordingAmixer(tmp_path, monkeypatch, CODEC)
    assert BoardMixer(board, asound_tree(tmp_path, HDMI)).set() == ()
    assert amixer.calls() == []
