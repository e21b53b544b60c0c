"""Speech engines: the real ones, and scripted ones that fail as real ones do."""

import os
import shutil
import threading
import time

import pytest

from assistant.errors import SpeechError
from assistant.speech.drivers.child_process import run_until
from assistant.speech.drivers.engine import Voice, VoiceChoice, check_engine, engine_of, render, voices
from assistant.speech.drivers.espeak.espeak_ng import EspeakNg
from assistant.speech.drivers.espeak.pyttsx3_engine import Pyttsx3
from assistant.speech.drivers.piper import Piper
from assistant.speech.drivers.wav import PAUSE_S, RATE_HZ, wav_bytes
from tests.fakes.engines import ScriptedEngine

PIPER = """#!/bin/sh
[ "$1" = --model ] && [ "$3" = --length_scale ] && [ "$5" = --output_file ] || exit 2
exec espeak-ng --stdin -s 120 -w "$6"
"""
"""Stands for Piper: takes its arguments, speaks with another voice."""


@pytest.fixture
def piper(tmp_path, monkeypatch):
    """Install a stand-in for Piper, with two voices in the person's folder."""
    folder = tmp_path / "data" / "piper-voices"
    folder.mkdir(parents=True)
    for name in ("de_DE-thorsten-medium", "en_US-amy-low"):
        (folder / f"{name}.onnx").touch()
        (folder / f"{name}.onnx.json").touch()
    (tmp_path / "piper").write_text(PIPER, encoding="ascii")
    (tmp_path / "piper").chmod(0o755)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return folder


def rendered(engine, text="looks happy", **options):
    """Return the sound of a text."""
    return render(engine, text, threading.Event(), **options)


@pytest.mark.parametrize("engine", ["pyttsx3", "espeak-ng"])
def test_espeak_speaks_by_itself_and_by_pyttsx3(engine):
    """The sound begins at once, ends with a short pause, and is shorter at a higher rate."""
    check_engine(VoiceChoice(engine=engine))
    slow, fast = (rendered(engine_of(VoiceChoice(engine=engine, rate_wpm=rate))) for rate in (150, 300))
    assert 0.4 < len(slow) / RATE_HZ < 1.5
    assert len(fast) < 0.8 * len(slow)
    assert slow[0] != 0
    assert not slow[-round(PAUSE_S * RATE_HZ) :].any()


def test_both_ways_to_espeak_sound_the_same():
    """The voice stays the same when a person changes the engine."""
    by_itself, by_pyttsx3 = rendered(EspeakNg("en", 175)), rendered(Pyttsx3("en", 175))
    assert abs(len(by_itself) - len(by_pyttsx3)) < 0.05 * RATE_HZ


def test_text_is_no_option_and_may_be_of_any_script():
    """A text may begin with a dash or be in Hindi."""
    assert rendered(EspeakNg("en", 175), "--help") is not None
    assert len(rendered(EspeakNg("hi", 175), "खुश दिखता है")) > 0.4 * RATE_HZ


def test_piper_speaks_in_the_rate_of_the_others(piper):
    """Piper gets the text as standard input and the rate as a factor."""
    engine = engine_of(VoiceChoice(engine="piper", rate_wpm=350))
    assert engine == Piper(str(piper / "en_US-amy-low.onnx"), 350)
    assert engine.command(piper)[4] == "0.500"
    assert rendered(engine) is not None


@pytest.mark.parametrize(
    "name", ["de_DE-thorsten-medium", "de_DE-thorsten-medium.onnx", "{folder}/de_DE-thorsten-medium.onnx"]
)
def test_a_voice_of_piper_is_named_by_its_file(piper, name):
    """The name may be the file's name, with or without its ending, or its path."""
    choice = VoiceChoice(engine="piper", voice_name=name.format(folder=piper))
    check_engine(choice)
    assert engine_of(choice).voice == str(piper / "de_DE-thorsten-medium.onnx")


def test_voices_are_listed_with_the_names_that_the_settings_take(piper):
    """The voices of espeak-ng are listed by language, those of Piper by file."""
    assert Voice("en-us", "en-us", "English (America)") in voices("espeak-ng")
    assert voices("pyttsx3") == voices("espeak-ng")
    assert [(voice.language, voice.description) for voice in voices("piper")] == [
        ("de_DE", "de_DE-thorsten-medium"),
        ("en_US", "en_US-amy-low"),
    ]


