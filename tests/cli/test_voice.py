"""`assistant say`, `assistant voices` and `assistant devices`."""

import os
import shutil

import pytest

from assistant.cli.voice import board_lines
from tests.builders.headset_files import settings_file
from tests.builders.sound_cards import ADAPTER, HDMI, SEEED, asound_tree
from tests.fakes.exclusive_card import ExclusiveCard

pytestmark = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")

SCRIPT = """#!/bin/sh
case "$*" in
  *-L*) printf 'plughw:CARD=one\\n    A card\\nnull\\n    Discard all samples\\n' ;;
esac
"""
"""Stands for an `aplay` that lists one sound output, and one that makes no sound."""


def program(folder, name, script):
    """Put a program of this name first on the PATH; return that PATH."""
    (folder / name).write_text(script, encoding="ascii")
    (folder / name).chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize("engine", [(), ("espeak-ng",), ("pyttsx3",)])
def test_the_voices_of_espeak_are_listed_by_the_names_that_the_settings_take(assistant, engine):
    """Each line has the name, the language and a description; espeak-ng is the engine when none is named."""
    ran = assistant("voices", *engine)
    lines = [line.split(maxsplit=2) for line in ran.out.splitlines()]
    assert (ran.code, ran.err) == (0, "")
    assert ["en-us", "en-us", "English (America)"] in lines
    assert {len(line) for line in lines} == {3}


def test_the_voices_of_piper_are_listed_by_their_files(assistant, tmp_path):
    """Two voices in the folder for Piper's voices are listed with their paths."""
    folder = tmp_path / "piper-voices"
    folder.mkdir()
    for name in ("de_DE-thorsten-medium", "en_US-amy-low"):
        (folder / f"{name}.onnx").touch()
    ran = assistant("voices", "piper", XDG_DATA_HOME=str(tmp_path))
    assert [line.split() for line in ran.out.splitlines()] == [
        [f"{folder}/de_DE-thorsten-medium.onnx", "de_DE", "de_DE-thorsten-medium"],
        [f"{folder}/en_US-amy-low.onnx", "en_US", "en_US-amy-low"],
    ]


