"""The program under systemd: what it notifies, how it obeys signals, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest

from assistant.speech.drivers.espeak.espeak_ng import EspeakNg
from assistant.speech.drivers.phrase_cache import PhraseCache
from assistant.speech.drivers.renderer import RenderedPhrases
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.phrases import Phrases
from tests.builders.headset_files import settings_file, truncated_model
from tests.running.watching import until

ENDS_WITHIN_S = 2.5
"""Two seconds, and what a machine with other work takes."""


class Service:
    """A program that notifies this test as it would notify systemd."""

    def __init__(self, folder, *arguments, command=("assistant", "run"), **environment):
        self.folder = folder
        for name in ("run", "state"):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        (folder / "asound.conf").write_text("pcm.!default { type null }\n", encoding="ascii")
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.listener.bind(str(folder / "notify"))
        self.listener.settimeout(30)
        self.environment = os.environ | {
            "NOTIFY_SOCKET": str(folder / "notify"),
            "WATCHDOG_USEC": "3000000",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
            "RUNTIME_DIRECTORY": str(folder / "run"),
            "STATE_DIRECTORY": str(folder / "state"),
            **environment,
        }
        self.child = subprocess.Popen(
            [sys.executable, "-m", *command, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hear(self, wanted):
        """Wait for a message with these words; return it and those before it."""
        messages = []
        while not messages or wanted not in messages[-1]:
            messages.append(self.listener.recv(4096).decode())
        return messages

    def end(self, number=signal.SIGTERM):
        """Send the signal, and return how long the program took to end."""
        sent_s = time.monotonic()
        self.child.send_signal(number)
        self.out, self.err = self.child.communicate(timeout=20)
        return time.monotonic() - sent_s

    def told(self):
        """Return the faults that the program has stored as said."""
        file = self.folder / "run" / "told.json"
        return json.loads(file.read_text()) if file.exists() else []


@contextmanager
def service(folder, *arguments, **options):
    """Run a program, and leave nothing of it behind."""
    running = Service(folder, *arguments, **options)
    try:
        yield running
    finally:
        running.child.kill()
        running.child.communicate()
        running.listener.close()
        (folder / "notify").unlink()


def test_it_tells_that_it_is_ready_and_takes_up_settings(tmp_path, assistant):
    """A hang-up has the settings read; a change by hand is kept, and the machine's file stays as it is."""
    config = tmp_path / "machine.toml"
    config.write_text("voice.engine = 'espeak-ng'\n", encoding="utf-8")
    arguments = ("--camera", "simulated:empty 300", "--wait-for-camera", "--control", "--config", config)
    with service(tmp_path, *arguments) as running:
        assert "WATCHDOG=1" in running.hear("READY=1") + running.hear("WATCHDOG=1")
        running.hear("STATUS=sees nobody, ")
        assert assistant("ctl", "mode", "ask", **running.environment).code == 0
        config.write_text("voice.engine = 'espeak-ng'\nvoice.volume = 0.5\n", encoding="utf-8")
        running.child.send_signal(signal.SIGHUP)
        (reloading,) = [each for each in running.hear("READY=1") if "RELOADING=1" in each]
        assert "MONOTONIC_USEC=" in reloading
        assert running.hear("mode ask")
        assert running.child.poll() is None
        assert running.end() < ENDS_WITHIN_S
        assert running.hear("STOPPING=1")
    assert running.child.returncode == 0, running.err
    assert "new settings: voice.volume" in running.err
    assert (tmp_path / "state" / "settings.toml").read_text() == '[announce]\nmode = "ask"\n'


def test_a_camera_that_is_missing_is_a_state(tmp_path, assistant):
    """A request is answered, and the next run does not say the missing camera again."""
    for _ in range(2):
        with service(tmp_path, "--camera", "webcam:77", "--wait-for-camera", "--events", "-") as running:
            running.hear("STATUS=no camera: tried again in ")
            answer = json.loads(assistant("ctl", "tell", **running.environment).out)
            assert answer == {"ok": True, "said": "no picture from the camera"}
            until(lambda: running.told() == ["camera_lost"])
            assert running.end() < ENDS_WITHIN_S
        faults = [event["fault"] for event in map(json.loads, running.out.splitlines()) if event["type"] == "fault"]
        assert (running.child.returncode, "Traceback" in running.err) == (0, False)
        assert faults == ["camera_lost"] * (_ == 0)


def test_a_driver_that_hangs_does_not_keep_it_from_being_ready_or_ending(tmp_path):
    """With a camera whose driver hangs, the program is ready and ends in time."""
    with service(tmp_path, command=("tests.fakes.hanging_camera",)) as running:
        running.hear("READY=1")
        running.hear("WATCHDOG=1")
        assert running.end() < ENDS_WITHIN_S
    assert running.child.returncode == 0, running.err


