"""Fixtures for the tests of cameras."""

from __future__ import annotations

import cv2
import numpy as np
import pytest


@pytest.fixture
def folder(tmp_path):
    """Write five pictures, each brighter than the one before, and return their folder."""
    for number in range(5):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((120, 160), 40 * number, np.uint8))
    return tmp_path
