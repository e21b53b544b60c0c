"""Fixtures for the tests of the finder."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantize.finder.data.packing import pack


@pytest.fixture(scope="session")
def packed(faces_folder, tmp_path_factory) -> Path:
    """The file that `pack` makes of that folder."""
    path = tmp_path_factory.mktemp("packed") / "finder-data.npz"
    pack(faces_folder, [], path)
    return path
