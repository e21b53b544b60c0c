"""The debouncer: tables of cases, and what holds for any observations."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.emotion.bounds import MAYBE, PLAINLY, Bounds, wald_bound
from assistant.emotion.debouncing.accumulator import margins
from assistant.emotion.debouncing.debounce import Change, Debouncer, EmotionSettled, FaceAppeared, FaceLost, Impression
from assistant.emotion.debouncing.settings import DebounceSettings
from assistant.emotion.debouncing.transitions import TRANSITIONS, IllegalTransitionError, Signal, State, step
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotions import EMOTIONS, Emotion, EmotionScores
from assistant.geometry import BoundingBox
from tests.builders.scores import sure

SETTINGS = DebounceSettings()
BOUNDS = Bounds(plainly=(wald_bound(PLAINLY),) * len(EMOTIONS))
CLEAR, MODERATE, FAINT = 0.9, 0.4, 0.2
"""Scores of the best emotion, where the other six share the rest equally."""

CLEAR_S, MODERATE_S = 0.8, 3.0
"""A clear expression is a fact after this time at most, and a moderate one after that."""

FPS = 20
PERSON = 1


def seen(scores: EmotionScores | None, track_id: int | None = PERSON) -> Observation:
    """Return an observation of this person in front: with scores, or with None for a face that was not classified."""
    return Observation(ClassifiedFace(BoundingBox(200, 150, 90, 90), scores, None), track_id, 1)


NOBODY = Observation(None)


def play(*scenes: tuple[float, Emotion | str] | tuple[float, Emotion, float]) -> list[tuple[float, str]]:
    """Show each scene (seconds, an emotion or `nobody` or `unjudged`, the score); return (time, fact) for each fact.

    An emotion that settled without enough evidence to be said plainly has a question mark.
    """
    debouncer, facts, frame = Debouncer(SETTINGS, BOUNDS), [], 0
    for seconds, shown, *score in scenes:
        for _ in range(round(seconds * FPS)):
            scores = sure(shown, *score) if isinstance(shown, Emotion) else None
            for change in debouncer.update(frame / FPS, NOBODY if shown == "nobody" else seen(scores)):
                facts.append((frame / FPS, name_of(change)))
            frame += 1
    return facts


def name_of(change: Change) -> str:
    """Return a fact in one word."""
    if isinstance(change, EmotionSettled):
        return f"{change.emotion}{'' if change.is_sure else '?'}"
    return type(change).__name__


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
    "a moderate expression that lasts is a fact in doubt": (
        [(4, Emotion.SAD, MODERATE)],
        ["FaceAppeared", "sad?"],
    ),
    "a moderate expression that soon ends is none": (
        [(3, Emotion.NEUTRAL), (1, Emotion.SAD, MODERATE), (3, Emotion.NEUTRAL)],
        ["FaceAppeared", "neutral"],
    ),
    "a faint expression is none, however long": (
        [(30, Emotion.SAD, FAINT)],
        ["FaceAppeared"],
    ),
    "a fact in doubt that becomes clear is no other fact": (
        [(4, Emotion.SAD, MODERATE), (4, Emotion.SAD)],
        ["FaceAppeared", "sad?"],
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


@pytest.mark.parametrize(("score", "fact", "most_s"), [(CLEAR, "sad", CLEAR_S), (MODERATE, "sad?", MODERATE_S)])
def test_an_emotion_is_a_fact_in_time(score, fact, most_s):
    """A clear expression is a fact within a second, and a moderate one within three."""
    facts = {name: when for when, name in play((4, Emotion.SAD, score))}
    assert facts["FaceAppeared"] < facts[fact] <= most_s


def test_without_bounds_for_it_an_emotion_is_never_a_fact():
    """An emotion that the model does not know well enough has no bounds, and nothing is said of it."""
    never = tuple(
        None if emotion is Emotion.SAD else bound for emotion, bound in zip(EMOTIONS, BOUNDS.maybe, strict=True)
    )
    for bounds in (Bounds(never, never), Bounds((None,) * len(EMOTIONS), never)):
        debouncer = Debouncer(SETTINGS, bounds)
        facts = [fact for frame in range(5 * FPS) for fact in debouncer.update(frame / FPS, seen(sure(Emotion.SAD)))]
        assert facts == [FaceAppeared()]
        assert debouncer.impression is None


def test_an_answer_needs_half_of_the_evidence():
    """Before an emotion has settled, an answer names the likeliest one, in doubt; without evidence it names none."""
    debouncer, impressions = Debouncer(SETTINGS, BOUNDS), []
    for frame in range(2 * FPS):
        debouncer.update(frame / FPS, seen(sure(Emotion.SAD)))
        impressions.append(debouncer.impression)
    in_order = list(dict.fromkeys(impressions))
    assert in_order == [
        None,
        Impression(Emotion.SAD, is_sure=False, is_guess=True),
        Impression(Emotion.SAD, is_sure=True),
    ]


def test_an_impression_in_doubt_becomes_sure_with_the_evidence():
    """An answer says plainly what has become clear since it settled in doubt."""
    debouncer = Debouncer(SETTINGS, BOUNDS)
    for frame in range(8 * FPS):
        debouncer.update(frame / FPS, seen(sure(Emotion.SAD, MODERATE if frame < 4 * FPS else CLEAR)))
        if frame == 4 * FPS - 1:
            assert debouncer.impression == Impression(Emotion.SAD, is_sure=False)
    assert debouncer.impression == Impression(Emotion.SAD, is_sure=True)


def test_the_many_frames_of_one_look_count_as_one():
    """A short expression is no fact, whether it is shown in three frames or in thirty."""
    for fps in (6, 60):
        debouncer, facts = Debouncer(SETTINGS, BOUNDS), []
        for frame in range(4 * fps):
            scores = sure(Emotion.HAPPY if frame < 0.5 * fps else Emotion.NEUTRAL, 0.8)
            facts += debouncer.update(frame / fps, seen(scores))
        assert [name_of(fact) for fact in facts] == ["FaceAppeared", "neutral"]


def test_what_is_seen_no_more_is_not_held_on_to():
    """A face that becomes unclear loses its stable emotion after a while, although no other emotion follows."""
    debouncer = Debouncer(SETTINGS, BOUNDS)
    unclear = EmotionScores((0.25, 0.05, 0.2, 0.05, 0.2, 0.05, 0.2))
    for frame in range(3 * FPS):
        debouncer.update(frame / FPS, seen(sure(Emotion.HAPPY)))
    assert debouncer.stable is Emotion.HAPPY
    for frame in range(3 * FPS, 6 * FPS):
        assert debouncer.update(frame / FPS, seen(unclear)) == []
    assert (debouncer.stable, debouncer.state) == (None, State.UNDECIDED)


def test_a_fading_counts_for_one_emotion_alone():
    """The fading of the last emotion takes no time from the fading of the next one."""
    debouncer, now = Debouncer(SETTINGS, BOUNDS), 0.0
    unclear = EmotionScores((0.25, 0.05, 0.2, 0.05, 0.2, 0.05, 0.2))
    for shown in (Emotion.HAPPY, Emotion.SURPRISE):
        while debouncer.stable is not shown:
            now += 1 / FPS
            debouncer.update(now, seen(sure(shown)))
    began_s = now
    for seconds, expected in ((0.75, Emotion.SURPRISE), (1.2, Emotion.SURPRISE), (3.0, None)):
        while now < began_s + seconds:
            now += 1 / FPS
            debouncer.update(now, seen(unclear))
        assert debouncer.stable is expected


def test_another_person_begins_anew():
    """The person before leaves at once, and neither their scores nor their emotion stay."""
    debouncer = Debouncer(SETTINGS, BOUNDS)
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
    assert facts[1].is_sure


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
    debouncer, now, facts = Debouncer(SETTINGS, BOUNDS), 0.0, []
    for number in range(60):
        for change in debouncer.update(now, seen(sure(Emotion.HAPPY))):
            facts.append((now, type(change)))
        now += pauses_s[number % len(pauses_s)]
    longest_s = max(pauses_s)
    (appeared_s, first), (settled_s, second) = facts
    assert (first, second) == (FaceAppeared, EmotionSettled)
    assert SETTINGS.appear_s <= appeared_s <= SETTINGS.appear_s + 1.1 * longest_s
    assert settled_s <= CLEAR_S + 1.1 * longest_s


@given(st.lists(st.floats(0.02, 0.25), min_size=80, max_size=80), st.floats(0.0, 3.0))
def test_any_rate_down_to_four_a_second_gives_the_same_facts(pauses_s, leaves_after_s):
    """The arrival, the smile and the departure each become a fact within a few frames."""
    debouncer, now, facts = Debouncer(SETTINGS, BOUNDS), 0.0, {}
    left_s = 2.0 + leaves_after_s
    for pause_s in pauses_s:
        shown = now < left_s
        for change in debouncer.update(now, seen(sure(Emotion.HAPPY)) if shown else NOBODY):
            assert type(change) not in facts
            facts[type(change)] = now
        now += pause_s
    assert SETTINGS.appear_s - 1e-9 <= facts[FaceAppeared] <= SETTINGS.appear_s + 0.5
    assert facts[EmotionSettled] <= CLEAR_S + 0.5
    if now > left_s + SETTINGS.lost_s + 0.5:
        assert left_s + SETTINGS.lost_s - 0.25 <= facts[FaceLost] <= left_s + SETTINGS.lost_s + 0.5


frames = st.lists(
    st.tuples(
        st.sampled_from([-0.5, 0.0, 0.03, 0.07, 0.2, 0.9, 1.1, 40.0]),
        st.one_of(st.none(), st.just("unjudged"), st.tuples(st.sampled_from(EMOTIONS), st.floats(0.2, 1.0))),
    ),
    max_size=150,
)


def most_evidence(steps: Sequence[tuple[float, EmotionScores | None]], emotion: Emotion) -> float:
    """Return what the evidence can be at most: each margin above 0, for its time, and nothing against it."""
    place = EMOTIONS.index(emotion)
    return sum(max(0.0, margins(scores)[place]) * elapsed_s for elapsed_s, scores in steps if scores) / SETTINGS.look_s


@given(frames)
def test_only_what_has_evidence_becomes_a_fact(steps):
    """With late, repeated and long-missing frames: each fact rests on enough evidence since the person came.

    The evidence is added up here anew, without forgetting, and with all that speaks against an emotion left out.
    """
    debouncer, now, last = Debouncer(SETTINGS, BOUNDS), 100.0, None
    watched: list[tuple[float, EmotionScores | None]] = []
    for delta, shown in steps:
        now += delta
        present = shown is not None
        scores = sure(*shown) if isinstance(shown, tuple) else None
        changes = debouncer.update(now, seen(scores) if present else NOBODY)
        if last is not None and now <= last:
            assert changes == []
            continue
        watched.append((min(now - (now if last is None else last), SETTINGS.frame_gap_s), scores))
        for change in changes:
            if isinstance(change, FaceLost):
                watched = watched[-1:]
            if isinstance(change, EmotionSettled):
                needed = wald_bound(PLAINLY) if change.is_sure else wald_bound(MAYBE)
                assert most_evidence(watched, change.emotion) >= needed - 1e-6
                assert present
                assert debouncer.stable is change.emotion
        last = now


@given(frames)
def test_appearing_and_leaving_alternate(steps):
    """A departure follows an arrival, and no emotion is stable while nobody is there."""
    debouncer, now, there = Debouncer(SETTINGS, BOUNDS), 0.0, False
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


def test_what_cannot_be_classified_for_a_minute_is_forgotten():
    """Evidence ages while the face is turned away, so that one look after a minute does not settle an emotion."""
    debouncer, now = Debouncer(SETTINGS, BOUNDS), 0.0
    for scores, seconds in ((sure(Emotion.HAPPY, MODERATE), 1.4), (None, 60.0)):
        for _ in range(round(seconds * FPS)):
            now += 1 / FPS
            debouncer.update(now, seen(scores))
    assert debouncer.update(now + 1 / FPS, seen(sure(Emotion.HAPPY, MODERATE))) == []
    assert (debouncer.state, debouncer.impression) == (State.UNDECIDED, None)


def test_more_caution_needs_more_evidence_for_an_answer_too():
    """With a caution that nothing reaches, no emotion is guessed."""
    debouncer = Debouncer(DebounceSettings(caution=10.0), BOUNDS)
    for frame in range(2 * FPS):
        debouncer.update(frame / FPS, seen(sure(Emotion.SAD)))
    assert debouncer.impression is None
