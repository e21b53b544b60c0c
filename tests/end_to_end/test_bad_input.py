"""Bad input: one clear line, the right exit code, nothing half-written."""

import json
import os
import shutil
from pathlib import Path

import pytest

from assistant.assemble import shipped_model
from assistant.model_card import card_path

pytestmark = pytest.mark.runtime

DEMO = ("--camera", "simulated:empty 1", "--fast")
QUIET = ("--voice", "none")


def truncated_model(folder: Path) -> Path:
    """The shipped model, cut off, with its card."""
    model = folder / "model.tflite"
    model.write_bytes(shipped_model().read_bytes()[:100_000])
    shutil.copy(card_path(shipped_model()), card_path(model))
    return model


def empty_model(folder: Path) -> Path:
    """A file of no bytes, with a card."""
    model = truncated_model(folder)
    model.write_bytes(b"")
    return model


def broken_settings(folder: Path, text: str) -> Path:
    """A settings file."""
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


CASES = {
    "missing webcam": (lambda _: ("--camera", "webcam:77", *QUIET), 1, "there is no /dev/video77"),
    "missing picamera": (lambda _: ("--camera", "picamera", *QUIET), 1, "sudo apt install python3-picamera2"),
    "missing recording": (lambda folder: ("--camera", f"replay:{folder}/x.mp4", *QUIET), 1, "no such file"),
    "unreadable video": (lambda folder: ("--camera", f"replay:{truncated_model(folder)}", *QUIET), 1, "is no video"),
    "no camera": (lambda _: ("--camera", "mirror", *QUIET), 2, "allowed is auto, picamera"),
    "bad script": (lambda _: ("--camera", "simulated:giggling 3", *QUIET), 2, "'giggling 3' is not allowed"),
    "bad voice": (lambda _: (*DEMO, "--voice", "opera"), 2, "allowed is auto, pyttsx3, print, wav:DIR, none"),
    "empty model": (lambda folder: (*DEMO, *QUIET, "--model", empty_model(folder)), 1, "is an empty file"),
    "truncated model": (lambda folder: (*DEMO, *QUIET, "--model", truncated_model(folder)), 1, "SHA-256 differs"),
    "missing model": (lambda folder: (*DEMO, *QUIET, "--model", folder / "x.tflite"), 1, "card is missing"),
    "missing settings": (lambda folder: (*DEMO, *QUIET, "--config", folder / "x.toml"), 2, "cannot be read"),
    "broken settings": (
        lambda folder: (*DEMO, *QUIET, "--config", broken_settings(folder, "[debounce\n")),
        2,
        "is no valid TOML",
    ),
    "unknown setting": (
        lambda folder: (*DEMO, *QUIET, "--config", broken_settings(folder, "debounce.hold = 1")),
        2,
        "debounce.hold = 1: no such setting",
    ),
    "setting out of bounds": (
        lambda folder: (*DEMO, *QUIET, "--config", broken_settings(folder, "voice.rate_wpm = 9000")),
        2,
        "voice.rate_wpm = 9000: allowed is a whole number from 80 to 450 words a minute",
    ),
    "events nowhere": (lambda folder: (*DEMO, *QUIET, "--events", folder / "no" / "x"), 2, "cannot be written"),
    "record nowhere": (lambda folder: (*DEMO, *QUIET, "--record", folder / "no" / "x.mp4"), 2, "there is no folder"),
    "record as text": (lambda folder: (*DEMO, *QUIET, "--record", folder / "x.txt"), 2, "must end in .mp4"),
    "wav into a file": (lambda _: (*DEMO, "--voice", "wav:/dev/null"), 1, "/dev/null: cannot be made"),
}


@pytest.mark.parametrize(("arguments", "code", "complaint"), CASES.values(), ids=CASES.keys())
def test_bad_input_of_run(assistant, tmp_path, arguments, code, complaint):
    """Each case of the table above."""
    given = arguments(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    ran = assistant("run", *given)
    lines = [line for line in ran.err.splitlines() if not line.startswith(("INFO:", "Demonstration:"))]
    assert ran.code == code, ran.err
    assert len(lines) == 1, ran.err
    assert lines[0].startswith("assistant: ")
    assert complaint in lines[0]
    assert ran.out == ""
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture
def without_espeak(tmp_path) -> dict[str, str]:
    """An environment in which espeak-ng's library cannot be loaded."""
    (tmp_path / "libespeak-ng.so.1").write_bytes(b"")
    return {"LD_LIBRARY_PATH": str(tmp_path)}


def test_missing_espeak_is_an_error_where_it_was_asked_for(assistant, without_espeak):
    """With the package to install."""
    ran = assistant("run", *DEMO, "--voice", "pyttsx3", **without_espeak)
    assert ran.code == 1
    assert "sudo apt install espeak-ng" in ran.err.splitlines()[-1]
    assert "Traceback" not in ran.err


def test_without_a_voice_it_prints_and_says_so(assistant, without_espeak):
    """`--voice auto` goes on."""
    ran = assistant("run", "--camera", "simulated:happy 3", "--fast", **without_espeak)
    assert ran.code == 0
    assert "There is no voice: what would be said is printed." in ran.err
    assert "says: looks happy" in ran.out


def test_a_camera_that_stops_in_mid_run_is_told(assistant, tmp_path):
    """Told as a fault and aloud; the program ends with 1 when it stays away."""
    settings = broken_settings(tmp_path, "camera.give_up_s = 5\n")
    arguments = ("--camera", "simulated:happy 3, unplugged 30, empty 1", "--fast", "--config", settings)
    ran = assistant("run", *arguments, "--voice", "none", "--events", "-")
    assert ran.code == 1
    assert ran.err.splitlines()[-1].startswith("assistant: the camera did not come back")
    assert ran.said()[1:] == ["looks happy", "the camera is gone"]


def test_a_broken_picture_in_a_folder_ends_the_replay(assistant, clips, tmp_path):
    """Named, with exit code 1: a recording is not opened again."""
    (tmp_path / "1.png").write_bytes(b"broken")
    ran = assistant("run", "--camera", f"replay:{tmp_path}", "--fast", "--voice", "none", "--events", "-")
    assert (ran.code, "1.png: is no picture" in ran.err.splitlines()[-1]) == (1, True)
    assert [event["type"] for event in ran.events] == ["end"]


def test_a_model_of_another_shape_is_refused(assistant, tmp_path):
    """The card and the file must agree."""
    model = tmp_path / "model.tflite"
    shutil.copy(shipped_model(), model)
    card = json.loads(card_path(shipped_model()).read_text())
    card["input"]["size_px"] = 64
    card_path(model).write_text(json.dumps(card))
    ran = assistant("run", *DEMO, *QUIET, "--model", model)
    assert (ran.code, "its input is [1, 48, 48, 1], but the card says [1, 64, 64, 1]" in ran.err) == (1, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(assistant, tmp_path):
    """A WAV voice into a read-only folder reports a fault and goes on."""
    tmp_path.chmod(0o500)
    ran = assistant("run", "--camera", "simulated:happy 3", "--fast", "--voice", f"wav:{tmp_path}", "--events", "-")
    assert ran.code == 0
    assert [event["fault"] for event in ran.events if event["type"] == "fault"] == ["voice"]
