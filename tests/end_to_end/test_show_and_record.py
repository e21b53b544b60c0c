"""`--show` and `--record`."""

import cv2
import numpy as np
import pytest


def test_the_record_is_a_video_with_the_box_in_it(assistant, tmp_path):
    """The video is in colour and as long as the run; that it is recorded is said, and no other file is left."""
    target = tmp_path / "run.mp4"
    ran = assistant(
        "run", "--camera", "simulated:happy 5", "--fast", "--voice", "none", "--events", "-", "--record", target
    )
    assert ran.code == 0
    assert ran.said() == ["demonstration, with drawn faces", "recording", "looks happy"]
    assert [path.name for path in tmp_path.iterdir()] == ["run.mp4"]
    video = cv2.VideoCapture(str(target))
    assert video.get(cv2.CAP_PROP_FRAME_COUNT) == pytest.approx(150, abs=3)
    video.set(cv2.CAP_PROP_POS_FRAMES, 60)
    _, picture = video.read()
    assert picture.shape == (480, 640, 3)
    green = (picture[..., 1].astype(int) - picture[..., 2] > 60).sum()
    assert green > 300, "the box is green"


def test_pictures_of_other_sizes_are_fitted_in(assistant, tmp_path):
    """Pictures of any size become frames of the first picture's size."""
    for number, size in enumerate(((200, 150), (100, 300), (400, 200))):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((size[1], size[0]), 200, np.uint8))
    target = tmp_path / "run.mp4"
    camera = f"replay:{tmp_path}"
    assert assistant("run", "--camera", camera, "--fast", "--voice", "none", "--record", target).code == 0
    video = cv2.VideoCapture(str(target))
    assert video.get(cv2.CAP_PROP_FRAME_COUNT) == 7
    video.set(cv2.CAP_PROP_POS_FRAMES, 6)
    last = video.read()[1]
    assert last.shape == (150, 200, 3)
    assert last[50, 100].min() > 150


def test_the_window_shows_the_same(assistant):
    """The window opens on a made-up screen of SDL; without any screen the error is one line."""
    pytest.importorskip("pygame")
    arguments = ("run", "--camera", "simulated:happy 1", "--fast", "--voice", "none", "--show")
    assert assistant(*arguments, SDL_VIDEODRIVER="dummy").code == 0
    without = assistant(*arguments, SDL_VIDEODRIVER="no such driver")
    assert (without.code, "--show: no window can be opened here" in without.err.splitlines()[-1]) == (1, True)
