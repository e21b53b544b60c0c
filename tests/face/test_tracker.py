"""The tracker: which faces are the same person from frame to frame, and who is in front."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.appearance import Appearance
from assistant.face.detector import Detection
from assistant.face.tracker import DescribedDetection, FaceTracker, TrackingSettings, prominence
from assistant.geometry import BoundingBox

pytestmark = pytest.mark.runtime

WIDTH = 640
FPS = 15
SETTINGS = TrackingSettings()
LOOKS = {name: np.random.default_rng(number).normal(0, 1, (12, 12)) for number, name in enumerate("abc")}
CLOTHES = {"a": 60.0, "b": 150.0, "c": 220.0}


def seen(who: str, x: float, *, y: float = 200, width: int = 100, clothes: bool = True) -> DescribedDetection:
    """Return the detection of a person's face with its centre at (x, y)."""
    box = BoundingBox(round(x - width / 2), round(y - width / 2), width, width)
    look = np.asarray((LOOKS[who] - LOOKS[who].mean()) / LOOKS[who].std(), dtype=np.float32)
    return DescribedDetection(Detection(box), Appearance(look, CLOTHES[who] if clothes else None))


def fronts(*scenes: tuple[float, dict[str, tuple[float, float] | tuple[float, float, int]]]) -> list[str]:
    """Play scenes (seconds, {who: (first x, last x[, width])}); return who was in front, in order."""
    tracker, now, order, numbers = FaceTracker(SETTINGS, forget_s=1.0), 0.0, [], {}
    for seconds, people in scenes:
        count = round(seconds * FPS)
        for frame in range(count):
            faces = {
                who: seen(who, start + (end - start) * frame / count, width=(*size, 100)[0])
                for who, (start, end, *size) in people.items()
            }
            tracker.update(now, list(faces.values()), everywhere=True)
            primary = tracker.choose(now, WIDTH)
            name = "-" if primary is None else next(who for who, face in faces.items() if face is primary.seen)
            if primary is not None:
                numbers.setdefault(primary.track_id, name)
                assert numbers[primary.track_id] == name, "two people swapped their histories"
            if order[-1:] != [name]:
                order.append(name)
            now += 1 / FPS
    return order


CASES = {
    "the largest and most central is in front": ([(1, {"a": (320, 320), "b": (560, 560, 110)})], ["a"]),
    "one at the edge must be twice as large": ([(1, {"a": (320, 320), "b": (560, 560, 210)})], ["b"]),
    "a bystander who passes does not take over": (
        [(2, {"a": (320, 320)}), (1.5, {"a": (320, 320), "b": (0, 640, 170)}), (1, {"a": (320, 320)})],
        ["a"],
    ),
    "nor while the one in front is missing for a moment": (
        [(2, {"a": (200, 200)}), (0.5, {"b": (450, 450)}), (1, {"a": (200, 200), "b": (450, 450)})],
        ["a", "-", "a"],
    ),
    "two who swap sides keep their histories": (
        [(1, {"a": (180, 180), "b": (460, 460)}), (2, {"a": (180, 460), "b": (460, 180)}), (1, {"a": (460, 460)})],
        ["a"],
    ),
    "nor is it lost while one hides the other": (
        [
            (1, {"a": (200, 200), "b": (440, 440)}),
            (0.7, {"a": (200, 290), "b": (440, 350)}),
            (0.4, {"b": (350, 300)}),
            (0.7, {"a": (350, 440), "b": (300, 200)}),
        ],
        ["a", "-", "a"],
    ),
    "who left is followed by the one who stayed": (
        [(2, {"a": (320, 320), "b": (500, 500)}), (2, {"b": (500, 500)})],
        ["a", "-", "b"],
    ),
    "who turns to somebody else looks at them after two seconds": (
        [(2, {"a": (320, 320)}), (0.8, {"a": (320, 40), "b": (600, 320)}), (2.3, {"a": (40, 40), "b": (320, 320)})],
        ["a", "b"],
    ),
    "a quick move is the same person": (
        [(1, {"a": (200, 200)}), (0.3, {"a": (200, 420)}), (1, {"a": (420, 420)})],
        ["a"],
    ),
}


