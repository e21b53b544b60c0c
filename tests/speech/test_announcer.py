"""The announcer: which changes are announced, and in which words."""

import pytest

from assistant.controls.commands import Mode
from assistant.emotion.debouncing.debounce import EmotionSettled, FaceAppeared, FaceLost, Impression
from assistant.emotion.movement_watch import MovementChange
from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotions import Emotion
from assistant.face.attention import Attention
from assistant.face.nods import HeadGesture
from assistant.face.position import Direction, Placement, placement
from assistant.face.reject_reason import RejectReason
from assistant.geometry import BoundingBox
from assistant.speech.announcement import Priority
from assistant.speech.announcer import Announcer
from assistant.speech.announcer_settings import AnnouncerSettings
from assistant.speech.phrases import Phrases
from assistant.speech.tones import Tone
from tests.builders.scores import sure

PHRASES = Phrases.load("en")
BOX = BoundingBox(280, 200, 80, 80)
NOBODY = Observation(None)


def seen(reason=None, people=1, place=None):
    """Return an observation of somebody in front."""
    face = ClassifiedFace(BOX, None if reason else sure(Emotion.SAD), reason)
    return Observation(face, 1, people, place)


def announcer(**settings):
    """Return an announcer with these settings."""
    return Announcer(AnnouncerSettings(**settings))


def spoken(announcer, emotion, now, observation=NOBODY, *, is_sure=True):
    """Return the words for an emotion that has settled, or None."""
    announcement = announcer.announcement_for(EmotionSettled(emotion, is_sure, sure(emotion)), observation, now)
    if announcement is None:
        return None
    announcer.on_started(announcement, now)
    return PHRASES.sentence(announcement)


@pytest.mark.parametrize(
    ("emotion", "is_sure", "words"),
    [
        (Emotion.HAPPY, True, "looks happy"),
        (Emotion.ANGRY, True, "looks angry"),
        (Emotion.ANGRY, False, "maybe angry"),
        (Emotion.SAD, False, "maybe sad"),
        (Emotion.NEUTRAL, True, None),
    ],
)
def test_emotions_are_worded_by_the_evidence(emotion, is_sure, words):
    """An emotion is said plainly with enough evidence, or else with a "maybe"; a neutral face is not said."""
    assert spoken(announcer(), emotion, 0.0, is_sure=is_sure) == words


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ([(0, Emotion.HAPPY), (10, Emotion.HAPPY)], ["looks happy", None]),
        ([(0, Emotion.HAPPY), (31, Emotion.HAPPY)], ["looks happy", "looks happy"]),
        ([(0, Emotion.HAPPY), (5, Emotion.NEUTRAL), (10, Emotion.HAPPY)], ["looks happy", None, None]),
        ([(0, Emotion.HAPPY), (5, Emotion.SAD), (10, Emotion.HAPPY)], ["looks happy", "looks sad", "looks happy"]),
    ],
)
def test_nothing_is_repeated_soon(story, said):
    """The same emotion is said again after a while, or after another emotion was said."""
    telling = announcer()
    assert [spoken(telling, emotion, now) for now, emotion in story] == said


def test_what_was_not_heard_is_not_said():
    """An announcement that never sounded does not keep the next one silent."""
    telling = announcer()
    settled = EmotionSettled(Emotion.HAPPY, True, sure(Emotion.HAPPY))
    assert telling.announcement_for(settled, NOBODY, 0.0) == telling.announcement_for(settled, NOBODY, 5.0) is not None


def test_presence_is_said_when_asked_for():
    """Who comes and goes is not said by default, and is said with the setting."""
    assert not announcer().announcement_for(FaceAppeared(), seen(), 0).parts
    talkative = announcer(presence=True)
    assert PHRASES.sentence(talkative.announcement_for(FaceAppeared(), seen(), 0)) == "someone is there"
    assert PHRASES.sentence(talkative.announcement_for(FaceLost(), NOBODY, 0)) == "nobody there now"


def test_nobody_left_while_others_stand_there():
    """The departure of the person in front is not said while another person is there."""
    assert announcer(presence=True).announcement_for(FaceLost(), Observation(None, people=1), 0.0) is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [({}, None), ({"presence": True}, "two people"), ({"mode": "full"}, "two people"), ({"mode": "ask"}, None)],
)
def test_company_is_said_where_presence_is(settings, words):
    """That somebody joins is said with the setting for presence and in the mode `full`, and not again soon."""
    telling = announcer(**settings)
    told = telling.announcement_of_company(2, 0.0)
    assert (told and PHRASES.sentence(told)) == words
    if told is not None:
        telling.on_started(told, 0.0)
        assert telling.announcement_of_company(2, 29.0) is None
        assert PHRASES.sentence(telling.announcement_of_company(3, 29.0)) == "three people"


