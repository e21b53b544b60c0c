"""`assistant web` with a camera and with damaged settings."""

from __future__ import annotations

import os
import subprocess
import sys


def test_they_are_left_aside_and_it_is_said(tmp_path):
    """The damaged file is renamed, and the wearer hears that the changes are lost."""
    (tmp_path / "settings.toml").write_bytes(b"\0\xff")
    command = [sys.executable, "-m", "assistant", "web", "--port", "0", "--voice", "print"]
    with subprocess.Popen(
        [*command, "--camera", "simulated:empty 60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"STATE_DIRECTORY": str(tmp_path)},
    ) as running:
        assert running.stdout is not None
        assert "says: the settings that you had changed are lost\n" in iter(running.stdout.readline, "")
        running.terminate()
        running.communicate(timeout=30)
    assert running.returncode == 0
    assert (tmp_path / "settings.toml.damaged").read_bytes() == b"\0\xff"
    assert not (tmp_path / "settings.toml").exists()


def test_wrong_ones_of_the_machine_end_it_with_2(assistant, tmp_path):
    """The error is one line, as of `assistant run`."""
    (tmp_path / "machine.toml").write_text("voice.volume = 7\n", encoding="utf-8")
    ran = assistant("web", "--camera", "simulated", "--voice", "none", "--config", tmp_path / "machine.toml")
    assert (ran.code, "voice.volume = 7" in ran.complaint()) == (2, True)