@pytest.mark.parametrize(("scenes", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(scenes, expected):
    """The people of each case of the table above come to the front in its order."""
    assert fronts(*scenes) == expected


PAUSES = {
    "3 a second": [1 / 3],
    "8 a second": [1 / 8],
    "3, then 15 a second": [*[1 / 3] * 3, *[1 / 15] * 30],
    "15, then 8 a second": [*[1 / 15] * 15, *[1 / 8] * 15],
    "uneven": [0.2, 0.07, 0.4],
}


@pytest.mark.parametrize("pauses_s", PAUSES.values(), ids=PAUSES.keys())
def test_two_who_cross_keep_their_numbers_at_any_rate(pauses_s):
    """Two people who walk past each other in four seconds keep their track numbers."""
    tracker, now, numbers, turn = FaceTracker(SETTINGS, forget_s=1.0), 0.0, {}, 0
    while now <= 4.0:
        faces = {"a": seen("a", 120 + 100 * now), "b": seen("b", 520 - 100 * now, y=230)}
        tracker.update(now, list(faces.values()), everywhere=True)
        for track in tracker.people():
            who = next(name for name, face in faces.items() if face is track.seen)
            assert numbers.setdefault(track.track_id, who) == who
        now += pauses_s[turn % len(pauses_s)]
        turn += 1
    assert sorted(numbers.values()) == ["a", "b"]


@given(st.lists(st.floats(0.02, 0.9), min_size=1, max_size=60), st.floats(-250, 250))
def test_who_walks_on_stays_the_same_person_at_any_rate(pauses_s, speed):
    """A person may move by 2.5 face widths a second, with up to 0.9 seconds between two frames."""
    tracker, now, x = FaceTracker(SETTINGS, forget_s=1.0), 0.0, 320.0
    for pause_s in pauses_s:
        tracker.update(now, [seen("a", x)], everywhere=True)
        primary = tracker.choose(now, WIDTH)
        assert primary is not None
        assert primary.track_id == 1
        now, x = now + pause_s, x + speed * pause_s


def test_everybody_is_counted_until_forgotten():
    """A person who was not seen for a second is forgotten at the next scan of the whole frame."""
    tracker = FaceTracker(SETTINGS, forget_s=1.0)
    tracker.update(0.0, [seen("a", 200), seen("b", 450)], everywhere=True)
    tracker.choose(0.0, WIDTH)
    assert len(tracker.people()) == 2
    tracker.update(1.5, [seen("a", 200)], everywhere=False)
    assert len(tracker.people()) == 2
    tracker.update(1.6, [seen("a", 200)], everywhere=True)
    assert len(tracker.people()) == 1


def test_what_is_refused_is_nobody():
    """A rejected track is followed, so that it is known again, but neither counts nor comes to the front."""
    tracker = FaceTracker(SETTINGS, forget_s=1.0)
    tracker.update(0.0, [seen("a", 320), seen("b", 500)], everywhere=True)
    curtain = next(track for track in tracker.tracks() if track.seen.detection.box.center[0] == 320)
    curtain.rejected = True
    primary = tracker.choose(0.0, WIDTH)
    assert primary is not None
    assert (primary.seen.detection.box.center[0], len(tracker.people())) == (500, 1)
    tracker.update(0.1, [seen("a", 321), seen("b", 500)], everywhere=True)
    assert curtain.rejected
    assert len(tracker.tracks()) == 2


def test_a_thousand_faces_are_not_all_followed():
    """At most sixteen faces are followed."""
    tracker = FaceTracker(SETTINGS, forget_s=1.0)
    rng = np.random.default_rng(0)
    for frame in range(3):
        poster = [seen("a", x, y=y, width=w) for x, y, w in zip(*rng.integers(20, 600, (3, 1000)), strict=True)]
        tracker.update(frame / FPS, poster, everywhere=True)
    assert len(tracker.tracks()) <= 16


def test_the_weight_falls_towards_the_edge():
    """The prominence of a face at the edge of the frame is half of that in the middle."""
    boxes = [seen("a", x).detection.box for x in (320, 480, 640)]
    assert [prominence(box, WIDTH) for box in boxes] == [100, 75, 50]
