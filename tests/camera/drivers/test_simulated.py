"""The simulated camera: its drawn faces, and the scripts that it plays."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from assistant.camera.choose import played_on
from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.simulated import SimulatedSource, parse_script
from assistant.emotions import Emotion
from assistant.errors import ConfigError
from assistant.face.detectors.registry import build_detector
from tests.builders.faces import EVERY_DETECTOR

pytestmark = pytest.mark.runtime


@pytest.mark.parametrize("name", EVERY_DETECTOR)
@pytest.mark.parametrize("emotion", Emotion)
def test_every_drawn_emotion_comes_through_the_real_detectors(emotion, name):
    """Each detector finds one face in every frame."""
    source = SimulatedSource(f"{emotion} 1", fps=5)
    detector = build_detector(name)
    frames = [source.grab() for _ in range(5)]
    assert [len(detector.detect(frame.gray)) for frame in frames] == [1] * 5
    assert source.grab() is None


def test_the_same_each_time():
    """Two sources with the same script give the same frames, since motion and noise come from a seed."""
    first, second = (SimulatedSource("sad+other 0.5") for _ in range(2))
    assert all(np.array_equal(first.grab().gray, second.grab().gray) for _ in range(5))


def test_all_seven_have_a_prototype():
    """Each emotion has a drawing of its own."""
    assert set(PROTOTYPES) == set(Emotion)
    assert len(set(PROTOTYPES.values())) == len(Emotion)


@pytest.mark.parametrize("name", ["simulated:happy 0.2, empty 0.1", "simulated:happy 0.2, empty 0.1, again"])
def test_it_plays_on_where_it_is_to(name):
    """A script without `again` ends, and with `again` it begins anew."""
    source = SimulatedSource(played_on(name).partition(":")[2], fps=10.0)
    times = [source.wait() for _ in range(50)]
    assert times == pytest.approx([number / 10 for number in range(50)])
    script = name.partition(":")[2]
    once = SimulatedSource(script, fps=10.0)
    assert (None in [once.wait() for _ in range(50)]) is not script.endswith("again")


@pytest.mark.parametrize("name", ["auto", "webcam:1", "replay:a.mp4", "simulated:"])
def test_other_cameras_stay_as_they_are(name):
    """Only the name of a simulated camera is changed."""
    assert played_on(name) == name


@pytest.mark.parametrize(
    ("entry", "yaw_deg", "pitch_deg", "other"),
    [
        ("happy 1", 0, 0, False),
        ("happy+left 1", -40, 0, False),
        ("happy+right+other 1", 40, 0, True),
        ("happy+other+up 1", 0, 25, True),
        ("neutral+down 1", 0, -25, False),
    ],
)
def test_people_turn_by_the_script(entry, yaw_deg, pitch_deg, other):
    """Marks behind a word say where the first person looks, and whether there is a second one, in any order."""
    (scene,) = parse_script(entry)
    assert (scene.turn.yaw_deg, scene.turn.pitch_deg, scene.other) == (yaw_deg, pitch_deg, other)


@pytest.mark.parametrize(
    ("mark", "right", "down"),
    [("leftmost", -0.27, 0), ("rightmost", 0.27, 0), ("topmost", 0, -0.2), ("lowest", 0, 0.2)],
)
def test_people_are_where_the_script_says(mark, right, down):
    """A person is drawn there at once, and goes there within a second from another place."""
    middle, there, goes = (frames(script) for script in ("happy 2", f"happy+{mark} 2", f"happy 1, happy+{mark} 1"))
    assert moved(middle[0], there[0]) == (pytest.approx(640 * right, abs=2), pytest.approx(480 * down, abs=2))
    assert moved(middle[14], goes[14]) == (0, 0)
    assert moved(middle[-1], goes[-1]) == moved(middle[-1], there[-1])
    assert (goes[20] != there[20]).any()


@pytest.mark.parametrize(("mark", "axis"), [("nod", "pitch_deg"), ("shake", "yaw_deg")])
def test_people_nod_and_shake_in_bouts(mark, axis):
    """Three times in a bout of one and a half seconds, the head goes down and up, or to both sides; then it rests."""
    (scene,) = parse_script(f"happy+{mark} 9")
    turns = [scene.sway(number / 15) for number in range(9 * 15)]
    other = "yaw_deg" if axis == "pitch_deg" else "pitch_deg"
    assert not any(getattr(turn, other) for turn in turns)
    angles = [getattr(turn, axis) for turn in turns]
    assert min(angles) == -14
    assert max(angles) == (0 if mark == "nod" else 14)
    moving = [number for number, angle in enumerate(angles) if angle]
    assert 0.5 <= moving[0] / 15 < 0.7
    assert all(not angle for angle in angles[31:67])
    assert any(angles[68:])
    assert sum(before > -7 >= after for before, after in pairwise(angles[:31])) == 3


def frames(script):
    """Return the frames of a script."""
    source = SimulatedSource(script)
    return [frame.gray for frame in iter(source.grab, None)]


def moved(before, after):
    """Return how many pixels to the right and down the head of a frame is from that of another."""
    head = before[130:380, 200:400]
    best = cv2.matchTemplate(after, head, cv2.TM_CCOEFF_NORMED)
    across, down = cv2.minMaxLoc(best)[3]
    return across - 200, down - 130


@pytest.mark.parametrize(
    "script",
    [
        "",
        "happy+leftmost+lowest 3",
        "happy+nod+shake 3",
        "happy+left+right 3",
        "happy+other+other 3",
        "happy+aside 3",
        "happy+ 3",
        "left 3",
        "happy",
        "happy x",
        "happy -1",
        "happy inf",
        "cheerful 3",
        "happy 3,",
        "+other 3",
        "again",
        "again, happy 3",
        "happy 1e-300, again",
    ],
)
def test_a_script_that_is_none_is_refused(script):
    """The error says how a script is written."""
    with pytest.raises(ConfigError, match="allowed is WORD SECONDS"):
        parse_script(script)
