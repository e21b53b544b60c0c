"""The debouncer: tables of cases, and what holds for any observations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.emotion.debounce import (
    Debouncer,
    DebounceSettings,
    EmotionSettled,
    FaceAppeared,
    FaceLost,
)
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotion.transitions import TRANSITIONS, IllegalTransitionError, Signal, State, step
from assistant.emotions import EMOTIONS, Emotion, EmotionScores
from assistant.geometry import BoundingBox
from tests.builders.scores import sure

SETTINGS = DebounceSettings()
FPS = 20
PERSON = 1


def seen(scores: EmotionScores | None, track_id: int | None = PERSON) -> Observation:
    """Return an observation of this person in front: with scores, or with None for a face that was not classified."""
    return Observation(ClassifiedFace(BoundingBox(200, 150, 90, 90), scores, None), track_id, 1)


NOBODY = Observation(None)


def play(*scenes: tuple[float, Emotion | str]) -> list[tuple[float, str]]:
    """Show each scene (seconds, an emotion or `nobody` or `unjudged`); return (time, fact) for each fact."""
    debouncer, facts, frame = Debouncer(SETTINGS), [], 0
    for seconds, shown in scenes:
        for _ in range(round(seconds * FPS)):
            observation = NOBODY if shown == "nobody" else seen(sure(shown) if isinstance(shown, Emotion) else None)
            for change in debouncer.update(frame / FPS, observation):
                name = str(change.emotion) if isinstance(change, EmotionSettled) else type(change).__name__
                facts.append((frame / FPS, name))
            frame += 1
    return facts


CASES = {
    "a face that stays shows its emotion once": (
        [(3, Emotion.HAPPY)],
        ["FaceAppeared", "happy"],
    ),
    "a glimpse is no face": (
        [(0.25, Emotion.HAPPY), (1, "nobody")],
        [],
    ),
    "a face lost for a moment is the same face": (
        [(3, Emotion.HAPPY), (0.8, "nobody"), (2, Emotion.HAPPY)],
        ["FaceAppeared", "happy"],
    ),
    "a face lost for longer has left": (
        [(3, Emotion.HAPPY), (1.5, "nobody"), (3, Emotion.HAPPY)],
        ["FaceAppeared", "happy", "FaceLost", "FaceAppeared", "happy"],
    ),
    "a grimace of half a second is none": (
        [(3, Emotion.NEUTRAL), (0.5, Emotion.ANGRY), (2, Emotion.NEUTRAL)],
        ["FaceAppeared", "neutral"],
    ),
    "a change that holds is a fact": (
        [(3, Emotion.NEUTRAL), (3, Emotion.SAD)],
        ["FaceAppeared", "neutral", "sad"],
    ),
    "of eight swings back and forth two are told": (
        [(2, Emotion.HAPPY), *[(1.2, Emotion.SAD), (1.2, Emotion.HAPPY)] * 4],
        ["FaceAppeared", "happy", "sad", "happy"],
    ),
    "a face that cannot be judged is there without an emotion": (
        [(3, "unjudged")],
        ["FaceAppeared"],
    ),
}


@pytest.mark.parametrize(("scenes", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(scenes, expected):
    """The scenes of each case of the table above give its facts."""
    assert [name for _, name in play(*scenes)] == expected


def test_an_emotion_is_a_fact_within_a_second_and_a_half():
    """An emotion settles 0.2 seconds at most after the times of appearing and of holding."""
    facts = {name: when for when, name in play((3, Emotion.HAPPY))}
    needed_s = SETTINGS.appear_s + SETTINGS.hold_s
    assert needed_s <= facts["happy"] <= needed_s + 0.2


def test_what_is_seen_no_more_is_not_held_on_to():
    """A face that becomes unclear loses its stable emotion after a while, although no other emotion follows."""
    debouncer = Debouncer(SETTINGS)
    unclear = EmotionScores((0.25, 0.05, 0.2, 0.05, 0.2, 0.05, 0.2))
    for frame in range(3 * FPS):
        debouncer.update(frame / FPS, seen(sure(Emotion.HAPPY)))
    assert debouncer.stable is Emotion.HAPPY
    for frame in range(3 * FPS, 6 * FPS):
        assert debouncer.update(frame / FPS, seen(unclear)) == []
    assert (debouncer.stable, debouncer.state) == (None, State.UNDECIDED)


def test_a_fading_counts_for_one_emotion_alone():
    """The fading of the last emotion takes no time from the fading of the next one."""
    debouncer, now = Debouncer(SETTINGS), 0.0
    unclear = EmotionScores((0.25, 0.05, 0.2, 0.05, 0.2, 0.05, 0.2))
    for shown in (Emotion.HAPPY, Emotion.SURPRISE):
        while debouncer.stable is not shown:
            now += 1 / FPS
            debouncer.update(now, seen(sure(shown)))
    for seconds, expected in ((0.25, Emotion.SURPRISE), (0.75, Emotion.SURPRISE), (1.0, None)):
        debouncer.update(now + seconds - 0.25, seen(unclear))
        debouncer.update(now + seconds, seen(unclear))
        assert debouncer.stable is expected


def test_another_person_begins_anew():
    """The person before leaves at once, and neither their scores nor their emotion stay."""
    debouncer = Debouncer(SETTINGS)
    for frame in range(3 * FPS):
        debouncer.update(frame / FPS, seen(sure(Emotion.HAPPY)))
    assert debouncer.update(3.0, seen(sure(Emotion.SAD), PERSON + 1)) == [FaceLost()]
    assert (debouncer.stable, debouncer.state) == (None, State.ARRIVING)
    facts = [
        change
        for frame in range(1, 3 * FPS)
        for change in debouncer.update(3 + frame / FPS, seen(sure(Emotion.SAD), PERSON + 1))
    ]
    assert [type(fact) for fact in facts] == [FaceAppeared, EmotionSettled]
    assert facts[1].scores[Emotion.SAD] == pytest.approx(0.9, abs=0.001)


def test_an_illegal_signal_leaves_the_state_as_it_was():
    """The signal raises an error, and the state stays."""
    debouncer = Debouncer()
    with pytest.raises(IllegalTransitionError, match="HELD cannot happen in NOBODY"):
        debouncer._signal(Signal.HELD)
    assert debouncer.state is State.NOBODY


def test_every_state_can_be_reached_and_left():
    """The table has no state without a way in or out."""
    assert {state for state, _ in TRANSITIONS} == set(State) == set(TRANSITIONS.values())
    assert all(step(state, signal) is after for (state, signal), after in TRANSITIONS.items())


RATES = {
    "15 a second": [1 / 15],
    "8 a second": [1 / 8],
    "5 a second": [1 / 5],
    "3 a second, then 15": [*[1 / 3] * 2, *[1 / 15] * 60],
    "15 a second, then 8": [*[1 / 15] * 4, *[1 / 8] * 60],
    "uneven": [0.2, 0.07, 0.13],
}


@pytest.mark.parametrize("pauses_s", RATES.values(), ids=RATES.keys())
def test_the_rate_of_the_pictures_changes_little(pauses_s):
    """At every rate the facts are the same, never too early, and late by one frame or three at most."""
    debouncer, now, facts = Debouncer(SETTINGS), 0.0, []
    for number in range(60):
        for change in debouncer.update(now, seen(sure(Emotion.HAPPY))):
            facts.append((now, type(change)))
        now += pauses_s[number % len(pauses_s)]
    longest_s, needed_s = max(pauses_s), SETTINGS.appear_s + SETTINGS.hold_s
    (appeared_s, first), (settled_s, second) = facts
    assert (first, second) == (FaceAppeared, EmotionSettled)
    assert SETTINGS.appear_s <= appeared_s <= SETTINGS.appear_s + 1.1 * longest_s
    assert needed_s <= settled_s <= needed_s + 3.1 * longest_s


@given(st.lists(st.floats(0.02, 0.25), min_size=80, max_size=80), st.floats(0.0, 3.0))
def test_any_rate_down_to_four_a_second_gives_the_same_facts(pauses_s, leaves_after_s):
    """The arrival, the smile and the departure each become a fact within a few frames."""
    debouncer, now, facts = Debouncer(SETTINGS), 0.0, {}
    left_s = 2.0 + leaves_after_s
    for pause_s in pauses_s:
        shown = now < left_s
        for change in debouncer.update(now, seen(sure(Emotion.HAPPY)) if shown else NOBODY):
            assert type(change) not in facts
            facts[type(change)] = now
        now += pause_s
    assert SETTINGS.appear_s - 1e-9 <= facts[FaceAppeared] <= SETTINGS.appear_s + 0.5
    assert facts[EmotionSettled] <= SETTINGS.appear_s + SETTINGS.hold_s + 0.75
    if now > left_s + SETTINGS.lost_s + 0.5:
        assert left_s + SETTINGS.lost_s - 0.25 <= facts[FaceLost] <= left_s + SETTINGS.lost_s + 0.5


frames = st.lists(
    st.tuples(
        st.sampled_from([-0.5, 0.0, 0.03, 0.07, 0.2, 0.9, 1.1, 40.0]),
        st.one_of(st.none(), st.just("unjudged"), st.tuples(st.sampled_from(EMOTIONS), st.floats(0.2, 1.0))),
    ),
    max_size=150,
)


@given(frames)
def test_only_what_held_becomes_a_fact(steps):
    """With late, repeated and long-missing frames: no surprise, and an emotion led for `hold_s` of watched time.

    The watched time of an emotion is counted here anew: the frames, each for at most `frame_gap_s`, since a frame that
    cannot have led (its average stands below what a lead needs) or since nobody was there.
    """
    debouncer, now, last, present_before = Debouncer(SETTINGS), 100.0, None, False
    seen_since_arrival: set[Emotion] = set()
    watched_s = 0.0
    for delta, shown in steps:
        now += delta
        present = shown is not None
        scores = sure(*shown) if isinstance(shown, tuple) else None
        changes = debouncer.update(now, seen(scores) if present else NOBODY)
        if last is not None and now <= last:
            assert changes == []
            continue
        watched_s = watched_s + min(now - (last or now), SETTINGS.frame_gap_s) if present and present_before else 0.0
        if scores is not None:
            seen_since_arrival.add(scores.best)
        for change in changes:
            if isinstance(change, EmotionSettled):
                assert present
                assert watched_s >= SETTINGS.hold_s - 1e-6
                assert change.emotion in seen_since_arrival
                assert change.scores[change.emotion] >= SETTINGS.lead_confidence
                assert debouncer.stable is change.emotion
        last, present_before = now, present


@given(frames)
def test_appearing_and_leaving_alternate(steps):
    """A departure follows an arrival, and no emotion is stable while nobody is there."""
    debouncer, now, there = Debouncer(SETTINGS), 0.0, False
    for delta, shown in steps:
        now += delta
        observation = NOBODY if shown is None else seen(sure(*shown) if isinstance(shown, tuple) else None)
        for change in debouncer.update(now, observation):
            if isinstance(change, FaceAppeared):
                assert not there
                there = True
            elif isinstance(change, FaceLost):
                assert there
                there = False
            else:
                assert there
    assert there or debouncer.stable is None
