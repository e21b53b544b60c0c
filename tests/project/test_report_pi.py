"""`script/report-pi` measures what `assistant report` does not, and prints a reason where it has no figure."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "script" / "report-pi"


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        (["--assistant", "/nowhere/assistant"], 1, "not installed"),
        (["--seconds", "5"], 2, "at least 40"),
    ],
)
def test_nothing_is_measured_without_the_program_or_time(options, code, complaint):
    """The script says so in one line and begins no report."""
    ended = subprocess.run([sys.executable, SCRIPT, *options], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert complaint in ended.stderr.splitlines()[-1]


def test_what_the_command_reports_comes_first(tmp_path):
    """A stand-in for the installed program: what it cannot measure is a line."""
    for name, script in (("assistant", 'echo "# Report: $*"'), ("python", 'echo "$1 is missing" >&2; exit 1')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    options = ["--assistant", tmp_path / "assistant", "--camera", "simulated"]
    ended = subprocess.run([sys.executable, SCRIPT, *options], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[0] == "# Report: report --out - --camera simulated"
    headings = [line for line in lines if line.startswith("## ")]
    assert headings[:2] == ["## The Pi camera's picture", "## 90 s with --camera simulated"]
    assert lines.count("    not known: ") == 0
    assert any(line.endswith("live_run.py is missing") for line in lines)


def test_the_wirings_drawing_is_what_its_script_draws():
    """The drawing is what `script/draw-wiring` writes."""
    subprocess.run([sys.executable, SCRIPT.with_name("draw-wiring"), "--check"], check=True)
