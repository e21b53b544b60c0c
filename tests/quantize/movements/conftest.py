"""Fixtures for the tests of the output for movements."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.mesh_network import write_mesh_network


@pytest.fixture(scope="session")
def mesh_file(tmp_path_factory) -> Path:
    """A small network in the form of the face mesh."""
    pytest.importorskip("tensorflow")
    return write_mesh_network(tmp_path_factory.mktemp("mesh") / "face_landmark.tflite")
