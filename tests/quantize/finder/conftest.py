"""Fixtures for the tests of the finder: drawn pictures, as `quantize finder pack` takes them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from quantize.data.drawn_scenes import drawn_scene
from quantize.finder.data.faces import SHAPE
from quantize.finder.data.packing import pack
from quantize.finder.frames.pieces import drawn_patch

FACES, SCENES = 40, 24


@pytest.fixture(scope="session")
def faces_folder(tmp_path_factory) -> Path:
    """A folder with forty drawn faces in two groups, and twenty-four drawn scenes, two of which have a marked face."""
    folder = tmp_path_factory.mktemp("faces")
    rng = np.random.default_rng(5)
    (folder / "fairface").mkdir()
    (folder / "scenes").mkdir()
    with (folder / "fairface.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "age", "gender", "race", *SHAPE, "score"])
        for number in range(FACES):
            patch = drawn_patch(rng)
            cv2.imwrite(str(folder / "fairface" / f"{number}.png"), patch.gray)
            known = [*patch.shape.tolist(), 0.9] if number else [""] * 15
            rows.writerow([f"{number}.png", "20-29", ("male", "female")[number % 2], ("A", "B")[number % 2], *known])
    with (folder / "scenes.jsonl").open("w") as file:
        for number in range(SCENES):
            cv2.imwrite(str(folder / "scenes" / f"{number}.png"), drawn_scene(rng))
            face = [10, 20, 30, 40, 18, 34, 32, 34, 25, 42, 20, 50, 30, 50, 0.9 if number else 0.4]
            file.write(json.dumps({"image": f"{number}.png", "faces": [face] if number < 2 else []}) + "\n")
    return folder


@pytest.fixture(scope="session")
def packed(faces_folder, tmp_path_factory) -> Path:
    """The file that `pack` makes of that folder."""
    path = tmp_path_factory.mktemp("packed") / "finder-data.npz"
    pack(faces_folder, [], path)
    return path
