"""`assistant look`."""

import json

import cv2
import pytest

from assistant.emotions import Emotion
from tests.builders.clips import astronaut_gray, room

pytestmark = pytest.mark.runtime


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Return a folder with a smile, the same smile in a glare, a room and a text."""
    folder = tmp_path_factory.mktemp("pictures")
    cv2.imwrite(str(folder / "smile.png"), astronaut_gray())
    cv2.imwrite(str(folder / "glare.png"), 160 + astronaut_gray() // 3)
    cv2.imwrite(str(folder / "room.png"), room())
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    return folder


def test_pictures_are_judged_as_json(assistant, pictures):
    """Each picture has one entry: a face without an emotion has a reason, a text has an error; the exit code is 1."""
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
    assert "notes.txt: is not a picture" in notes["error"]
    assert [(each["emotion"], each["scores"], each["reason"]) for each in glare["faces"]] == [
        (None, None, "too bright")
    ]
    assert (empty["faces"], empty["error"]) == ([], None)


def test_pictures_are_judged_in_words(assistant, pictures):
    """Each face has one line, and the exit code is 0 when every picture could be read."""
    ran = assistant("look", pictures / "smile.png", pictures / "room.png")
    assert ran.code == 0
    smile, empty = ran.out.splitlines()
    assert smile.startswith(f"{pictures}/smile.png: happy ")
    assert empty == f"{pictures}/room.png: no face"