def test_asked_for_nothing_is_said_unasked():
    """In the mode `ask` nothing is said unasked, whatever the setting for presence."""
    silent = announcer(mode="ask", presence=True)
    changes = (EmotionSettled(Emotion.HAPPY, True, sure(Emotion.HAPPY)), FaceAppeared(), FaceLost())
    assert [silent.announcement_for(change, seen(), 0.0) for change in changes] == [None, None, None]


def test_in_full_people_and_places_are_told():
    """In the mode `full` the number of people, the direction and the distance are said."""
    telling, place = announcer(mode="full"), placement(BOX, (640, 480), 66.0)
    came = telling.announcement_for(FaceAppeared(), seen(people=2, place=place), 0.0)
    assert PHRASES.sentence(came) == "two people, ahead, one metre away"
    words = spoken(telling, Emotion.HAPPY, 1.0, seen(place=place))
    assert words == "looks happy, ahead, one metre away"
    assert PHRASES.sentence(telling.announcement_for(FaceLost(), NOBODY, 2.0)) == "nobody there now"


def test_a_setting_stands_above_the_evidence():
    """A setting decides how an emotion is said, whatever the evidence is."""
    assert spoken(announcer(happy="off"), Emotion.HAPPY, 0.0) is None
    assert spoken(announcer(happy="hedged"), Emotion.HAPPY, 0.0) == "maybe happy"
    assert spoken(announcer(fear="plain"), Emotion.FEAR, 0.0, is_sure=False) == "looks afraid"


@pytest.mark.parametrize(
    ("observation", "impression", "words"),
    [
        (None, None, "no picture from the camera"),
        (NOBODY, None, "I see nobody"),
        (seen(RejectReason.TOO_DARK), None, "someone, too dark to tell"),
        (seen(), None, "someone, not sure how they look"),
        (seen(), Impression(Emotion.SAD, is_sure=True), "someone, looks sad"),
        (seen(), Impression(Emotion.SAD, is_sure=False), "someone, maybe sad"),
        (seen(), Impression(Emotion.NEUTRAL, is_sure=True), "someone, looks neutral"),
        (seen(), Impression(Emotion.SAD, is_sure=False, is_guess=True), "someone, maybe sad"),
        (seen(), Impression(Emotion.NEUTRAL, is_sure=False), "someone, maybe neutral"),
        (
            seen(people=2, place=Placement(Direction.LEFT, 1.1)),
            Impression(Emotion.HAPPY, is_sure=True),
            "two people, on your left, one metre away, looks happy",
        ),
    ],
)
def test_a_press_is_always_answered(observation, impression, words):
    """Nobody, bad light, an unsure model and a missing camera have answers of their own, also in the mode `ask`."""
    answer = announcer(mode="ask").answer(observation, impression)
    assert (answer.priority, PHRASES.sentence(answer)) == (Priority.ANSWER, words)


def test_a_guess_is_never_plain():
    """A setting words what has settled; a guess keeps its "maybe"."""
    answer = announcer(happy="plain").answer(seen(), Impression(Emotion.HAPPY, is_sure=False, is_guess=True))
    assert PHRASES.sentence(answer) == "someone, maybe happy"


def test_an_answer_doubts_what_is_switched_off():
    """An answer names an emotion that is never said unasked, with a "maybe"."""
    answer = announcer(fear="off").answer(seen(), Impression(Emotion.FEAR, is_sure=True))
    assert PHRASES.sentence(answer) == "someone, maybe afraid"


@pytest.mark.parametrize(
    ("attention", "reason", "words"),
    [
        (Attention.AT_YOU, None, "someone, ahead, one metre away, maybe looks at you, looks happy"),
        (Attention.LEFT, None, "someone, ahead, one metre away, looks to your left, looks happy"),
        (Attention.RIGHT, None, "someone, ahead, one metre away, looks to your right, looks happy"),
        (Attention.UNKNOWN, None, "someone, ahead, one metre away, looks happy"),
        (
            Attention.LEFT,
            RejectReason.TURNED_AWAY,
            "someone, ahead, one metre away, looks to your left, turned away",
        ),
    ],
)
def test_an_answer_says_where_they_look(attention, reason, words):
    """The look comes after the place and before the emotion, or before the reason why there is none."""
    observation, smile = seen(reason, place=Placement(Direction.AHEAD, 1.0)), Impression(Emotion.HAPPY, is_sure=True)
    assert PHRASES.sentence(announcer(attention="off").answer(observation, smile, attention)) == words


