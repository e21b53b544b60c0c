"""The registry of voice engines: an engine that is added there is in every list, and it speaks."""

import dataclasses
import os
import pkgutil
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

import assistant as package
from assistant.setting import allowed_values
from assistant.speech.drivers.engine import Voice, VoiceChoice, engine_of, render, voices
from assistant.speech.registry import ENGINES, VOICES, allowed_voices
from assistant.speech.settings import VoiceSettings, engine_setting


@dataclasses.dataclass(frozen=True, slots=True)
class Robot:
    """An engine that is not shipped, which speaks with espeak-ng in one voice."""

    voice: str
    rate_wpm: int
    name: str = "robot"

    @classmethod
    def from_choice(cls, choice: VoiceChoice) -> "Robot":
        """Return the engine, whatever voice is chosen."""
        return cls("tin", choice.rate_wpm)

    @staticmethod
    def voices() -> Sequence[Voice]:
        """Return the only voice."""
        return [Voice("tin", "en", "a tin voice")]

    def command(self, target: Path) -> Sequence[str]:
        """Return the command of espeak-ng."""
        return ("espeak-ng", "--stdin", "-w", str(target))

    def check(self) -> None:
        """Accept: nothing can be missing."""


WITH_ROBOT = {**ENGINES, "robot": f"{__name__}:Robot"}


def test_the_lists_of_engines_are_made_from_the_registry():
    """The choices of the setting and the values of `--voice` hold the added engine."""

    @dataclasses.dataclass
    class Settings:
        engine: str = engine_setting(WITH_ROBOT)

    assert allowed_values(dataclasses.fields(Settings)[0]) == "pyttsx3 or espeak-ng or piper or robot"
    assert allowed_voices(WITH_ROBOT) == "auto, pyttsx3, espeak-ng, piper, robot, print, wav:DIR, none"


def test_the_shipped_lists_are_those_of_the_registry():
    """The lists of the program have the engines of the registry and no other."""
    engine = next(each for each in dataclasses.fields(VoiceSettings) if each.name == "engine")
    assert engine.metadata["choices"] == tuple(ENGINES)
    assert allowed_voices(ENGINES) == VOICES


def test_a_registered_engine_has_voices_and_speaks():
    """A class in the registry is enough to list the voices and to speak."""
    assert [voice.name for voice in voices("robot", WITH_ROBOT)] == ["tin"]
    engine = engine_of(VoiceChoice(engine="robot"), WITH_ROBOT)
    assert engine == Robot("tin", 175)
    assert len(render(engine, "looks happy", threading.Event()))


@pytest.mark.parametrize("name", ENGINES)
def test_each_engine_is_called_as_it_is_registered(name):
    """The engine's name, which faults and kept phrases bear, is its name in the registry."""
    assert pkgutil.resolve_name(ENGINES[name])("a voice", 175).name == name


DRIVER = """
from assistant.speech.drivers.engine import Voice

class Robot:
    @staticmethod
    def voices():
        return [Voice("tin", "en", "a tin voice")]
"""
ENTRY = '        "robot": "assistant.speech.drivers.robot:Robot",\n'


@pytest.fixture
def with_robot(tmp_path):
    """Return a function that runs `assistant` from a copy with one more driver and one more line in the registry."""
    copy = tmp_path / "assistant"
    shutil.copytree(Path(package.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "speech" / "drivers" / "robot.py").write_text(DRIVER, encoding="utf-8")
    registry = copy / "speech" / "registry.py"
    before, piper, after = registry.read_text(encoding="utf-8").partition('        "piper"')
    registry.write_text(before + ENTRY + piper + after, encoding="utf-8")

    def run(*arguments):
        command = [sys.executable, "-m", "assistant", *arguments]
        environment = os.environ | {"PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return run


def test_an_engine_is_a_file_and_a_line(with_robot):
    """The command line and the settings know the engine without any other change."""
    assert "pyttsx3 or espeak-ng or robot or piper" in with_robot("settings").stdout
    assert with_robot("voices", "robot").stdout.split() == ["tin", "en", "a", "tin", "voice"]
    assert "allowed is pyttsx3, espeak-ng, robot, piper" in with_robot("say", "--voice", "opera", "x").stderr
