"""Fixtures for the tests of controls."""

from __future__ import annotations

import io
import os
import pty

import pytest


@pytest.fixture
def pins(monkeypatch):
    """Yield gpiozero's mock pins, which a test can move."""
    gpiozero = pytest.importorskip("gpiozero")
    from gpiozero.pins.mock import MockFactory

    factory = MockFactory()
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.reset()


@pytest.fixture
def terminal():
    """Yield the end that a person types into, and the end of the program, as a file."""
    typing, given = pty.openpty()
    with open(given, "r+b", buffering=0) as raw, io.TextIOWrapper(raw) as file:
        yield typing, file
    os.close(typing)
