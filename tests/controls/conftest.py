"""Fixtures for the tests of controls."""

from __future__ import annotations

import io
import os
import pty

import pytest


@pytest.fixture
def terminal():
    """Yield the end that a person types into, and the end of the program, as a file."""
    typing, given = pty.openpty()
    with open(given, "r+b", buffering=0) as raw, io.TextIOWrapper(raw) as file:
        yield typing, file
    os.close(typing)
