"""Standard streams that are closed, full or not writable, and people without a home folder."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

DEMO = "run --camera 'simulated:happy 3' --fast"


def shell(line, folder, program="assistant"):
    """Run a program by a line of shell, in this folder."""
    root = os.getcwd()
    command = f"{sys.executable} -m {program} {line}"
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=os.environ | {"PYTHONPATH": root}, capture_output=True, check=False
    )


FAILED = b"%s: output: Bad file descriptor\n"
LINES = {
    "output is closed": ("assistant", "settings >&-", 1, FAILED % b"assistant"),
    "output cannot be written": ("assistant", "settings 1</dev/null", 1, FAILED % b"assistant"),
    "output is full": ("assistant", "settings >/dev/full", 1, b"assistant: output: No space left on device\n"),
    "errors are closed": ("assistant", "voices nothing 2>&-", 2, b""),
    "errors cannot be written": ("assistant", "voices nothing 2</dev/null", 2, b""),
    "errors are full": ("assistant", "voices nothing 2>/dev/full", 2, b""),
    "all are closed and needed": ("assistant", "settings <&- >&- 2>&-", 1, b""),
    "all are closed and not needed": ("assistant", f"{DEMO} --voice none <&- >&- 2>&-", 0, b""),
    "wrong arguments and errors are closed": ("assistant", "settings --nothing 2>&-", 2, b""),
    "output of quantize is closed": ("quantize", "--help >&-", 1, FAILED % b"quantize"),
    "errors of quantize are closed": ("quantize", "stats nothing.csv 2>&-", 1, b""),
}


@pytest.mark.parametrize(("program", "line", "code", "complaint"), LINES.values(), ids=LINES.keys())
def test_a_stream_that_cannot_be_written_is_one_line(tmp_path, program, line, code, complaint):
    """A stream that is needed ends the command with 1 and one line, and no file gets its text."""
    if program == "quantize":
        pytest.importorskip("rich")
    ran = shell(line, tmp_path, program)
    assert (ran.returncode, ran.stderr) == (code, complaint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.runtime
def test_events_are_not_mixed_with_what_else_is_written(tmp_path):
    """The event file, which is opened after the streams were closed, holds events only."""
    ran = shell(f"{DEMO} --voice none --events events --keys <&- >&- 2>&-", tmp_path)
    assert (ran.returncode, list(tmp_path.iterdir())) == (2, [])
    ran = shell(f"{DEMO} --voice none --events events <&- >&- 2>&-", tmp_path)
    lines = (tmp_path / "events").read_text(encoding="utf-8").splitlines()
    assert (ran.returncode, all(line.startswith('{"t": ') for line in lines)) == (0, True)


HOMELESS = """
import os, pwd, sys
def nobody(_):
    raise KeyError("no such user")
pwd.getpwuid = pwd.getpwnam = nobody
from assistant.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def homeless(folder, *arguments, **environment):
    """Run a command as a person whom the system does not know."""
    known = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "HOME"))}
    given = known | {"PYTHONPATH": os.getcwd()} | environment
    command = [sys.executable, "-c", HOMELESS, *arguments]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False)


COMMANDS = (
    ("run", "--camera", "simulated:empty 1", "--fast", "--voice", "none"),
    ("settings",),
    ("say", "--voice", "espeak-ng", "hello"),
    ("voices", "piper"),
    ("voices", "--render"),
    ("doctor",),
    ("web", "--token"),
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("home", [{}, {"HOME": ""}, {"HOME": "~"}, {"XDG_STATE_HOME": "state"}])
def test_who_has_no_home_is_told_what_to_do(tmp_path, arguments, home):
    """The error says to set HOME, and no folder is made in the current folder."""
    ran = homeless(tmp_path, *arguments, **home)
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 0 or "there is no home folder to keep anything in: set HOME" in ran.stderr + ran.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.runtime
def test_a_service_needs_no_home(tmp_path):
    """A service uses the folders of systemd."""
    kinds = ("STATE", "CACHE", "CONFIGURATION", "RUNTIME")
    folders = {f"{kind}_DIRECTORY": str(tmp_path / kind.lower()) for kind in kinds}
    ran = homeless(tmp_path, *COMMANDS[0], **folders)
    assert (ran.returncode, ran.stderr) == (0, "Demonstration: the camera is simulated, its faces are drawn.\n")


@pytest.mark.parametrize("path", ["~nobody-here/phrases.toml", "~/phrases.toml"])
def test_a_path_in_a_home_that_there_is_not_is_refused(tmp_path, path):
    """The error is one line with the path, and the exit code is 2."""
    (tmp_path / "settings.toml").write_text(f'voice.wordings = "{path}"\n', encoding="utf-8")
    folders = {"STATE_DIRECTORY": str(tmp_path)}
    ran = homeless(tmp_path, *COMMANDS[0], **folders)
    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 1
    assert "home folder" in ran.stderr
