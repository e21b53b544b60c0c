"""Fixtures and hooks for all tests."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.builders.clips import write_clips
from tests.fakes.exclusive_card import ExclusiveCard
from tests.running.commands import Run, run_module
from tests.running.once import made_once
from tests.running.skipped import lines, reasons

# Several tests run at a time, and their trainings are too small for several threads.
os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
settings.register_profile("unhurried", deadline=None)  # the machine may have other work
settings.load_profile("unhurried")

LEFT_OUT = {} if os.environ.get("TEST_PI") else {"pi": "these tests need a Debian of their own: script/test-pi"}
if importlib.util.find_spec("starlette") is None:
    LEFT_OUT["web"] = "starlette is not installed: this is the base install, without the page"
collect_ignore = list(LEFT_OUT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was skipped, and why; in a run of all tests also the folders that were left out."""
    config = terminalreporter.config
    is_whole = config.args_source is not config.ArgsSource.ARGS
    listed = lines(reasons(terminalreporter.stats.get("skipped", ())), LEFT_OUT if is_whole else {})
    if listed:
        terminalreporter.section("skipped")
        terminalreporter.write_line("\n".join(listed))


@pytest.fixture(scope="session", autouse=True)
def _settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give the programs a new state folder and no card, so that the settings of who runs the tests do not count."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))
    os.environ["EMOTION_ASSISTANT_CARD"] = str(tmp_path_factory.mktemp("card") / "none.toml")


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Yield gpiozero's mock pins, which a test can move and read."""
    gpiozero = pytest.importorskip("gpiozero")
    from gpiozero.pins.mock import MockFactory, MockPWMPin

    factory = MockFactory(pin_class=MockPWMPin)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.reset()


@pytest.fixture(scope="session")
def assistant() -> Run:
    """Return a function that runs the command `assistant`."""
    return lambda *arguments, **environment: run_module("assistant", arguments, **environment)


@pytest.fixture(scope="session")
def quantize() -> Run:
    """Return a function that runs the command `quantize`."""
    return lambda *arguments, **environment: run_module("quantize", arguments, **environment)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with photograph.mp4, crossing.mp4, room.mp4 and noise.mp4."""
    return made_once(tmp_path_factory, "clips", write_clips)


@pytest.fixture
def card(tmp_path, monkeypatch) -> ExclusiveCard:
    """Return a sound card that plays for one program at a time."""
    card = ExclusiveCard(tmp_path)
    for name, value in card.environment().items():
        monkeypatch.setenv(name, value)
    return card
