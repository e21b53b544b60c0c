"""Fixtures for the tests in Debian trees, and the table of their results."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pi import trees
from tests.pi.program import built_package


@pytest.fixture(scope="session")
def wheel() -> Path:
    """Return the built wheel."""
    built = os.environ.get("TEST_PI_WHEEL")
    if built is None:
        pytest.fail("TEST_PI_WHEEL names no wheel: run script/test-pi, which builds it")
    return Path(built)


@pytest.fixture(scope="session")
def package() -> Path:
    """Return the Debian package of this checkout for this processor; tests that run side by side share it."""
    return built_package(os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid())))


@pytest.fixture(scope="module")
def carried() -> Iterator[Path]:
    """Yield a folder that is /carried in the trees, and remove it after the tests of the module."""
    trees.FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=trees.FOLDER, prefix="carried-") as folder:
        yield Path(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a table of every test: its name, what was seen (`record_property`), and its seconds."""
    rows = []
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            if report.when == "call" or outcome != "passed":
                seen = "; ".join(f"{name}: {value}" for name, value in report.user_properties)
                rows.append((report.nodeid.removeprefix("tests/pi/"), outcome, f"{report.duration:.0f}", seen))
    if rows:
        terminalreporter.section("table")
    for name, outcome, seconds, seen in rows:
        terminalreporter.write_line(f"| {name} | {outcome} | {seconds} s | {seen} |")
