"""A page that cannot be served does not stop the headset."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running.commands import Ran


def run_with_page(tmp_path: Path, state: Path, path: str = "") -> Ran:
    """Run a headset for half a second, with settings for a page that other machines reach."""
    settings = tmp_path / "settings.toml"
    settings.write_text('[web]\nenabled = true\nhost = "0.0.0.0"\nport = 0\n', encoding="utf-8")
    command = [sys.executable, "-m", "assistant", "run", "--voice", "none", "--camera", "simulated:empty .5"]
    environment = os.environ | {"STATE_DIRECTORY": str(state), "PATH": path or os.environ["PATH"]}
    ended = subprocess.run(
        [*command, "--config", settings], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def openssl(folder: Path, script: str) -> str:
    """Return a PATH on which openssl is this script; a text without an interpreter cannot be run."""
    folder.mkdir()
    (folder / "openssl").write_text(script, encoding="ascii")
    (folder / "openssl").chmod(0o755 if script.startswith("#!") else 0o644)
    return str(folder)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("#!/bin/sh\nexit 1\n", "no certificate was made"),
        ("#!/nowhere/sh\n", "openssl, which makes it, is missing"),
        ("nothing", "openssl, which makes it, is missing"),
        ("#!/bin/sh\nexit 0\n", "certificate cannot be written to this folder"),
    ],
)
def test_without_a_certificate_the_headset_runs(tmp_path, state, script, words):
    """The log has one line that says why there is no page."""
    ended = run_with_page(tmp_path, state, openssl(tmp_path / "bin", script))
    assert ended.code == 0, ended.err
    assert (words in ended.err, "the headset has no page" in ended.err) == (True, True), ended.err
    assert "Traceback" not in ended.err


def test_a_folder_that_is_none_stops_no_headset(tmp_path):
    """A state folder that cannot be made costs the page and not the headset."""
    (tmp_path / "state").touch()
    ended = run_with_page(tmp_path, tmp_path / "state")
    assert ended.code == 0, ended.err
    assert "the headset has no page" in ended.err
    assert "Traceback" not in ended.err
