"""What the service tells of what its detectors and its model see, in a world that the test acts."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.app.build import build_components
from assistant.app.command_handler import CommandHandler
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.events import EventHub
from assistant.app.service import Service
from assistant.app.vision import VisionResult
from assistant.controls.commands import Mode
from assistant.controls.gestures import ControlPanel
from assistant.emotion.debouncing.settings import DebounceSettings
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotions import Emotion
from assistant.face.attention import HOLD_S
from assistant.faults import Fault
from assistant.frame import Frame
from assistant.geometry import BoundingBox
from assistant.speech.announcer import NO_MOVEMENTS, Announcer
from assistant.speech.announcer_settings import AnnouncerSettings
from assistant.speech.queue import SpeechQueue
from assistant.speech.voice import VoiceController
from tests.builders.scores import sure
from tests.builders.services import Script, components_of, events_of, play, said
from tests.fakes.classifiers import MovingClassifier, StillClassifier
from tests.fakes.event_listeners import KeptEvents

pytestmark = pytest.mark.runtime


def test_a_press_is_answered_at_once():
    """The answer says what is seen at that moment: nobody, then a smile with its direction, distance and look."""
    events = play("simulated:empty 3, happy 5", button=Script(1.0, 6.5))
    told = said(events)
    assert told[:2] == [("I see nobody", "answer", False), ("looks happy", "emotion", False)]
    assert told[2][0].startswith("someone, ahead, ")
    assert told[2][0].endswith("metre away, maybe looks at you, looks happy")
    assert len(told) == 3


LOOKING = "simulated:empty 1, happy 4, happy+left 4, neutral+right+other 4, neutral 4, empty 3, neutral+down 4"


def test_where_somebody_looks_comes_through_the_real_finder():
    """Drawn people turn, and each turn is a fact soon after; it is not said unasked by default."""
    events = play(LOOKING)
    looks = [(event["attention"], event["t"]) for event in events if event["type"] == "attention"]
    assert [look for look, _ in looks] == ["at_you", "left", "right", "at_you", "unknown", "at_you"]
    begins_s = (1.0, 5.0, 9.0, 13.0, 17.0, 20.0)
    assert all(0.5 <= at - begin < 2.0 for (_, at), begin in zip(looks, begins_s, strict=True))
    assert not [text for text, _, _ in said(events) if "looks at" in text or "looks to" in text]


def test_a_look_begins_when_somebody_is_there():
    """A face that does not count as somebody yet does not look at the wearer either."""
    events = play("simulated:happy 5", settings=Settings(debounce=DebounceSettings(appear_s=2.0)))
    appeared_s, look_s = (
        next(event["t"] for event in events if event["type"] == kind) for kind in ("face", "attention")
    )
    assert look_s >= appeared_s + HOLD_S - 1e-6


def test_an_answer_says_where_somebody_looks():
    """A press is answered with the look before the emotion."""
    events = play(LOOKING, button=Script(4.5, 8.5))
    looks = [text.partition(" away, ")[2] for text, priority, _ in said(events) if priority == "answer"]
    assert looks[0] == "maybe looks at you, looks happy"
    assert looks[1].startswith("looks to your left, ")
    assert len(looks) == 2


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"attention": "words"}, ["maybe looks at you"]),
        ({"attention": "words", "mode": "full"}, ["maybe looks at you", "looks to your left", "looks to your right"]),
        ({"attention": "tone"}, ["at_you"]),
        ({"attention": "words", "mode": "ask"}, []),
    ],
)
def test_a_setting_has_looks_said_unasked(settings, told):
    """A look at the wearer is said or sounded once it begins; the mode `full` says looks aside, and `ask` says none."""
    events = play("simulated:happy 5, happy+left 4, happy+right 4", announcer=Announcer(AnnouncerSettings(**settings)))
    looks = [each.get("text", each.get("tone")) for each in events if each["type"] in ("said", "tone")]
    known = ("maybe looks at you", "looks to your left", "looks to your right", "at_you")
    assert [look for look in looks if look in known] == told


NODDING = "simulated:neutral 3, neutral+nod 4, neutral+shake 4, neutral+left 3, neutral+other 4"


def nods_with(**options):
    """Return the events of nods, and what is said of them, when the settings have these values."""
    settings = replace(Settings(), announce=AnnouncerSettings(**options))
    components = build_components(RunOptions(camera=NODDING, voice="none", fast=True), settings)
    kept = KeptEvents()
    events = EventHub([kept])
    speaker, announcer = components.voice.speaker, components.announcer
    voice = VoiceController(SpeechQueue(), components.voice.phrases, speaker, events, announcer.on_started)
    handler = CommandHandler(components.panel, announcer, voice)
    Service(replace(components, voice=voice, events=events, command_handler=handler, notices=())).run()
    heads = [(event.fields["head"], event.t_s) for event in kept.events if event.kind == "head"]
    phrases = [event.fields["text"] for event in kept.events if event.kind == "said"]
    return heads, [text for text in phrases if text in ("nods", "shakes their head")]


@pytest.mark.parametrize("mode", ["changes", "ask"])
def test_nods_and_shakes_come_through_the_real_finder(mode):
    """A drawn person nods, then shakes their head: each is a fact soon after, and is said except in the mode `ask`."""
    heads, phrases = nods_with(nods=True, mode=mode)
    assert [head for head, _ in heads] == ["nod", "shake"]
    assert all(0.5 < at - begin < 2.0 for (_, at), begin in zip(heads, (3.0, 7.0), strict=True))
    assert phrases == (["nods", "shakes their head"] if mode == "changes" else [])


def test_by_default_nobody_looks_for_nods():
    """Without the setting nothing is measured and nothing is said."""
    assert nods_with() == ([], [])


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"presence": True}, ["someone is there", "two people"]),
        ({"mode": "full"}, ["two people"]),
        ({}, []),
    ],
)
def test_somebody_who_joins_is_said_through_the_real_finder(settings, told):
    """With presence, a second person is said two seconds after they come; in `full` the first one is told by place."""
    events = play("simulated:neutral 4, neutral+other 6", announcer=Announcer(AnnouncerSettings(**settings)))
    heard = {event["text"]: event["t"] for event in events if event["type"] == "said"}
    assert [text for text in heard if text in ("someone is there", "two people")] == told
    if told:
        assert 6.0 <= heard["two people"] < 8.0


def test_a_press_while_the_camera_is_away_says_so():
    """The wearer hears that there is no picture, so that silence does not stand for a missing camera."""
    events = play("simulated:empty 1, stall 9, empty 1", button=Script(7.0))
    assert ("no picture from the camera", "answer", False) in said(events)


SMILING = "simulated:neutral 4, happy 5, neutral 4, surprise 5, neutral 2"


def movements_with(monkeypatch, *, classifier=MovingClassifier, camera=SMILING, button=None, haptics=None, **options):
    """Return the events, by their kinds, of a service whose model is `classifier`, with these settings."""
    monkeypatch.setattr("assistant.app.build.TFLiteClassifier", classifier)
    settings = replace(Settings(), announce=AnnouncerSettings(**options))
    components = build_components(RunOptions(camera=camera, voice="none", fast=True), settings)
    kept, panel, announcer = KeptEvents(), components.panel, components.announcer
    if button is not None:
        button.clock, panel = components.clock, ControlPanel([button])
    events = EventHub([kept])
    voice = VoiceController(
        SpeechQueue(), components.voice.phrases, components.voice.speaker, events, announcer.on_started
    )
    handler = CommandHandler(panel, announcer, voice)
    exchanged = {"voice": voice, "events": events, "command_handler": handler, "haptics": haptics or Skin()}
    Service(replace(components, **exchanged, notices=())).run()
    return {kind: [each for each in kept.events if each.kind == kind] for kind in ("movement", "said", "emotion")}


def texts(events):
    """Return the words of phrases that were said."""
    return [each.fields["text"] for each in events["said"] if not {"dropped", "cut"} & set(each.fields)]


def test_movements_are_said_where_the_settings_want_them(monkeypatch):
    """A smile, then raised brows and an open mouth, once they have held; the emotions are events, and are not said."""
    skin = Skin()
    events = movements_with(monkeypatch, words="movements", haptics=skin)
    begun = [(each.fields["movement"], each.t_s) for each in events["movement"] if each.fields["begun"]]
    assert [movement for movement, _ in begun] == ["smile", "brows_raised", "mouth_open"]
    assert all(0.5 < at - begin < 2.0 for (_, at), begin in zip(begun, (4.0, 13.0, 13.0), strict=True))
    assert [each.fields["movement"] for each in events["movement"] if not each.fields["begun"]] == [
        "smile",
        "brows_raised",
        "mouth_open",
    ]
    assert texts(events) == ["smiles", "raises their brows", "mouth open"]
    assert {each.fields["priority"] for each in events["said"]} == {"emotion"}
    assert {"happy", "surprise"} <= {each.fields["emotion"] for each in events["emotion"]}
    assert [name for name, _ in skin.felt] == ["found", "happy", "surprise", "mouth_open"]


@pytest.mark.parametrize(
    ("at_s", "ends"),
    [
        ((0.3, 8.0, 17.0), ["not sure how they look", "smiles", "raises their brows, mouth open"]),
        ((3.5,), ["face seems at rest"]),
    ],
)
def test_an_answer_names_the_movements(monkeypatch, at_s, ends):
    """A press is answered with the movements that hold, and no emotion."""
    events = movements_with(monkeypatch, words="movements", mode="ask", button=Script(*at_s))
    answers = texts(events)
    assert all(answer.startswith("someone, ahead, ") for answer in answers)
    assert [answer.endswith(end) for answer, end in zip(answers, ends, strict=True)] == [True] * len(ends), answers


def test_by_default_movements_are_events_alone(monkeypatch):
    """What is seen is published, and the headset says how the face looks."""
    events = movements_with(monkeypatch, camera="simulated:neutral 3, happy 5")
    assert [each.fields for each in events["movement"]] == [{"movement": "smile", "begun": True}]
    assert texts(events) == ["looks happy"]


def test_a_model_without_movements_says_how_a_face_looks(monkeypatch, caplog):
    """The log says that the setting has no effect."""
    events = movements_with(
        monkeypatch, classifier=StillClassifier, camera="simulated:neutral 3, happy 5", words="movements"
    )
    assert (texts(events), events["movement"]) == (["looks happy"], [])
    assert [each.message for each in caplog.records if "announce" in each.message] == [NO_MOVEMENTS]


class Skin:
    """Keeps what is felt, and whether it was closed."""

    def __init__(self):
        self.felt, self.closed = [], False

    def feel(self, name, side):
        """Keep it."""
        self.felt.append((name, side))

    def close(self):
        """Keep that it was closed."""
        self.closed = True


@pytest.mark.parametrize("muted", [False, True])
def test_what_is_found_is_felt_also_while_muted(muted):
    """An arrival, an emotion and a departure are felt, whether the voice is muted or not."""
    skin = Skin()
    components, log = components_of("simulated:empty 1, happy 5, empty 3", haptics=skin, notices=())
    components.voice.muted = muted
    Service(components).run()
    assert skin.felt == [("found", "ahead"), ("happy", "ahead"), ("lost", "ahead")]
    assert skin.closed
    assert [text for text, _, lost in said(events_of(log)) if not lost] == ([] if muted else ["looks happy"])


def test_in_the_mode_ask_nothing_is_felt():
    """What is said only after a press is not felt unasked either."""
    skin = Skin()
    components, _ = components_of("simulated:empty 1, happy 5, empty 3", haptics=skin, notices=())
    components.announcer.mode = Mode.ASK
    Service(components).run()
    assert skin.felt == []


def test_one_frame_that_misses_the_face_is_no_departure():
    """An answer after one frame without the face still describes the face; after nine seconds there is no picture."""
    service = Service(components_of("simulated:empty 1")[0])
    face = ClassifiedFace(BoundingBox(280, 200, 80, 80), sure(Emotion.HAPPY), None)
    for t_s, seen in ((0.0, face), (0.1, None), (2.0, None)):
        service._see(
            VisionResult(t_s, Frame(np.zeros((480, 640), np.uint8), t_s), Observation(seen, 1 if seen else None, 1))
        )
        service.components.clock.advance_to(t_s)
        answer = service.components.voice.sentence(service._answer())
        assert answer.startswith("someone") == (t_s < 1.0)
    service.components.clock.advance_to(9.0)
    assert service.components.voice.sentence(service._answer()) == "no picture from the camera"


def test_a_covered_camera_is_no_empty_room():
    """The answer is that the camera is covered, not that nobody is there."""
    service = Service(components_of("simulated:empty 1")[0])
    service._report(Fault.CAMERA_COVERED, 0.0)
    assert "covered" in service.components.voice.sentence(service._answer())
