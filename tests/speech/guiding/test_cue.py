"""Which sound leads to a face: a table of places, and what holds at every place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.face.position import AHEAD_DEG, Direction, Placement
from assistant.speech.guiding.cue import (
    FASTEST_S,
    LEVEL_HZ,
    LONG_S,
    MIDDLE_UNTIL_DEG,
    NOBODY,
    PULSE_S,
    SHORT_S,
    SLOWEST_S,
    cue_for,
    is_in_the_middle,
)

ANGLES = st.floats(-60, 60)


def at(right_deg, up_deg=0.0):
    """Return a face at these angles."""
    return Placement(Direction.AHEAD, 1.0, right_deg, up_deg)


CASES = {
    "far to the left": (at(-25), -1.0, LEVEL_HZ, SLOWEST_S),
    "farther to the left": (at(-40), -1.0, LEVEL_HZ, SLOWEST_S),
    "half to the right": (at(12.5), 0.5, LEVEL_HZ, (FASTEST_S + SLOWEST_S) / 2),
    "high": (at(0, 20), 0.0, 2 * LEVEL_HZ, SLOWEST_S),
    "low": (at(0, -20), 0.0, LEVEL_HZ / 2, SLOWEST_S),
    "high on the right": (at(5, 10), 0.2, LEVEL_HZ * 2**0.5, (FASTEST_S + SLOWEST_S) / 2),
    "in the middle": (at(0), 0.0, LEVEL_HZ, FASTEST_S),
}


@pytest.mark.parametrize(("place", "pan", "frequency_hz", "period_s"), CASES.values(), ids=CASES.keys())
def test_cases(place, pan, frequency_hz, period_s):
    """The side is heard on its side, the height as a pitch, and the distance from the middle as a pace."""
    cue = cue_for(place)
    assert (cue.pan, cue.frequency_hz, cue.period_s) == pytest.approx((pan, frequency_hz, period_s))
    assert cue.pulses_s == (PULSE_S,)


@pytest.mark.parametrize(
    ("right_deg", "pulses_s"), [(-15, (LONG_S,)), (-5, (PULSE_S,)), (5, (PULSE_S,)), (15, (SHORT_S, SHORT_S))]
)
def test_one_ear_hears_the_side_by_the_kind_of_pulse(right_deg, pulses_s):
    """Without stereo, both ears hear the same, and the pulses differ by side."""
    cue = cue_for(at(right_deg, 3), stereo=False)
    assert (cue.pulses_s, cue.pan) == (pulses_s, 0.0)


def test_without_height_the_pitch_stays():
    """A camera at the chest cannot be aimed higher: the height then changes neither pitch nor pace."""
    assert cue_for(at(10, 20), height=False) == cue_for(at(10))
    assert is_in_the_middle(at(0, 30), was=False, height=False)
    assert not is_in_the_middle(at(0, 30), was=False)


@given(ANGLES, ANGLES, st.booleans(), st.booleans())
def test_every_place_has_a_sound_that_can_be_played(right_deg, up_deg, stereo, height):
    """The sound stays within its bounds, a repetition is over before the next, and nobody sounds otherwise."""
    cue = cue_for(at(right_deg, up_deg), stereo=stereo, height=height)
    assert -1 <= cue.pan <= 1
    assert LEVEL_HZ / 2 <= cue.frequency_hz <= 2 * LEVEL_HZ
    assert FASTEST_S <= cue.period_s <= SLOWEST_S < NOBODY.period_s
    assert sum(cue.pulses_s) + cue.gap_s * (len(cue.pulses_s) - 1) < cue.period_s
    assert 0 < cue.level <= 1


@given(ANGLES, ANGLES, st.booleans())
def test_the_mirror_image_sounds_on_the_other_side(right_deg, up_deg, height):
    """Left and right are treated alike."""
    one, other = (cue_for(at(sign * right_deg, up_deg), height=height) for sign in (1, -1))
    assert one.pan == -other.pan
    assert (one.frequency_hz, one.period_s) == (other.frequency_hz, other.period_s)


@given(ANGLES, ANGLES, st.floats(0, 1))
def test_on_the_way_to_the_middle_the_pulses_get_no_slower(right_deg, up_deg, share):
    """A face on the straight way to the middle is heard at least as fast, and no farther aside."""
    far, near = cue_for(at(right_deg, up_deg)), cue_for(at(share * right_deg, share * up_deg))
    assert near.period_s <= far.period_s
    assert abs(near.pan) <= abs(far.pan)


@given(ANGLES, ANGLES, st.booleans())
def test_in_the_middle_is_ahead_and_lasts_longer_than_it_needs_to_begin(right_deg, up_deg, height):
    """What is in the middle stays there, and an answer would say "ahead" of it."""
    place = at(right_deg, up_deg)
    if is_in_the_middle(place, was=False, height=height):
        assert is_in_the_middle(place, was=True, height=height)
    if is_in_the_middle(place, was=True, height=height):
        assert abs(right_deg) <= MIDDLE_UNTIL_DEG < AHEAD_DEG