def test_where_piper_has_no_voice_the_folder_is_named(assistant, tmp_path):
    """One line says into which folder to put a voice, and the exit code is 1."""
    ran = assistant("voices", "piper", XDG_DATA_HOME=str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert f"{tmp_path}/piper-voices" in ran.complaint()


def test_an_engine_that_does_not_exist_is_refused(assistant):
    """The error lists the engines, and the exit code is 2."""
    ran = assistant("voices", "festival")
    assert (ran.code, ran.out) == (2, "")
    assert "voices festival: allowed is pyttsx3, espeak-ng, piper" in ran.complaint()


def test_an_engine_that_fails_is_one_line(assistant, tmp_path):
    """The last line of espeak-ng is shown, and the exit code is 1."""
    path = program(tmp_path, "espeak-ng", "#!/bin/sh\necho no data >&2\nexit 1\n")
    ran = assistant("voices", PATH=path)
    assert (ran.code, "espeak-ng failed: no data" in ran.complaint()) == (1, True)


def test_all_phrases_are_rendered_for_the_installer(assistant, tmp_path):
    """A second run renders nothing, since every phrase is kept; an engine that fails ends the command with 1."""
    config = settings_file(tmp_path, "voice.engine = 'espeak-ng'\n")
    environment = {"CACHE_DIRECTORY": str(tmp_path)}
    for _ in range(2):
        ran = assistant("voices", "--render", "--config", config, **environment)
        count = len(list((tmp_path / "phrases").iterdir()))
        assert (ran.code, ran.out) == (0, f"{count} of {count} phrases\n")
    (tmp_path / "espeak-ng").write_text('#!/bin/sh\ncase "$*" in *-w*) exit 3;; esac\n', encoding="ascii")
    (tmp_path / "espeak-ng").chmod(0o755)
    environment = {"CACHE_DIRECTORY": str(tmp_path / "new"), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = assistant("voices", "--render", "--config", config, **environment)
    assert (ran.code, ran.err.splitlines()[-1]) == (1, "assistant: espeak-ng failed: ended without a message")


def test_settings_without_phrases_are_refused_before_anything_is_rendered(assistant, tmp_path):
    """A language without phrases ends the command with 2, and no cache is made."""
    wrong = settings_file(tmp_path, "voice.language = 'tlh'\n")
    ran = assistant("voices", "--render", "--config", wrong, CACHE_DIRECTORY=str(tmp_path / "cache"))
    assert (ran.code, "voice.language = 'tlh'" in ran.complaint()) == (2, True)
    assert not (tmp_path / "cache").exists()


@pytest.fixture
def card(tmp_path):
    """Return a sound card that keeps what is played on it."""
    return ExclusiveCard(tmp_path)


def test_a_text_is_said_on_the_sound_device(assistant, card):
    """A text of several words is played, and a longer text takes longer."""
    ran = assistant("say", "--voice", "espeak-ng", "looks", "happy", **card.environment())
    assert (ran.code, ran.err) == (0, "")
    short_s = card.played_s()
    assert short_s > 0.3
    assistant("say", "--voice", "espeak-ng", "--rate", "80", "looks happy and looks surprised", **card.environment())
    assert card.played_s() > 2.5 * short_s


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_headset_is_introduced_to_other_people(assistant, card, tmp_path, language):
    """The two sentences are said in the language of the settings."""
    config = settings_file(tmp_path, f"voice.language = '{language}'\n")
    arguments = ("say", "--introduction", "--voice", "espeak-ng", "--config", config)
    ran = assistant(*arguments, **card.environment())
    assert (ran.code, ran.err) == (0, "")
    assert card.played_s() > 4


@pytest.mark.parametrize("arguments", [(), ("--introduction", "hello")])
def test_either_a_text_or_the_introduction_is_said(assistant, arguments):
    """With none and with both, one line says what is needed, and the exit code is 2."""
    ran = assistant("say", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "say: either TEXT or --introduction is needed" in ran.complaint()


def test_a_busy_sound_device_is_one_line(assistant, card):
    """While another program has the card, nothing is played, and the exit code is 1."""
    with card.take():
        ran = assistant("say", "--voice", "espeak-ng", "looks happy", **card.environment())
    assert (ran.code, "Device or resource busy" in ran.complaint(), card.played_s()) == (1, True, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--voice", "opera"), "--voice 'opera': allowed is pyttsx3, espeak-ng, piper"),
        (("--voice", "espeak-ng", "--name", "nobody"), "espeak-ng has no voice 'nobody'"),
        (("--rate", "79"), "'79': a whole number from 80 to 450 is needed"),
        (("--rate", "fast"), "'fast': a whole number from 80 to 450 is needed"),
        (("--device", "-v"), "argument --device"),
    ],
)
def test_wrong_arguments_of_say_are_named(assistant, arguments, words):
    """The exit code is 2, and the last line says what is allowed."""
    ran = assistant("say", *arguments, "hello")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err.splitlines()[-1]


def test_cameras_and_sound_outputs_are_listed(assistant, tmp_path):
    """Each list has a heading; an output that makes no sound is not listed."""
    ran = assistant("devices", PATH=program(tmp_path, "aplay", SCRIPT))
    lines = ran.out.splitlines()
    assert (ran.code, lines[0]) == (0, "cameras, for --camera:")
    sound = lines.index("sound outputs, for device under [voice] in the settings:")
    assert sound > 1
    boards = lines.index("sound boards, for board under [voice] in the settings:")
    assert [line.split(maxsplit=1) for line in lines[sound + 1 : boards]] == [["plughw:CARD=one", "A card"]]
    assert len(lines) > boards + 1


def test_boards_are_listed_by_the_names_that_the_settings_take(tmp_path):
    """A card that may be one of two boards has both names; that no board was tried is said."""
    root = asound_tree(tmp_path, HDMI, SEEED, ADAPTER)
    never = "this board was never tried with this program"
    assert [(line[2:42].strip(), line[43:]) for line in board_lines(root)] == [
        ("respeaker-2mic or voice-bonnet", f"seeed-2mic-voicecard; {never}"),
        ("usb", f"KT USB Audio; {never}"),
    ]
