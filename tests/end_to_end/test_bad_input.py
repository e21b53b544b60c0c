"""Bad input: the error is one line with the right exit code, and no file is half-written."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.networks.cards import card_path
from assistant.networks.shipped import shipped_model
from tests.builders.datasets import write_fer2013
from tests.builders.headset_files import empty_model, settings_file, truncated_model

DEMO = ("--camera", "simulated:empty 1", "--fast")
QUIET = ("--voice", "none")


CASES = {
    "missing webcam": (lambda _: ("--camera", "webcam:77", *QUIET), 1, "there is no /dev/video77"),
    "missing picamera": (lambda _: ("--camera", "picamera", *QUIET), 1, "sudo apt install python3-picamera2"),
    "missing recording": (lambda folder: ("--camera", f"replay:{folder}/x.mp4", *QUIET), 1, "no such file"),
    "unreadable video": (lambda folder: ("--camera", f"replay:{truncated_model(folder)}", *QUIET), 1, "is not a video"),
    "no camera": (lambda _: ("--camera", "mirror", *QUIET), 2, "allowed is auto, picamera"),
    "bad script": (lambda _: ("--camera", "simulated:giggling 3", *QUIET), 2, "'giggling 3' is not allowed"),
    "bad voice": (
        lambda _: (*DEMO, "--voice", "opera"),
        2,
        "allowed is auto, pyttsx3, espeak-ng, piper, print, wav:DIR, none",
    ),
    "empty model": (lambda folder: (*DEMO, *QUIET, "--model", empty_model(folder)), 2, "is an empty file"),
    "truncated model": (lambda folder: (*DEMO, *QUIET, "--model", truncated_model(folder)), 2, "SHA-256 differs"),
    "missing model": (lambda folder: (*DEMO, *QUIET, "--model", folder / "x.tflite"), 2, "there is no such model file"),
    "model without a name": (lambda _: (*DEMO, *QUIET, "--model", "."), 2, "there is no such model file"),
    "a number of many digits": (
        lambda folder: (*DEMO, *QUIET, "--config", settings_file(folder, f"debounce.hold_s = {'9' * 400}")),
        2,
        "allowed is a number from 0 to 30 seconds",
    ),
    "no number": (lambda _: (*DEMO, *QUIET, "--fps", "fast"), 2, "'fast': a number from 1 to 120 is needed"),
    "too few frames a second": (lambda _: (*DEMO, *QUIET, "--fps", "0.1"), 2, "a number from 1 to 120 is needed"),
    "missing settings": (lambda folder: (*DEMO, *QUIET, "--config", folder / "x.toml"), 2, "cannot be read"),
    "broken settings": (
        lambda folder: (*DEMO, *QUIET, "--config", settings_file(folder, "[debounce\n")),
        2,
        "is not valid TOML",
    ),
    "unknown setting": (
        lambda folder: (*DEMO, *QUIET, "--config", settings_file(folder, "debounce.hold = 1")),
        2,
        "debounce.hold = 1: no such setting",
    ),
    "setting out of bounds": (
        lambda folder: (*DEMO, *QUIET, "--config", settings_file(folder, "voice.rate_wpm = 9000")),
        2,
        "voice.rate_wpm = 9000: allowed is a whole number from 0 to 450 words a minute",
    ),
    "events nowhere": (lambda folder: (*DEMO, *QUIET, "--events", folder / "no" / "x"), 2, "cannot be written"),
    "record nowhere": (lambda folder: (*DEMO, *QUIET, "--record", folder / "no" / "x.mp4"), 2, "there is no folder"),
    "record as text": (
        lambda folder: (*DEMO, *QUIET, "--record", folder / "x.txt"),
        2,
        "a file that ends in .mp4 is needed",
    ),
    "wav into a file": (lambda _: (*DEMO, "--voice", "wav:/dev/null"), 1, "/dev/null: no files can be written there"),
    "no button": (
        lambda folder: (*DEMO, *QUIET, "--config", settings_file(folder, "button.gpio = 17")),
        1,
        "button.gpio = 17",
    ),
}


@pytest.mark.parametrize(("arguments", "code", "complaint"), CASES.values(), ids=CASES.keys())
def test_bad_input_of_run(assistant, tmp_path, arguments, code, complaint):
    """Each case of the table above ends `assistant run` with its exit code and its error."""
    given = arguments(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    ran = assistant("run", *given)
    lines = [line for line in ran.err.splitlines() if not line.startswith("usage:")]
    assert ran.code == code, ran.err
    assert complaint in lines[-1]
    assert lines[-1].startswith("assistant")
    assert len(lines) == 1 or ran.err.startswith("usage:")
    assert ran.out == ""
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture
def without_espeak(tmp_path) -> dict[str, str]:
    """Return an environment in which espeak-ng's library cannot be loaded."""
    (tmp_path / "libespeak-ng.so.1").write_bytes(b"")
    return {"LD_LIBRARY_PATH": str(tmp_path)}


def test_missing_espeak_is_an_error_where_it_was_asked_for(assistant, without_espeak):
    """The error names the package to install."""
    ran = assistant("run", *DEMO, "--voice", "pyttsx3", **without_espeak)
    assert ran.code == 1
    assert "sudo apt install espeak-ng" in ran.err.splitlines()[-1]
    assert "Traceback" not in ran.err


