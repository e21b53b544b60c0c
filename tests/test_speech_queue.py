"""When something is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.announcer import Announcement, Priority
from assistant.speech_queue import Fate, SpeechQueue, SpeechSettings

pytestmark = pytest.mark.runtime

SETTINGS = SpeechSettings(least_gap_s=2.0, stale_s=4.0)
LENGTH_S = 1.0


def emotion(name):
    """An announcement nobody asked for."""
    return Announcement(name, Priority.EMOTION)


def play(story, until_s=12.0):
    """Offer each (time, announcement), turn the queue every tenth of a second: (time, phrase, fate)."""
    queue, speaking_until, outcomes, story = SpeechQueue(SETTINGS), -1.0, [], list(story)
    for tick in range(round(until_s * 10)):
        now = tick / 10
        while story and story[0][0] <= now:
            outcomes += [(now, each) for each in queue.offer(story.pop(0)[1], now)]
        for each in queue.step(now, now < speaking_until):
            outcomes.append((now, each))
            if each.fate is Fate.STARTED:
                speaking_until = now + LENGTH_S
    return [(now, each.announcement.phrase, str(each.fate)) for now, each in outcomes]


FAULT = Announcement("fault", Priority.FAULT)
ANSWER = Announcement("answer", Priority.ANSWER)
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
    "the more urgent goes first, the other waits": (
        [(0, FAULT), (0.2, emotion("a")), (0.4, ANSWER)],
        [(0, "fault", "started"), (1.0, "answer", "started"), (3.0, "a", "started")],
    ),
}


@pytest.mark.parametrize(("story", "expected"), CASES.values(), ids=CASES.keys())
def test_cases(story, expected):
    """Each case of the table above."""
    assert play(story) == expected


def test_what_waited_too_long_is_dropped():
    """An old emotion is no news."""
    queue = SpeechQueue(SETTINGS)
    queue.offer(emotion("a"), 0.0)
    assert [each.fate for each in queue.step(5.0, speaking=False)] == [Fate.DROPPED]
    assert queue.step(5.1, speaking=False) == []


def test_the_end_cuts_what_sounds_and_drops_what_waits():
    """And nothing else."""
    queue = SpeechQueue(SETTINGS)
    queue.offer(emotion("a"), 0.0)
    queue.step(0.0, speaking=False)
    queue.offer(emotion("b"), 0.5)
    ended = [(each.announcement.phrase, each.fate) for each in queue.close(speaking=True)]
    assert ended == [("a", Fate.CUT), ("b", Fate.DROPPED)]
    assert queue.close(speaking=True) == []


stories = st.lists(st.tuples(st.floats(0, 0.9), st.sampled_from(list(Priority)), st.booleans()), max_size=80)


@given(stories)
def test_unasked_phrases_keep_the_least_gap(story):
    """Whatever comes: no emotion or presence starts sooner than the least gap after any phrase."""
    queue, now, last_start = SpeechQueue(SETTINGS), 0.0, float("-inf")
    for delta, priority, speaking in story:
        now += delta
        queue.offer(Announcement("x", priority), now)
        for each in queue.step(now, speaking):
            if each.fate is Fate.STARTED:
                asked = each.announcement.priority >= Priority.ANSWER
                assert asked or now - last_start >= SETTINGS.least_gap_s
                last_start = now


@given(stories)
def test_nothing_is_lost_without_being_told(story):
    """Every announcement is started once or dropped once, and only what started is cut."""
    queue, now, offered, fates = SpeechQueue(SETTINGS), 0.0, 0, []
    for delta, priority, speaking in story:
        now += delta
        offered += 1
        outcomes = [*queue.offer(Announcement(str(offered), priority), now), *queue.step(now, speaking)]
        fates += [(each.announcement.phrase, each.fate) for each in outcomes]
    fates += [(each.announcement.phrase, each.fate) for each in queue.close(speaking=True)]
    ended = [phrase for phrase, fate in fates if fate is not Fate.CUT]
    assert sorted(ended, key=int) == [str(number) for number in range(1, offered + 1)]
    started = [phrase for phrase, fate in fates if fate is Fate.STARTED]
    assert {phrase for phrase, fate in fates if fate is Fate.CUT} <= set(started)
