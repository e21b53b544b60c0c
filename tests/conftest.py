"""Fixtures that several tests share."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.clips import crossing_frames, noise_frames, photograph_frames, room_frames, write_clip

settings.register_profile("unhurried", deadline=None)  # the machine may have other work
settings.load_profile("unhurried")

collect_ignore = [] if os.environ.get("TEST_PI") else ["pi"]
if importlib.util.find_spec("starlette") is None:  # the base install, without the page
    collect_ignore.append("web")


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    def said(self) -> list[str]:
        """What was said: neither dropped nor cut."""
        return [
            event["text"] for event in self.events if event["type"] == "said" and not event.keys() & {"dropped", "cut"}
        ]

    def complaint(self) -> str:
        """The one line on standard error."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


Run = Callable[..., Ran]


def run_module(module: str, arguments: Sequence[object], **environment: str) -> Ran:
    """Run `python -m MODULE` as a person would."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=os.environ | environment, check=False
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="session", autouse=True)
def _settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the person who runs the tests has changed for themselves does not count."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def assistant() -> Run:
    """The command `assistant`."""
    return lambda *arguments, **environment: run_module("assistant", arguments, **environment)


@pytest.fixture(scope="session")
def quantize() -> Run:
    """The command `quantize`."""
    return lambda *arguments, **environment: run_module("quantize", arguments, **environment)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photograph.mp4, crossing.mp4, room.mp4 and noise.mp4."""
    folder = tmp_path_factory.mktemp("clips")
    for frames in (photograph_frames, crossing_frames, room_frames, noise_frames):
        write_clip(folder / f"{frames.__name__.removesuffix('_frames')}.mp4", frames)
    return folder