@pytest.mark.parametrize("behaviour", ["exec sleep 60", "kill -9 $$"])
def test_an_engine_that_fails_does_not_keep_it_from_being_ready_or_ending(tmp_path, behaviour):
    """With an engine that hangs or dies, the program is ready and ends in time."""
    (tmp_path / "bin").mkdir()
    engine = tmp_path / "bin" / "espeak-ng"
    engine.write_text(f'#!/bin/sh\ncase "$*" in *-w*) {behaviour};; esac\n', encoding="ascii")
    engine.chmod(0o755)
    options = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "CACHE_DIRECTORY": str(tmp_path / "cache")}
    with service(tmp_path, "--camera", "simulated", "--wait-for-camera", "--voice", "espeak-ng", **options) as running:
        running.hear("READY=1")
        assert running.end() < ENDS_WITHIN_S
    assert running.child.returncode == 0, running.err


@pytest.mark.parametrize("waits", [True, False])
def test_without_a_sound_device_it_is_ready_or_refuses(tmp_path, waits):
    """A program that waits for its devices is ready and reports the fault; any other program refuses to start."""
    wait = ("--wait-for-camera",) if waits else ()
    options = {"ALSA_CONFIG_PATH": "/dev/null"}
    with service(tmp_path, "--camera", "simulated:empty 60", "--voice", "espeak-ng", *wait, **options) as running:
        if waits:
            running.hear("READY=1")
            assert "sound gone" in running.hear("sound gone")[-1]
            running.end()
        running.child.communicate(timeout=30)
    assert running.child.returncode == (0 if waits else 1)


def test_what_no_time_can_mend_ends_with_2(assistant, tmp_path):
    """Wrong settings, a refused model, an unknown voice and two buttons on one pin end the program with 2."""
    demo = ("run", "--camera", "simulated:empty 1", "--fast")
    pins = settings_file(tmp_path, "button.gpio = 17\nbutton.louder_gpio = 17\n")
    cases = {
        "button.louder_gpio = 17: button.gpio has this pin": ("--voice", "none", "--config", pins),
        "SHA-256 differs": ("--voice", "none", "--model", truncated_model(tmp_path)),
    }
    for complaint, arguments in cases.items():
        ran = assistant(*demo, *arguments)
        assert (ran.code, complaint in ran.complaint()) == (2, True)
    voice = settings_file(tmp_path, "voice.name = 'nobody'\n")
    ran = assistant(*demo, "--voice", "espeak-ng", "--config", voice)
    assert (ran.code, "espeak-ng has no voice 'nobody'" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("voice.language = 'de'\ncamera.fps = 'many'\n", "settings_wrong"),
        ("voice.language = 'de'\nvoice.name = 'nobody'\n", "settings_wrong"),
        ("voice.language = 'de'\n", "model_refused"),
    ],
)
def test_the_reason_is_said_in_the_wearers_language(assistant, tmp_path, text, phrase):
    """The reason is rendered in the language of the settings, with a voice that exists."""
    (tmp_path / "asound.conf").write_text("pcm.!default { type null }\n", encoding="ascii")
    environment = {"CACHE_DIRECTORY": str(tmp_path), "ALSA_CONFIG_PATH": str(tmp_path / "asound.conf")}
    model = ("--model", truncated_model(tmp_path)) if phrase == "model_refused" else ()
    arguments = ("--config", settings_file(tmp_path, text), *model)
    ran = assistant("run", "--camera", "simulated:empty 1", "--voice", "espeak-ng", *arguments, **environment)
    german = Phrases.load("de")
    engine = EspeakNg(german.voice.espeak, german.voice.rate_wpm)
    with closing(RenderedPhrases(engine, PhraseCache(tmp_path / "phrases"), VoiceStatus())) as rendered:
        assert (ran.code, german.all()[phrase] in rendered) == (2, True), ran.err


def test_a_recording_is_not_waited_for(assistant, clips):
    """`--wait-for-camera` is refused for a recording."""
    ran = assistant("run", "--camera", f"replay:{clips}/room.mp4", "--wait-for-camera", "--voice", "none")
    assert (ran.code, "is a recording, which does not come later" in ran.complaint()) == (2, True)


def test_a_hang_up_ends_it_on_a_terminal(tmp_path):
    """Without a supervisor, a hang-up ends the program."""
    with service(tmp_path, "--camera", "simulated:empty 60", "--voice", "none", NOTIFY_SOCKET="") as running:
        assert running.child.stderr is not None
        running.child.stderr.readline()
        assert running.end(signal.SIGHUP) < ENDS_WITHIN_S
    assert running.child.returncode == 0