LOOKS = (Attention.AT_YOU, Attention.UNKNOWN, Attention.LEFT, Attention.RIGHT)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, [None, None, None, None]),
        ({"mode": "full"}, [None, None, None, None]),
        ({"attention": "words"}, ["maybe looks at you", None, None, None]),
        (
            {"attention": "words", "mode": "full"},
            ["maybe looks at you", None, "looks to your left", "looks to your right"],
        ),
        ({"attention": "tone"}, ["at_you", None, None, None]),
        ({"attention": "tone", "mode": "full"}, ["at_you", None, None, None]),
        ({"attention": "words", "mode": "ask"}, [None, None, None, None]),
        ({"attention": "tone", "mode": "ask"}, [None, None, None, None]),
    ],
)
def test_looks_are_said_unasked_only_by_a_setting(settings, said):
    """By default no look is said unasked; the mode `full` also says looks aside, in words, and `ask` says none."""
    telling = announcer(**settings)
    told = [telling.announcement_for(look, seen(), 0.0) for look in LOOKS]
    assert [each and (PHRASES.sentence(each) or str(each.tone)) for each in told] == said
    assert {each.priority for each in told if each} <= {Priority.ATTENTION}
    by_tone = settings.get("attention") == "tone"
    assert all(each.is_tone_wanted is by_tone for each in told if each)


@pytest.mark.parametrize("choice", ["tone", "words"])
def test_a_look_is_not_said_again_soon(choice):
    """The same look is said again after a while; an emotion in between changes nothing."""
    telling = announcer(attention=choice, repeat_s=10.0)
    heard = []
    for now in (0.0, 5.0, 9.0, 11.0):
        told = telling.announcement_for(Attention.AT_YOU, seen(), now)
        heard.append(told is not None)
        if told is not None:
            telling.on_started(told, now)
        spoken(telling, Emotion.HAPPY, now)
    assert heard == [True, False, False, True]


def test_a_look_leaves_the_limit_of_emotions_alone():
    """An emotion is not said again soon because a look was said in between."""
    telling = announcer(attention="words")
    assert spoken(telling, Emotion.HAPPY, 0.0) == "looks happy"
    telling.on_started(telling.announcement_for(Attention.AT_YOU, seen(), 1.0), 1.0)
    assert spoken(telling, Emotion.HAPPY, 2.0) is None


def test_the_tone_of_a_look_is_its_own():
    """The words for a look at the wearer have the tone that stands for it where the setting is `tone`."""
    told = announcer(attention="words").announcement_for(Attention.AT_YOU, seen(), 0.0)
    assert (told.tone, told.is_tone_wanted) == (Tone.AT_YOU, False)


@pytest.mark.parametrize("reason", RejectReason)
def test_every_reason_has_words(reason):
    """There is a phrase for every reason why a face is not classified."""
    assert PHRASES.sentence(announcer().answer(seen(reason), None))


def presence(telling, change, now, observation):
    """Let the change be announced and heard; return the words or None, the tone and the priority."""
    told = telling.announcement_for(change, observation, now)
    telling.on_started(told, now)
    return PHRASES.sentence(told) or None, str(told.tone), told.priority


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ([(0, FaceAppeared()), (9, FaceAppeared())], ["someone is there", None]),
        ([(0, FaceAppeared()), (31, FaceAppeared())], ["someone is there", "someone is there"]),
        (
            [(0, FaceAppeared()), (5, FaceLost()), (9, FaceAppeared())],
            ["someone is there", "nobody there now", "someone is there"],
        ),
    ],
)
def test_presence_is_not_repeated_soon(story, said):
    """The same presence is said again after a while, or after the other one; in between a tone stands for it."""
    telling = announcer(presence=True)
    assert [presence(telling, change, now, NOBODY)[0] for now, change in story] == said


def test_without_words_a_face_has_a_tone():
    """A face that comes or goes has a tone of the lowest priority, so that it cuts off no phrase."""
    telling = announcer()
    assert presence(telling, FaceAppeared(), 0.0, seen()) == (None, "found", Priority.EMOTION)
    assert presence(telling, FaceLost(), 1.0, NOBODY) == (None, "lost", Priority.EMOTION)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, None),
        ({"nods": True}, "head.nod"),
        ({"nods": True, "mode": "full"}, "head.nod"),
        ({"nods": True, "mode": "ask"}, None),
    ],
)
def test_a_nod_is_said_where_the_settings_want_it(settings, told):
    """A nod is said each time, because another one is another answer; the mode `ask` says none."""
    telling = announcer(**settings)
    for _ in range(2):
        announcement = telling.announcement_of_head(HeadGesture.NOD)
        assert (announcement and announcement.parts[0]) == told


WORDS = {
    Movement.SMILE: "smiles",
    Movement.FROWN: "frowns",
    Movement.BROWS_RAISED: "raises their brows",
    Movement.MOUTH_OPEN: "mouth open",
}


def moving(**settings):
    """Return an announcer that says movements, with these settings."""
    return Announcer(AnnouncerSettings(words="movements", **settings), movements=MOVEMENTS)


