"""`assistant doctor`."""

from dataclasses import replace

import pytest

from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import Layers
from assistant.cli.doctor.checks import examine
from assistant.networks.shipped import shipped_model
from assistant.speech.announcer import NO_MOVEMENTS
from assistant.speech.announcer_settings import AnnouncerSettings
from tests.fakes.classifiers import MovingClassifier, StillClassifier

pytestmark = pytest.mark.runtime


def test_the_doctor_names_what_works(assistant, clips):
    """Each part has one line; a recording serves as the camera."""
    ran = assistant("doctor", "--camera", f"replay:{clips}/room.mp4", "camera", "detector", "model", "voice")
    assert ran.code == 0
    assert [line.split(":")[0] for line in ran.out.splitlines()] == [
        "ok   camera",
        "ok   detector",
        "ok   model",
        "ok   voice",
    ]


@pytest.mark.parametrize(
    ("classifier", "words", "is_named"),
    [(StillClassifier, "movements", True), (StillClassifier, "looks", False), (MovingClassifier, "movements", False)],
)
def test_the_doctor_says_that_a_model_has_no_movements(monkeypatch, classifier, words, is_named):
    """The model works, and the setting that has no effect is named."""
    monkeypatch.setattr("assistant.cli.doctor.checks.TFLiteClassifier", classifier)
    settings = replace(Settings(), announce=AnnouncerSettings(words=words))
    (finding,) = examine(Layers(settings, {}), "simulated", shipped_model(), ["model"])
    assert (finding.works, NO_MOVEMENTS in finding.text) == (True, is_named)


def test_the_doctor_names_what_does_not(assistant, tmp_path):
    """Each part that fails is named with what to do, and the exit code is 1."""
    arguments = ("--camera", f"replay:{tmp_path}/none.mp4", "--model", tmp_path / "none.tflite")
    ran = assistant("doctor", *arguments, ALSA_CONFIG_PATH="/dev/null")
    assert ran.code == 1
    lines = {line[5:].split(":")[0]: line for line in ran.out.splitlines()}
    assert list(lines) == ["camera", "detector", "model", "voice", "sound", "battery"]
    assert "no such file" in lines["camera"]
    assert "there is no such model file" in lines["model"]
    assert "sound device 'default'" in lines["sound"]
    assert [part for part, line in lines.items() if line.startswith("FAIL")] == ["camera", "model", "sound"]


def test_the_doctor_says_what_it_knows_of_the_battery(assistant, tmp_path):
    """A command of one's own is read; one that is set and fails is named."""
    settings = tmp_path / "settings.toml"
    settings.write_text("[battery]\nsource = 'command'\ncommand = 'echo 84% charging'\n", encoding="utf-8")
    ran = assistant("doctor", "battery", "--config", settings)
    assert (ran.code, ran.out) == (0, "ok   battery: 84% full, charging, says the command echo\n")
    settings.write_text("[battery]\nsource = 'command'\ncommand = 'echo full'\n", encoding="utf-8")
    ran = assistant("doctor", "battery", "--config", settings)
    assert (ran.code, ran.out.startswith("FAIL battery: the command echo printed 'full'")) == (1, True)
    settings.write_text("[battery]\nsource = 'command'\n", encoding="utf-8")
    ran = assistant("doctor", "battery", "--config", settings)
    assert (ran.code, "set battery.command too" in ran.complaint()) == (2, True)


def test_the_doctor_tries_the_light_and_the_motors(assistant, tmp_path):
    """Where the settings give pins, the light is lit and each motor vibrates; a part without a pin fails by name."""
    pytest.importorskip("gpiozero")
    settings = tmp_path / "settings.toml"
    settings.write_text("[light]\ngpio = 23\n[haptics]\nleft_gpio = 24\nright_gpio = 16\n", encoding="utf-8")
    mock = {"GPIOZERO_PIN_FACTORY": "mock"}
    ran = assistant("doctor", "light", "vibration", "--config", settings, **mock)
    assert (ran.code, ran.out.splitlines()) == (
        0,
        [
            "ok   light: GPIO 23 can be used; the light was on for a second",
            "ok   vibration: each motor vibrated once, one after the other: left on GPIO 24, right on GPIO 16",
        ],
    )
    ran = assistant("doctor", "light", "vibration", **mock)
    assert ran.code == 1
    assert [line.split(":")[:2] for line in ran.out.splitlines()] == [
        ["FAIL light", " no light is set"],
        ["FAIL vibration", " no motor is set"],
    ]


def test_the_doctor_looks_for_the_board_of_the_settings(assistant, tmp_path):
    """This machine has no such board: the line for config.txt is named. A board that is not set fails by name."""
    settings = tmp_path / "settings.toml"
    settings.write_text("[voice]\nboard = 'wm8960'\n", encoding="utf-8")
    ran = assistant("doctor", "board", "--config", settings)
    assert ran.code == 1
    assert ran.out.startswith("FAIL board: Waveshare WM8960 Audio HAT is not there: add the line dtoverlay=wm8960")
    ran = assistant("doctor", "board")
    assert (ran.code, ran.out.startswith("FAIL board: no board is set")) == (1, True)


def test_the_doctor_knows_its_parts(assistant):
    """An unknown part or camera ends with 2; a button that is asked for by name must be set."""
    ran = assistant("doctor", "heart")
    assert (ran.code, "no such part" in ran.complaint()) == (2, True)
    assert assistant("doctor", "--camera", "bogus", "camera").code == 2
    ran = assistant("doctor", "button")
    assert (ran.code, ran.out.startswith("FAIL button: no button is set")) == (1, True)