@pytest.mark.parametrize("name", ["en-us", "en-gb-scotland", "pt-br", "hi", "ar", "en-us+f2"])
def test_a_listed_voice_is_taken_by_both_ways_to_espeak(name):
    """Both engines accept a voice and its variants, which are not listed."""
    for engine in ("pyttsx3", "espeak-ng"):
        check_engine(VoiceChoice(engine=engine, voice_name=name))
        assert rendered(engine_of(VoiceChoice(engine=engine, voice_name=name)), "1 2 3") is not None


@pytest.mark.parametrize("engine", ["pyttsx3", "espeak-ng"])
def test_a_voice_that_is_not_there_is_named(engine):
    """The check and the rendering both raise an error with the voice's name."""
    choice = VoiceChoice(engine=engine, voice_name="nonsense")
    with pytest.raises(SpeechError, match="espeak-ng has no voice 'nonsense': see `assistant voices`"):
        check_engine(choice)
    with pytest.raises(SpeechError, match="voice"):
        rendered(engine_of(choice))


@pytest.mark.parametrize(
    ("ask", "complaint"),
    [
        (lambda: check_engine(VoiceChoice(engine="espeak-ng")), "apt install espeak-ng"),
        (lambda: voices("espeak-ng"), "apt install espeak-ng"),
        (lambda: rendered(EspeakNg("en", 175)), "espeak-ng cannot be started: .*apt install"),
        (lambda: check_engine(VoiceChoice(engine="piper", voice_name="/x.onnx")), "piper is not installed: pip"),
        (lambda: check_engine(VoiceChoice(engine="piper")), "no voice of language 'en': put an .onnx"),
        (lambda: check_engine(VoiceChoice(engine="piper", voice_name="amy")), "no voice called 'amy': put an .onnx"),
        (lambda: voices("piper"), "no voice: put an .onnx file and its .onnx.json into .*/piper-voices"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(tmp_path, monkeypatch, ask, complaint):
    """On a machine without engines, each error says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(SpeechError, match=complaint):
        ask()


def test_pipers_voice_needs_both_its_files(piper):
    """The error names the file that is missing."""
    (piper / "en_US-amy-low.onnx.json").unlink()
    with pytest.raises(SpeechError, match=r"there is no .*en_US-amy-low\.onnx\.json"):
        check_engine(VoiceChoice(engine="piper"))


@pytest.mark.parametrize(
    ("script", "complaint", "options"),
    [
        ("sleep 60", "scripted took more than 0.3 seconds", {"timeout_s": 0.3}),
        ("kill -9 $$", "scripted was killed by signal 9", {}),
        ("echo out of memory >&2; exit 3", "scripted failed: out of memory", {}),
        ("exit 0", "scripted made no sound: no WAV file", {}),
        ("echo nonsense >$0", "scripted made no sound: no WAV file", {}),
        ("cat {silent} >$0", "scripted made no sound of 'looks happy'", {}),
    ],
)
def test_an_engine_that_fails_or_hangs_is_named(tmp_path, script, complaint, options):
    """The error names the engine and what happened, and an engine that hangs is ended."""
    silent = tmp_path / "silent.wav"
    silent.write_bytes(wav_bytes(rendered(EspeakNg("en", 175)) * 0))
    with pytest.raises(SpeechError, match=complaint):
        rendered(ScriptedEngine(script.format(silent=silent)), **options)


def test_a_cancelled_engine_is_ended_at_once():
    """The engine is ended with its children, and there is no sound."""
    cancelled = threading.Event()
    cancelled.set()
    started_s = time.monotonic()
    assert render(ScriptedEngine("sleep 60 & wait"), "looks happy", cancelled) is None
    assert time.monotonic() - started_s < 2
    assert run_until(["sh", "-c", "sleep 60 & wait"], cancelled, 30, "child") is False


@pytest.mark.skipif(shutil.which("nice") is None, reason="nice is not installed")
def test_in_the_background_it_gives_way():
    """The engine runs at a lower priority."""
    script = "test $(nice) -ge 10 && exec espeak-ng --stdin -w $0"
    assert rendered(ScriptedEngine(script), in_background=True) is not None
