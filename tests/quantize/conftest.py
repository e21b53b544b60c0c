"""Fixtures for the tests of training, conversion and evaluation."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from quantize.cli import main
from quantize.data.drawn_scenes import drawn_scene
from quantize.finder.data.faces import SHAPE
from quantize.finder.frames.pieces import drawn_patch
from tests.builders.datasets import write_fer2013
from tests.running.commands import Ran

FACES, SCENES = 40, 24


@pytest.fixture
def run(capsys) -> Callable[..., Ran]:
    """The command `quantize`, run in this process; what was printed before it does not count."""

    def run_here(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run_here


@pytest.fixture(scope="module")
def uncompiled() -> Iterator[None]:
    """TensorFlow runs each step of a training as it is written: to compile it takes longer than these few steps."""
    config = pytest.importorskip("tensorflow").config
    config.run_functions_eagerly(True)
    yield
    config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def table(tmp_path_factory) -> Path:
    """fer2013.csv with 98 drawn pictures, of which every seventh of each emotion is PublicTest."""
    return write_fer2013(tmp_path_factory.mktemp("data") / "fer2013.csv")


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
