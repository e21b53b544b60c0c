"""Tests of the whole path of the finder, from a folder of pictures to the headset's file, through the commands."""

import json
import subprocess
import sys

import pytest

from quantize.cli import main
from quantize.commands.arguments import SEED

pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.usefixtures("uncompiled"), pytest.mark.filterwarnings("ignore:Even though the .tf.config")]

SHORT = ("--minutes", "0.02", "--batch", "2", "--round-steps", "1")


@pytest.fixture(scope="module")
def few_calibration_frames():
    """A tenth of the frames from which the ranges of int8 are taken: each conversion runs the network on them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quantize.finder.export.convert.CALIBRATION_FRAMES", 40)
        yield


@pytest.fixture(scope="module")
def made(faces_folder, tmp_path_factory, uncompiled, few_calibration_frames):
    """The folder with the packed data, the networks, and the published model."""
    folder = tmp_path_factory.mktemp("finder")
    data, plain, rounded = folder / "data", folder / "finder.keras", folder / "rounded.keras"
    steps = (
        ("pack", faces_folder, "--out", data),
        ("train", data, *SHORT, "--out", plain),
        ("train", data, *SHORT, "--start", plain, "--quantization-aware", "--out", rounded),
        ("publish", rounded, "--data", data, "--faces", faces_folder, "--out", folder / "models"),
    )
    for step in steps:
        assert main(["finder", *map(str, step)]) == 0
    return folder


def test_the_file_is_what_the_headset_takes(made):
    """The headset loads the published file by its card, and finds no face in a black frame."""
    import numpy as np

    from assistant.face.detectors.finder_file import load_finder

    finder = load_finder(made / "models" / "face-int8.tflite")
    assert list(finder.detect(np.zeros((480, 640), np.uint8))) == []


def test_the_card_has_trainings_and_measures(made):
    """The card has every training and the measures of every group of people, and there is a page."""
    card = json.loads((made / "models" / "face-int8.json").read_text())
    assert [each["quantization_aware"] for each in card["recipe"]] == [False, True]
    assert {"all", "group: A", "group: B", "sex: male", "sex: female"} <= set(card["measures"]["found"])
    assert "| group: A |" in (made / "models" / "face-int8.md").read_text()


def test_converting_again_gives_the_same_file(made):
    """The seed decides the ranges of int8, so that a network is always converted to the same bytes."""
    from quantize.finder.data.packing import packed_file
    from quantize.finder.export.convert import to_int8

    again = to_int8(made / "rounded.keras", packed_file(made / "data"), SEED)
    assert again == (made / "models" / "face-int8.tflite").read_bytes()


def test_the_packed_folder_trains_by_its_own_code(made):
    """In the packed folder, its own copy of the code is imported, as on a machine without this project."""
    code = "import quantize, sys; sys.exit(not quantize.__file__.startswith(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(made / "data")]
    assert subprocess.run(command, cwd=made / "data", check=False).returncode == 0


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (("train", "{folder}/nowhere", "--out", "{folder}/x.keras"), "nowhere: is not a folder that"),
        (("train", "{folder}/data", "--out", "{folder}/x.keras", "--resume"), "there is no checkpoint to go on from"),
        (("train", "{folder}/data", "--out", "{folder}/x.keras", "--quantization-aware"), "needs --start"),
        (("train", "{folder}/data", "--out", "{folder}/x.h5"), "must end in .keras"),
        (
            (
                "train",
                "{folder}/data",
                "--start",
                "{folder}/plain.keras",
                "--quantization-aware",
                "--extent",
                "quarter",
                "--out",
                "{folder}/x.keras",
            ),
            "needs --extent whole",
        ),
        (("pack", "{folder}/data", "--out", "{folder}/x"), "fairface.csv: there is no such file"),
        (("publish", "{folder}/none.keras", "--data", "{folder}/data", "--faces", "{folder}"), "cannot be read"),
    ],
)
def test_wrong_arguments_are_named(made, run, step, complaint):
    """Each wrong argument gives a line that names it, and nothing is written."""
    before = sorted(made.rglob("*"))
    ran = run("finder", *(str(each).format(folder=made) for each in step))
    assert ran.code in (1, 2)
    assert complaint in ran.complaint()
    assert [each for each in sorted(made.rglob("*")) if each not in before and each.is_file()] == []