def test_without_a_voice_it_prints_and_says_so(assistant, without_espeak):
    """With `--voice auto` the phrases are printed."""
    ran = assistant("run", "--camera", "simulated:happy 3", "--fast", **without_espeak)
    assert ran.code == 0
    assert "There is no voice: what would be said is printed." in ran.err
    assert "says: looks happy" in ran.out


@pytest.mark.runtime
def test_a_camera_that_stops_in_mid_run_is_told(assistant, tmp_path):
    """The wearer hears of the loss, and the program ends with 1 when the camera stays away."""
    settings = settings_file(tmp_path, "camera.give_up_s = 5\n")
    arguments = ("--camera", "simulated:happy 3, unplugged 30, empty 1", "--fast", "--config", settings)
    ran = assistant("run", *arguments, "--voice", "none", "--events", "-")
    assert ran.code == 1
    assert ran.err.splitlines()[-1].startswith("assistant: the camera did not come back")
    assert ran.said()[1:] == ["looks happy", "the camera is gone", "stopping"]


@pytest.mark.runtime
def test_a_broken_picture_in_a_folder_ends_the_replay(assistant, clips, tmp_path):
    """The error names the picture, and the exit code is 1, since a recording is not opened again."""
    (tmp_path / "1.png").write_bytes(b"broken")
    ran = assistant("run", "--camera", f"replay:{tmp_path}", "--fast", "--voice", "none", "--events", "-")
    assert (ran.code, "1.png: is not a picture" in ran.err.splitlines()[-1]) == (1, True)
    assert [event["type"] for event in ran.events] == ["end"]


@pytest.mark.runtime
def test_a_model_of_another_shape_is_refused(assistant, tmp_path):
    """The error says how the card and the file differ."""
    model = tmp_path / "model.tflite"
    shutil.copy(shipped_model(), model)
    card = json.loads(card_path(shipped_model()).read_text())
    card["input"]["size_px"] = 64
    card_path(model).write_text(json.dumps(card))
    ran = assistant("run", *DEMO, *QUIET, "--model", model)
    assert (ran.code, "its input is [1, 48, 48, 1], but the card says [1, 64, 64, 1]" in ran.err) == (2, True)


OVERWRITING = {
    "events over the recording": ("--camera", "replay:{folder}/a.mp4", "--events", "{folder}/a.mp4"),
    "record over the recording": ("--camera", "replay:{folder}/a.mp4", "--record", "{folder}/a.mp4"),
    "events over the settings": ("--camera", "simulated", "--config", "{folder}/s.toml", "--events", "{folder}/s.toml"),
    "events over a link to it": ("--camera", "replay:{folder}/a.mp4", "--events", "{folder}/link"),
}


@pytest.mark.parametrize("arguments", OVERWRITING.values(), ids=OVERWRITING.keys())
def test_nothing_that_is_read_is_overwritten(assistant, clips, tmp_path, arguments):
    """The output is refused with 2 before anything is opened."""
    shutil.copy(clips / "room.mp4", tmp_path / "a.mp4")
    (tmp_path / "link").symlink_to(tmp_path / "a.mp4")
    (tmp_path / "s.toml").write_text("debounce.hold_s = 1\n", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    ran = assistant("run", *(each.format(folder=tmp_path) for each in arguments), "--fast", "--voice", "none")
    assert (ran.code, "would overwrite a file that is read" in ran.complaint()) == (2, True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_failed_start_leaves_no_events(assistant, tmp_path):
    """The event file is begun with the first event, so that a failed start makes none."""
    ran = assistant("run", "--camera", f"replay:{tmp_path}/x.mp4", "--events", tmp_path / "events", *QUIET)
    assert (ran.code, list(tmp_path.iterdir())) == (1, [])


def test_a_full_disk_is_told(assistant):
    """The log names the file once, and the headset goes on."""
    ran = assistant("run", "--camera", "simulated:happy 3", "--fast", "--voice", "print", "--events", "/dev/full")
    assert (ran.code, ran.err.count("--events /dev/full: cannot be written: No space left on device")) == (0, 1)
    assert "says: looks happy" in ran.out


@pytest.mark.parametrize("command", [("assistant", "settings"), ("quantize", "stats", "fer2013.csv")])
def test_who_stops_reading_needs_no_message(command, tmp_path):
    """A command whose output is no longer read, as in `... | head`, ends without any message."""
    if command[0] == "quantize":
        pytest.importorskip("rich")
        write_fer2013(tmp_path / "fer2013.csv")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as out:
        ran = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, stdout=out, stderr=subprocess.PIPE, check=False
        )
    assert (ran.returncode, ran.stderr) == (1, b"")


def test_the_voice_is_not_taken_from_the_folder_that_it_runs_in(tmp_path):
    """A file called pyttsx3.py in the current folder is ignored."""
    (tmp_path / "pyttsx3.py").write_text("raise SystemExit('taken')\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "assistant",
        "run",
        "--camera",
        "simulated:empty 1",
        "--fast",
        "--voice",
        "wav:said",
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "could not say" not in ran.stderr
    assert [path.suffix for path in (tmp_path / "said").iterdir()] == [".wav"]
