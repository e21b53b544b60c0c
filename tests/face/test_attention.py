"""Where the person in front looks: tables of cases, and what holds for any poses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.attention import (
    ASIDE_DEG,
    ASIDE_UNTIL_DEG,
    AT_YOU_DEG,
    AT_YOU_UNTIL_DEG,
    FORGET_S,
    HOLD_S,
    Attention,
    AttentionWatch,
    attention_of,
    lasts,
)
from assistant.face.pose import HeadPose

FPS = 20
PERSON, ANOTHER = 1, 2
NOBODY, UNMEASURED = "nobody", "unmeasured"


def turned(yaw_deg, pitch_deg=0.0):
    """Return the pose of a head that is turned so."""
    return HeadPose(yaw_deg, pitch_deg, 0.0)


def play(*scenes, fps=FPS):
    """Show each scene (seconds, a yaw or `nobody` or `unmeasured`, the person); return (time, fact) for each fact."""
    watch, facts, frame = AttentionWatch(), [], 0
    for seconds, shown, *who in scenes:
        person = None if shown == NOBODY else who[0] if who else PERSON
        pose = None if isinstance(shown, str) else turned(shown)
        for _ in range(round(seconds * fps)):
            fact = watch.update(frame / fps, person, pose)
            if fact is not None:
                facts.append((frame / fps, str(fact)))
            frame += 1
    return facts


CASES = {
    "a head that stays ahead looks at the wearer": ([(3, 0)], ["at_you"]),
    "the left of the picture is the wearer's left": ([(3, -35)], ["left"]),
    "the right of the picture is the wearer's right": ([(3, 35)], ["right"]),
    "between the directions nothing is known": ([(3, 18)], []),
    "a look of less than half a second is none": ([(0.4, 0), (2, 23)], []),
    "a glance aside does not end a look": ([(2, 0), (0.4, 40), (2, 0)], ["at_you"]),
    "a turn that holds is a fact": ([(2, 0), (2, 40)], ["at_you", "right"]),
    "a look that ends between the directions is not known": ([(2, 0), (2, 23)], ["at_you", "unknown"]),
    "a look lasts longer than it needs to begin": ([(2, 0), (5, 19)], ["at_you"]),
    "a look aside lasts longer than it needs to begin": ([(2, -30), (5, -19)], ["left"]),
    "noise around the limit is one look": ([(0.05, 11), *[(0.05, 13), (0.05, 11)] * 20], ["at_you"]),
    "noise around the end of a look does not end it": ([(1, 0), *[(0.2, 21), (0.2, 19)] * 20], ["at_you"]),
    "from side to side both are facts": ([(2, -40), (2, 40), (2, -40)], ["left", "right", "left"]),
    "a face lost for a moment keeps its look": ([(2, 0), (0.8, NOBODY), (2, 0)], ["at_you"]),
    "a face lost for longer begins anew": ([(2, 0), (1.5, NOBODY), (2, 0)], ["at_you", "unknown", "at_you"]),
    "a head not measured for longer is not known": ([(2, 0), (3, UNMEASURED)], ["at_you", "unknown"]),
    "another person begins anew": ([(2, 0), (2, 0, ANOTHER)], ["at_you", "unknown", "at_you"]),
    "another person's look is not added to": ([(0.4, 0), (0.4, 0, ANOTHER), (0.4, 0)], []),
    "two faces in turn have no look": ([(0.2, 0), (0.2, 0, ANOTHER)] * 10, []),
}


@pytest.mark.parametrize(("scenes", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(scenes, expected):
    """The scenes of each case of the table above give its facts."""
    assert [fact for _, fact in play(*scenes)] == expected


@pytest.mark.parametrize("fps", [4, 15, 60])
def test_a_look_is_a_fact_after_its_hold(fps):
    """A look is a fact as soon as it has held, at any rate of frames that is not too slow."""
    ((when, _),) = play((3, 0), fps=fps)
    assert HOLD_S - 1e-6 <= when < HOLD_S + 2 / fps


def test_a_camera_that_hangs_holds_no_look():
    """The time between two frames far apart counts little: nobody saw where the person looked meanwhile."""
    watch = AttentionWatch()
    assert [watch.update(now, PERSON, turned(0)) for now in (0.0, 0.9, 1.0)] == [None, None, None]


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("yaw_deg", "expected"),
    [
        (0, "at_you"),
        (AT_YOU_DEG, "at_you"),
        (AT_YOU_DEG + 0.1, "unknown"),
        (ASIDE_DEG - 0.1, "unknown"),
        (ASIDE_DEG, "aside"),
        (90, "aside"),
    ],
)
def test_a_single_frame(sign, yaw_deg, expected):
    """Between the limits of the two directions a single frame says nothing."""
    aside = "left" if sign < 0 else "right"
    assert attention_of(turned(sign * yaw_deg)) == expected.replace("aside", aside)


def test_the_limits_leave_room_for_noise():
    """A look ends farther out than it begins, and two looks begin so far apart that none can be both."""
    assert AT_YOU_DEG < AT_YOU_UNTIL_DEG < ASIDE_DEG
    assert AT_YOU_DEG < ASIDE_UNTIL_DEG < ASIDE_DEG


poses = st.builds(HeadPose, st.floats(-90, 90), st.floats(-90, 90), st.floats(-180, 180))
frames = st.lists(
    st.tuples(st.floats(0, 2), st.sampled_from([None, PERSON, ANOTHER]), st.none() | poses),
    max_size=60,
)


@given(poses)
def test_what_begins_lasts(pose):
    """A pose with which a look begins is one with which it lasts."""
    attention = attention_of(pose)
    assert attention is Attention.UNKNOWN or lasts(attention, pose)


@given(poses)
def test_the_nod_and_the_lean_do_not_matter(pose):
    """Only the yaw counts: the finder does not measure the pitch."""
    assert attention_of(pose) is attention_of(turned(pose.yaw_deg))


@given(poses)
def test_a_mirrored_head_looks_to_the_other_side(pose):
    """Mirrored, left is right, and a look at the wearer stays one."""
    sides = {Attention.LEFT: Attention.RIGHT, Attention.RIGHT: Attention.LEFT}
    attention = attention_of(pose)
    assert attention_of(turned(-pose.yaw_deg)) is sides.get(attention, attention)


@given(frames)
def test_facts_hold_for_any_frames(steps):
    """A fact is news, was shown for the hold before, and is what the watch holds; nobody is told of twice."""
    watch, now, known, shown_s = AttentionWatch(), 0.0, Attention.UNKNOWN, {}
    for gap_s, person, pose in steps:
        now += gap_s
        fact = watch.update(now, person, pose)
        if person is not None and pose is not None:
            shown_s.setdefault(attention_of(pose), now)
        assert fact is None or fact is not known
        known = known if fact is None else fact
        assert watch.held is known
        if fact not in (None, Attention.UNKNOWN):
            assert now - shown_s[fact] >= HOLD_S


@given(frames)
def test_time_that_does_not_pass_changes_nothing(steps):
    """A frame that is not later than the one before is ignored, whatever it shows."""
    once, twice, now = AttentionWatch(), AttentionWatch(), 0.0
    for gap_s, person, pose in steps:
        now += gap_s
        assert once.update(now, person, pose) == twice.update(now, person, pose)
        assert twice.update(now, ANOTHER, turned(60)) is None
        assert twice.update(now - 1, None, None) is None


@given(frames, st.sampled_from([None, PERSON]))
def test_whoever_is_gone_is_forgotten(steps, person):
    """After a second without a measured head nothing is held."""
    watch, now = AttentionWatch(), 0.0
    for gap_s, who, pose in steps:
        now += gap_s
        watch.update(now, who, pose)
    watch.update(now + FORGET_S + 0.01, person, None)
    assert watch.held is Attention.UNKNOWN