def moved(announcer, movement, now, observation=NOBODY):
    """Let a movement begin and be heard; return its words, or None."""
    announcement = announcer.announcement_for(MovementChange(movement, has_begun=True), observation, now)
    if announcement is None:
        return None
    announcer.on_started(announcement, now)
    return PHRASES.sentence(announcement)


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_a_movement_is_said_when_it_begins(movement):
    """Its end is not said; it has the priority of emotions, and a tone."""
    begins = moving().announcement_for(MovementChange(movement, has_begun=True), NOBODY, 0.0)
    assert (PHRASES.sentence(begins), begins.priority, begins.tone is None) == (
        WORDS[movement],
        Priority.EMOTION,
        False,
    )
    assert moving().announcement_for(MovementChange(movement, has_begun=False), NOBODY, 0.0) is None


@pytest.mark.parametrize(
    ("telling", "words"),
    [
        (moving(), "smiles"),
        (moving(mode="full"), "smiles, ahead, one metre away"),
        (moving(mode="ask"), None),
        (announcer(), None),
        (Announcer(AnnouncerSettings(), movements=MOVEMENTS), None),
        (announcer(words="movements"), None),
    ],
    ids=["changes", "full", "ask", "neither", "looks", "no output"],
)
def test_movements_are_said_only_where_the_settings_and_the_model_have_them(telling, words):
    """The modes are as for emotions; of a movement and an emotion only one is said."""
    observation = seen(place=Placement(Direction.AHEAD, 1.0))
    assert moved(telling, Movement.SMILE, 0.0, observation) == words
    settled = telling.announcement_for(EmotionSettled(Emotion.SAD, True, sure(Emotion.SAD)), observation, 60.0)
    assert (settled is None) is (words is not None or telling.mode is Mode.ASK)


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ([(0, Movement.SMILE), (10, Movement.SMILE)], ["smiles", None]),
        ([(0, Movement.SMILE), (31, Movement.SMILE)], ["smiles", "smiles"]),
        ([(0, Movement.SMILE), (5, Movement.FROWN), (10, Movement.SMILE)], ["smiles", "frowns", "smiles"]),
        ([(0, Movement.SMILE), (5, Movement.MOUTH_OPEN), (10, Movement.SMILE)], ["smiles", "mouth open", None]),
        (
            [(0, Movement.MOUTH_OPEN), (5, Movement.SMILE), (10, Movement.MOUTH_OPEN), (31, Movement.MOUTH_OPEN)],
            ["mouth open", "smiles", None, "mouth open"],
        ),
    ],
)
def test_no_movement_is_repeated_soon(story, said):
    """As for emotions; but a mouth that opens again is no news, whatever else was said in between."""
    telling = moving()
    assert [moved(telling, movement, now) for now, movement in story] == said


def test_an_open_mouth_takes_the_place_of_no_other_movement():
    """A smile and an open mouth can both wait; of a frown and a smile the newer does."""
    subjects = {
        movement: moving().announcement_for(MovementChange(movement, has_begun=True), NOBODY, 0.0).subject
        for movement in MOVEMENTS
    }
    assert subjects[Movement.MOUTH_OPEN] not in [subjects[each] for each in MOVEMENTS if each != Movement.MOUTH_OPEN]
    assert len(set(subjects.values())) == 2


@pytest.mark.parametrize(
    ("observation", "movements", "words"),
    [
        (seen(), (), "someone, face seems at rest"),
        (seen(), None, "someone, not sure how they look"),
        (seen(), (Movement.FROWN,), "someone, frowns"),
        (seen(), (Movement.SMILE, Movement.MOUTH_OPEN), "someone, smiles, mouth open"),
        (seen(RejectReason.TURNED_AWAY), (Movement.SMILE,), "someone, turned away"),
        (NOBODY, (), "I see nobody"),
        (None, (), "no picture from the camera"),
    ],
)
def test_an_answer_names_movements_where_they_are_said(observation, movements, words):
    """The movements take the place of the emotion in an answer, in the mode `ask` too."""
    answer = moving(mode="ask").answer(observation, Impression(Emotion.SAD, is_sure=True), movements=movements)
    assert (answer.priority, PHRASES.sentence(answer)) == (Priority.ANSWER, words)
    if observation is not None and observation.face is not None and observation.face.reason is None:
        looks = announcer(words="movements").answer(observation, Impression(Emotion.SAD, is_sure=True))
        assert PHRASES.sentence(looks) == "someone, looks sad"


def test_a_model_without_movements_is_noticed():
    """The setting has no effect only where it is set, and the model has no output for movements."""
    assert announcer(words="movements").lacks_movements
    assert not moving().lacks_movements
    assert not announcer().lacks_movements
