"""Pictures and recordings with awkward names, sizes and rates, as people hand them in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from tests.builders import picture_files as files
from tests.builders.clips import astronaut_gray

pytestmark = pytest.mark.runtime

HOSTILE = os.fsdecode(b"a\x1b[2Jb\nc\xff\xc2\x9b.png")


def test_names_of_files_tell_the_terminal_nothing(assistant, tmp_path):
    """Control characters in a name are escaped in the output and in errors; in JSON the name is whole."""
    picture, text = tmp_path / HOSTILE, tmp_path / f"text{HOSTILE}"
    picture.write_bytes(files.coded(np.zeros((40, 40), np.uint8), ".png"))
    text.write_text("no picture", encoding="utf-8")
    ran = assistant("look", picture, text)
    shown = "a\\x1b[2Jb\\nc\\udcff\\x9b.png"
    assert ran.out == f"{tmp_path}/{shown}: no face\n"
    complaint = f"{tmp_path}/text{shown}: is not a picture that can be read"
    assert (ran.code, ran.complaint().startswith(complaint)) == (1, True)
    named = [entry["picture"] for entry in json.loads(assistant("look", "--json", picture, text).out)]
    assert named == [str(picture), str(text)]
    ran = assistant("run", "--camera", f"replay:{text}", "--fast", "--voice", "none")
    assert (ran.code, shown in ran.complaint()) == (1, True)


def test_a_name_in_the_log_tells_the_terminal_nothing(assistant, tmp_path):
    """The name of a file that is left out of a folder is escaped in the log."""
    (tmp_path / "0.png").write_bytes(files.coded(np.zeros((40, 40), np.uint8), ".png"))
    (tmp_path / f"{HOSTILE}.txt").touch()
    ran = assistant("run", "--camera", f"replay:{tmp_path}", "--fast", "--voice", "none")
    assert ran.code == 0
    assert "1 file left out" in ran.err
    assert "\x1b" not in ran.err


def test_a_picture_is_upright_before_it_is_looked_at(assistant, tmp_path):
    """A WebP of a phone that was held upright is turned by its orientation."""
    path = tmp_path / "phone.webp"
    path.write_bytes(files.webp_turned(np.ascontiguousarray(np.rot90(astronaut_gray())), 6))
    ran = assistant("look", path)
    assert (ran.code, ran.out.startswith(f"{path}: happy ")) == (0, True)


def test_how_many_megapixels_are_looked_at_can_be_said(assistant, tmp_path):
    """An option sets the limit for pictures, and a setting sets it for recordings."""
    path = tmp_path / "large.png"
    path.write_bytes(files.coded(np.zeros((1000, 1100), np.uint8), ".png"))
    assert assistant("look", path).code == 0
    ran = assistant("look", "--megapixels", 1, path)
    assert (ran.code, "has 1.1 megapixels (1100x1000); at most 1 are read" in ran.complaint()) == (1, True)
    settings = tmp_path / "settings.toml"
    settings.write_text("camera.replay_megapixels = 1.0\n", encoding="utf-8")
    arguments = ("run", "--camera", f"replay:{path}", "--fast", "--voice", "none")
    assert assistant(*arguments).code == 0
    ran = assistant(*arguments, "--config", settings)
    assert (ran.code, "at most 1 are read" in ran.complaint()) == (1, True)


def test_a_webcam_of_5000_digits_is_refused(assistant):
    """The error is that of any other name that is no camera."""
    ran = assistant("run", "--camera", f"webcam:{'9' * 5000}", "--voice", "none")
    assert (ran.code, "allowed is auto, picamera" in ran.complaint()) == (2, True)


def test_a_record_may_have_any_name(assistant, tmp_path):
    """The video is written whole, and no other file is left."""
    target = tmp_path / os.fsdecode(b"12:30 caf\xe9 %d.mp4")
    arguments = ("run", "--camera", "simulated:empty 1", "--fast", "--voice", "none")
    assert assistant(*arguments, "--record", target).code == 0
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert assistant("run", "--camera", f"replay:{target}", "--fast", "--voice", "none").code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_pipe_that_gives_nothing_keeps_nobody_from_ending(tmp_path, number):
    """A signal ends the program in time, also with --fast."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "assistant", "run", "--camera", f"replay:{pipe}", "--fast", "--voice", "none"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        opened = []
        opening = threading.Thread(target=lambda: opened.append(pipe.open("wb")), daemon=True)
        opening.start()
        opening.join(60)
        child.send_signal(number)
        _, errors = child.communicate(timeout=30)
    opened[0].close()
    assert (child.returncode, "Traceback" in errors, "did not end in time" in errors) == (0, False, False)
