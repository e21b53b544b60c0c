"""The speech queue: what is said, in which order, and what is dropped."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.emotion.movements import Movement
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.queue import END_AWAITED_EVERY_S, Fate, Outcome, SpeechQueue, SpeechSettings
from assistant.speech.tones import Tone

SETTINGS = SpeechSettings(least_gap_s=2.0, stale_s=4.0)
LENGTH_S = 1.0


def emotion(name):
    """An announcement nobody asked for."""
    return Announcement((name,), Priority.EMOTION)


def play(story, until_s=12.0, *, only_when_due=False):
    """Enqueue each (time, announcement), step the queue every tenth of a second, and return (time, phrase, fate).

    With `only_when_due` the queue is stepped when something came, when a phrase ended, and when it says so.
    """
    queue, speaking_until, outcomes, story, due_s = SpeechQueue(SETTINGS), -1.0, [], list(story), 0.0
    for tick in range(round(until_s * 10)):
        now = tick / 10
        if (story and story[0][0] <= now) or now - 0.1 < speaking_until <= now:
            due_s = now
        if only_when_due and now < due_s:
            continue
        while story and story[0][0] <= now:
            outcomes += [(now, each) for each in queue.enqueue(story.pop(0)[1], now)]
        for each in queue.step(now, now < speaking_until):
            outcomes.append((now, each))
            if each.fate is Fate.STARTED:
                speaking_until = now + LENGTH_S
        due_s = queue.due_s(now)
    return [(now, each.announcement.parts[0], str(each.fate)) for now, each in outcomes]


LOOK = Announcement(("look",), Priority.ATTENTION)
FAULT = Announcement(("fault",), Priority.FAULT, "camera")
HEAT = Announcement(("heat",), Priority.FAULT, "heat")
ANSWER = Announcement(("answer",), Priority.ANSWER)
OTHER_ANSWER = Announcement(("other",), Priority.ANSWER)
CASES = {
    "said at once": ([(0, emotion("a"))], [(0, "a", "started")]),
    "the second waits for the gap": (
        [(0, emotion("a")), (1, emotion("b"))],
        [(0, "a", "started"), (2, "b", "started")],
    ),
    "the newest of those that wait wins": (
        [(0, emotion("a")), (0.5, emotion("b")), (1, emotion("c"))],
        [(0, "a", "started"), (1, "b", "dropped"), (2, "c", "started")],
    ),
    "an answer cuts an emotion off": (
        [(0, emotion("a")), (0.5, ANSWER)],
        [(0, "a", "started"), (0.5, "a", "cut"), (0.5, "answer", "started")],
    ),
    "a fault is not cut off by an answer": (
        [(0, FAULT), (0.5, ANSWER)],
        [(0, "fault", "started"), (1.0, "answer", "started")],
    ),
    "an answer cuts an older answer off": (
        [(0, ANSWER), (0.5, OTHER_ANSWER)],
        [(0, "answer", "started"), (0.5, "answer", "cut"), (0.5, "other", "started")],
    ),
    "faults of two kinds are both heard, one after the other": (
        [(0, FAULT), (0.2, HEAT), (0.3, emotion("a"))],
        [(0, "fault", "started"), (1.0, "heat", "started"), (3.0, "a", "started")],
    ),
    "a newer fault of a kind takes the place of one that waits": (
        [(0, HEAT), (0.2, FAULT), (0.4, FAULT)],
        [(0, "heat", "started"), (0.4, "fault", "dropped"), (1.0, "fault", "started")],
    ),
    "a look waits for an emotion, which does not cut it off": (
        [(0, emotion("a")), (0.2, LOOK), (0.4, emotion("b"))],
        [(0, "a", "started"), (2.0, "b", "started"), (4.0, "look", "started")],
    ),
    "an emotion waits for its gap behind a look": (
        [(0, LOOK), (0.2, emotion("a"))],
        [(0, "look", "started"), (2.0, "a", "started")],
    ),
    "the more urgent goes first, the other waits": (
        [(0, FAULT), (0.2, emotion("a")), (0.4, ANSWER)],
        [(0, "fault", "started"), (1.0, "answer", "started"), (3.0, "a", "started")],
    ),
}


@pytest.mark.parametrize(("story", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(story, expected):
    """The announcements of each case of the table above have their fates at their times."""
    assert play(story) == expected


def test_a_tone_alone_is_no_phrase():
    """A tone waits until the phrase is over, but for no gap, and the next phrase does not wait for it."""
    queue, tone = SpeechQueue(SETTINGS), Announcement((), Priority.EMOTION, "tone", tone=Tone.FOUND)
    started = []
    for now, offered, speaking in ((0.0, emotion("a"), False), (0.5, tone, True), (0.8, None, False)):
        if offered is not None:
            queue.enqueue(offered, now)
        started += [(now, each.announcement) for each in queue.step(now, speaking)]
    queue.enqueue(emotion("b"), 1.0)
    started += [(now, each.announcement) for now in (1.0, 2.0) for each in queue.step(now, speaking=False)]
    assert started == [(0.0, emotion("a")), (0.8, tone), (2.0, emotion("b"))]


def test_what_waited_too_long_is_dropped():
    """An emotion that has waited for five seconds is dropped."""
    queue = SpeechQueue(SETTINGS)
    queue.enqueue(emotion("a"), 0.0)
    assert [each.fate for each in queue.step(5.0, speaking=False)] == [Fate.DROPPED]
    assert queue.step(5.1, speaking=False) == []


def test_silence_cuts_a_fault_too_but_drops_none():
    """Silence cuts off a fault and drops what waits, except faults, which are said later."""
    queue = SpeechQueue(SETTINGS)
    queue.enqueue(FAULT, 0.0)
    queue.step(0.0, speaking=False)
    for waiting in (HEAT, ANSWER, emotion("a"), LOOK):
        queue.enqueue(waiting, 0.1)
    silenced = [(each.announcement.parts[0], each.fate) for each in queue.silence(speaking=True)]
    assert silenced == [("fault", Fate.CUT), ("answer", Fate.DROPPED), ("a", Fate.DROPPED), ("look", Fate.DROPPED)]
    assert [each.announcement for each in queue.step(0.2, speaking=False)] == [HEAT]


def test_the_end_cuts_what_sounds_and_drops_what_waits():
    """The end gives each announcement one fate, and a second end gives none."""
    queue = SpeechQueue(SETTINGS)
    queue.enqueue(emotion("a"), 0.0)
    queue.step(0.0, speaking=False)
    queue.enqueue(emotion("b"), 0.5)
    ended = [(each.announcement.parts[0], each.fate) for each in queue.close(speaking=True)]
    assert ended == [("a", Fate.CUT), ("b", Fate.DROPPED)]
    assert queue.close(speaking=True) == []


stories = st.lists(st.tuples(st.floats(0, 0.9), st.sampled_from(list(Priority)), st.booleans()), max_size=80)


@given(stories)
def test_unasked_phrases_keep_the_least_gap(story):
    """In any story, no unasked phrase starts sooner than the least gap after another phrase."""
    queue, now, last_start = SpeechQueue(SETTINGS), 0.0, float("-inf")
    for delta, priority, speaking in story:
        now += delta
        queue.enqueue(Announcement(("x",), priority), now)
        for each in queue.step(now, speaking):
            if each.fate is Fate.STARTED:
                asked = each.announcement.priority >= Priority.ANSWER
                assert asked or now - last_start >= SETTINGS.least_gap_s
                last_start = now


@given(stories)
def test_never_more_unasked_phrases_than_allowed_in_any_minute(story):
    """In any story, no minute has more unasked phrases than allowed, and none that waited for too long."""
    settings = SpeechSettings(least_gap_s=0.0, most_a_minute=3)
    queue, now, started, offered_s = SpeechQueue(settings), 0.0, [], {}
    for number, (delta, priority, speaking) in enumerate(story):
        now += 10 * delta
        offered_s[str(number)] = now
        queue.enqueue(Announcement((str(number),), priority), now)
        for each in queue.step(now, speaking):
            if each.fate is Fate.STARTED:
                waited_s = now - offered_s[each.announcement.parts[0]]
                assert waited_s <= settings.stale_after_s(each.announcement.priority)
                started += [now] if each.announcement.priority < Priority.ANSWER else []
    assert all(sum(then - 60 < each <= then for each in started) <= 3 for then in started)


@given(stories)
def test_a_fault_is_cut_off_by_nothing_and_a_press_is_always_answered(story):
    """In any story, an answer starts at once, or after the fault that sounds."""
    queue, now, sounding = SpeechQueue(SETTINGS), 0.0, None
    for delta, priority, speaking in story:
        now += delta
        announcement = Announcement(("x",), priority)
        queue.enqueue(announcement, now)
        sounding = sounding if speaking else None
        fault_sounds = sounding is not None and sounding.priority is Priority.FAULT
        outcomes = queue.step(now, speaking and sounding is not None)
        assert not [each for each in outcomes if each.fate is Fate.CUT and each.announcement.priority is Priority.FAULT]
        began = [each.announcement for each in outcomes if each.fate is Fate.STARTED]
        sounding = began[0] if began else sounding
        if priority is Priority.ANSWER and not fault_sounds:
            assert sounding.priority >= Priority.ANSWER


@given(stories)
def test_nothing_is_lost_without_being_told(story):
    """In any story, each announcement is started once or dropped once, and only a started one is cut off."""
    queue, now, offered, fates = SpeechQueue(SETTINGS), 0.0, 0, []
    for delta, priority, speaking in story:
        now += delta
        offered += 1
        outcomes = [*queue.enqueue(Announcement((str(offered),), priority), now), *queue.step(now, speaking)]
        fates += [(each.announcement.parts[0], each.fate) for each in outcomes]
    fates += [(each.announcement.parts[0], each.fate) for each in queue.close(speaking=True)]
    ended = [phrase for phrase, fate in fates if fate is not Fate.CUT]
    assert sorted(ended, key=int) == [str(number) for number in range(1, offered + 1)]
    started = [phrase for phrase, fate in fates if fate is Fate.STARTED]
    assert {phrase for phrase, fate in fates if fate is Fate.CUT} <= set(started)


def test_it_says_when_it_wants_to_be_asked_again():
    """Nothing is due while nothing waits, else the end of the gap or of a phrase, or the time at which it is stale."""
    queue = SpeechQueue(SETTINGS)
    assert queue.due_s(0.0) == math.inf
    queue.enqueue(emotion("a"), 0.0)
    assert queue.due_s(0.0) == 0.0
    queue.step(0.0, speaking=False)
    queue.enqueue(emotion("b"), 0.5)
    assert queue.due_s(0.5) == 0.5 + END_AWAITED_EVERY_S
    assert queue.step(1.0, speaking=False) == []
    assert queue.due_s(1.0) == 2.0
    assert [each.fate for each in queue.step(2.0, speaking=False)] == [Fate.STARTED]
    assert queue.due_s(2.0) == math.inf


def test_while_a_minute_is_full_the_oldest_phrase_is_waited_for():
    """A phrase that the limit of a minute holds back is due when the oldest is a minute old, or when it is stale."""
    queue = SpeechQueue(SpeechSettings(least_gap_s=0.0, most_a_minute=2, stale_s=60.0))
    for now in (0.0, 1.0, 2.0):
        queue.enqueue(emotion(f"{now}"), now)
        queue.step(now, speaking=False)
    assert queue.due_s(2.0) == 60.0
    queue.update_settings(SpeechSettings(most_a_minute=0, stale_s=50.0))
    assert queue.due_s(2.0) == 52.0


def test_only_what_is_about_a_topic_is_discarded():
    """Of two announcements that wait, the one whose topic is over is dropped."""
    queue = SpeechQueue()
    smile = Announcement(("smiles",), Priority.EMOTION, shown=Movement.SMILE)
    mouth = Announcement(("mouth open",), Priority.EMOTION, "mouth", shown=Movement.MOUTH_OPEN)
    for each in (smile, mouth):
        queue.enqueue(each, 0.0)
    assert queue.discard([Priority.EMOTION], Movement.FROWN) == []
    assert queue.discard([Priority.ANSWER], Movement.SMILE) == []
    assert queue.discard([Priority.EMOTION], Movement.SMILE) == [Outcome(smile, Fate.DROPPED)]
    assert queue.discard([Priority.EMOTION]) == [Outcome(mouth, Fate.DROPPED)]


def test_looks_and_nods_leave_room_for_emotions():
    """Of the eight unasked phrases in a minute, looks and nods take six at most; emotions take the rest."""
    queue = SpeechQueue(SpeechSettings(least_gap_s=0.0))
    nod = Announcement(("nod",), Priority.HEAD)
    started = []
    for now in range(20):
        queue.enqueue(nod if now < 10 else emotion(f"{now}"), float(now))
        started += [each.announcement.priority for each in queue.step(now, speaking=False) if each.fate is Fate.STARTED]
    assert started == [Priority.HEAD] * 6 + [Priority.EMOTION] * 2
    queue.discard(list(Priority))
    queue.enqueue(nod, 20.0)
    queue.update_settings(SpeechSettings(least_gap_s=0.0, stale_s=60.0))
    assert queue.due_s(20.0) == 62.0
    assert [SpeechSettings(most_a_minute=most).most_of(Priority.HEAD) for most in (0, 1, 3, 4)] == [0, 1, 3, 3]


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from([emotion("a"), ANSWER, FAULT, HEAT])), max_size=12))
def test_a_queue_that_is_asked_only_when_due_says_the_same(gaps):
    """What is said, dropped and cut off, and when, does not depend on turns in which nothing is due."""
    story, tick = [], 0
    for gap, announcement in gaps:
        tick += gap
        story.append((tick / 10, announcement))
    assert play(story, 30.0, only_when_due=True) == play(story, 30.0)
