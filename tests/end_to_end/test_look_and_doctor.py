"""`assistant look` and `assistant doctor`."""

import json

import cv2
import pytest

from assistant.emotions import Emotion
from tests.builders.clips import astronaut_gray, room

pytestmark = pytest.mark.runtime


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A smile, the same in a glare, a room, a text."""
    folder = tmp_path_factory.mktemp("pictures")
    cv2.imwrite(str(folder / "smile.png"), astronaut_gray())
    cv2.imwrite(str(folder / "glare.png"), 160 + astronaut_gray() // 3)
    cv2.imwrite(str(folder / "room.png"), room())
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    return folder


def test_pictures_are_judged_as_json(assistant, pictures):
    """One entry a picture; what cannot be judged has a reason; a text is reported, the rest is judged, exit 1."""
    paths = [str(pictures / name) for name in ("smile.png", "notes.txt", "glare.png", "room.png")]
    ran = assistant("look", "--json", *paths)
    assert ran.code == 1
    smile, notes, glare, empty = json.loads(ran.out)
    assert [entry["picture"] for entry in (smile, notes, glare, empty)] == paths
    (face,) = smile["faces"]
    assert (face["emotion"], face["reason"], smile["error"]) == ("happy", None, None)
    assert face["confidence"] == face["scores"]["happy"]
    assert list(face["scores"]) == [str(emotion) for emotion in Emotion]
    assert sum(face["scores"].values()) == pytest.approx(1, abs=0.001)
    assert len(face["box"]) == 4
    assert notes["faces"] == []
    assert "notes.txt: is no picture" in notes["error"]
    assert [(each["emotion"], each["scores"], each["reason"]) for each in glare["faces"]] == [
        (None, None, "too bright")
    ]
    assert (empty["faces"], empty["error"]) == ([], None)


def test_pictures_are_judged_in_words(assistant, pictures):
    """A line a face; exit 0 when all could be read."""
    ran = assistant("look", pictures / "smile.png", pictures / "room.png")
    assert ran.code == 0
    smile, empty = ran.out.splitlines()
    assert smile.startswith(f"{pictures}/smile.png: happy ")
    assert empty == f"{pictures}/room.png: no face"


def test_the_doctor_names_what_works(assistant, clips):
    """A line a part; a recording will do for a camera."""
    ran = assistant("doctor", "--camera", f"replay:{clips}/room.mp4", "camera", "detector", "model", "voice")
    assert ran.code == 0
    assert [line.split(":")[0] for line in ran.out.splitlines()] == [
        "ok   camera",
        "ok   detector",
        "ok   model",
        "ok   voice",
    ]


def test_the_doctor_names_what_does_not(assistant, tmp_path):
    """With what to do, and exit 1."""
    arguments = ("--camera", f"replay:{tmp_path}/none.mp4", "--model", tmp_path / "none.tflite")
    ran = assistant("doctor", *arguments, ALSA_CONFIG_PATH="/dev/null")
    assert ran.code == 1
    lines = {line[5:].split(":")[0]: line for line in ran.out.splitlines()}
    assert list(lines) == ["camera", "detector", "model", "voice", "sound"]
    assert "no such file" in lines["camera"]
    assert "there is no such model file" in lines["model"]
    assert "sound device 'default'" in lines["sound"]
    assert [part for part, line in lines.items() if line.startswith("FAIL")] == ["camera", "model", "sound"]


def test_the_doctor_knows_its_parts(assistant):
    """Exit 2 for one that there is not, or for a camera that is none; a button that is asked for is needed."""
    ran = assistant("doctor", "heart")
    assert (ran.code, "no such part" in ran.complaint()) == (2, True)
    assert assistant("doctor", "--camera", "bogus", "camera").code == 2
    ran = assistant("doctor", "button")
    assert (ran.code, ran.out.startswith("FAIL button: none is set")) == (1, True)
