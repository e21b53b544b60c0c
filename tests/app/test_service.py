"""The loop of the service, in a world that the test acts."""

import io
import json
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from assistant.app.build import build_components
from assistant.app.command_handler import CommandHandler
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import Layers
from assistant.app.drivers.event_file import EventFile
from assistant.app.drivers.vision_thread import ThreadedVision
from assistant.app.events import EventHub
from assistant.app.service import Service
from assistant.app.vision import VisionResult
from assistant.app.wakeup import Wakeup
from assistant.controls.commands import Command, Edge, Inbox, Mode
from assistant.controls.gestures import ControlPanel
from assistant.emotion.debouncing.settings import DebounceSettings
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotions import Emotion
from assistant.errors import SpeechError
from assistant.face.attention import HOLD_S
from assistant.faults import Fault
from assistant.frame import Frame
from assistant.geometry import BoundingBox
from assistant.health.battery import BatteryWatch, Charge
from assistant.health.machine import MachineHealth
from assistant.speech.announcer import NO_MOVEMENTS, Announcer
from assistant.speech.announcer_settings import AnnouncerSettings
from assistant.speech.queue import SpeechQueue
from assistant.speech.speaker import VoiceChange
from assistant.speech.voice import VoiceController
from tests.builders.scores import sure
from tests.fakes.batteries import ScriptedBattery
from tests.fakes.classifiers import MovingClassifier, StillClassifier
from tests.fakes.event_listeners import KeptEvents
from tests.fakes.fault_stores import MemoryFaultStore
from tests.fakes.supervisors import RecordingSupervisor

pytestmark = pytest.mark.runtime


class Script:
    """A button that is pressed at given times, in seconds of the recording."""

    def __init__(self, *presses_s):
        self.presses_s = list(presses_s)
        self.clock = None

    def take(self):
        """Return a press and its release once the next time has come."""
        if not self.presses_s or self.clock.now() < self.presses_s[0]:
            return []
        del self.presses_s[0]
        now = self.clock.now()
        return [Edge(True, now), Edge(False, now)]

    def close(self):
        """Do nothing."""


def components_of(camera, *, button=None, speaker=None, fps=None, **exchanged):
    """Return components at full speed, some of them exchanged, and the log of their events.

    With few frames a second, minutes without people are over soon.
    """
    log = io.StringIO()
    components = build_components(RunOptions(camera=camera, voice="none", fast=True, fps=fps), Settings())
    events = EventHub([EventFile(log)])
    mouth, on_started = speaker or components.voice.speaker, components.announcer.on_started
    voice = VoiceController(SpeechQueue(), components.voice.phrases, mouth, events, on_started)
    panel = components.panel
    if button is not None:
        button.clock, panel = components.clock, ControlPanel([button])
    handler = CommandHandler(panel, components.announcer, voice)
    return replace(components, voice=voice, events=events, command_handler=handler, **exchanged), log


def events_of(log):
    """Return the events in this log."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def play(camera, *, button=None, speaker=None, fps=None, **exchanged):
    """Run a service with these components exchanged, and return its events."""
    components, log = components_of(camera, button=button, speaker=speaker, fps=fps, notices=(), **exchanged)
    Service(components).run()
    return events_of(log)


def said(events):
    """Return (text, priority, whether it was cut off or dropped) for each phrase."""
    texts = [event for event in events if event["type"] == "said"]
    return [(event["text"], event["priority"], "cut" in event or "dropped" in event) for event in texts]


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


@pytest.mark.parametrize(
    ("press_s", "words"), [(4.5, "maybe looks at you, looks happy"), (8.5, "looks to your left, ")]
)
def test_an_answer_says_where_somebody_looks(press_s, words):
    """A press is answered with the look before the emotion."""
    answers = [text for text, priority, _ in said(play(LOOKING, button=Script(press_s))) if priority == "answer"]
    assert [text.partition(" away, ")[2].startswith(words) for text in answers] == [True], answers


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
    ("press_s", "words"),
    [
        (3.5, "face seems at rest"),
        (8.0, "smiles"),
        (17.0, "raises their brows, mouth open"),
        (0.3, "not sure how they look"),
    ],
)
def test_an_answer_names_the_movements(monkeypatch, press_s, words):
    """A press is answered with the movements that hold, and no emotion."""
    events = movements_with(monkeypatch, words="movements", mode="ask", button=Script(press_s))
    (answer,) = texts(events)
    assert answer.startswith("someone, ahead, ")
    assert answer.endswith(words)


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


class SickMachine:
    """A machine that is hot, with a low voltage, and later well again."""

    def __init__(self):
        self.readings = [MachineHealth(85.0, True), MachineHealth(85.0, True), MachineHealth(60.0, False)]
        self.off = False

    def health(self):
        """Return the next reading; the last one stays."""
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]

    def power_off(self):
        """Keep that the machine was switched off."""
        self.off = True


def test_the_machines_troubles_are_heard_once_each_and_their_end():
    """Two faults that begin together are both said, and so are their ends."""
    machine = SickMachine()
    events = play("simulated:empty 50", fps=1, machine=machine)
    told = [text for text, priority, lost in said(events) if priority == "fault" and not lost]
    assert told == ["low voltage", "too hot", "the voltage is good again", "cool again"]
    assert not machine.off


class HeldButton(Script):
    """A button that is held from the first given time to the second."""

    def take(self):
        """Return a press at the first time and a release at the second."""
        if not self.presses_s or self.clock.now() < self.presses_s[0]:
            return []
        del self.presses_s[0]
        return [Edge(len(self.presses_s) == 1, self.clock.now())]


def test_a_very_long_press_switches_the_machine_off():
    """The machine is switched off after the phrase was said and the loop has ended."""
    machine = SickMachine()
    events = play("simulated:empty 60", button=HeldButton(1.0, 10.0), machine=machine)
    assert machine.off
    assert said(events)[-1] == ("switching off", "answer", False)
    assert events[-1]["t"] < 16.0


class StubbornMachine(SickMachine):
    """A machine that may not be switched off."""

    def power_off(self):
        """Refuse."""
        raise SpeechError("not allowed")


def test_a_machine_that_cannot_be_switched_off_goes_on():
    """The wearer hears that the machine cannot be switched off, and the headset goes on."""
    events = play("simulated:empty 20, happy 5", button=HeldButton(1.0, 10.0), machine=StubbornMachine())
    told = [text for text, priority, lost in said(events) if not lost and priority != "fault"]
    assert told[-3:] == ["switching off", "I cannot switch off", "looks happy"]


def test_an_empty_battery_switches_the_machine_off():
    """How full it is, that it is low and that the machine is switched off is said before, each once."""
    machine, battery = SickMachine(), ScriptedBattery(20, 20, 20, 12, 12, 12, 5)
    events = play("simulated:empty 120", fps=1, machine=machine, battery=battery, battery_watch=BatteryWatch())
    told = [text for text, _, lost in said(events) if "battery" in text and not lost]
    assert told == ["battery at, 20, percent", "battery low", "battery empty, switching off"]
    assert machine.off
    assert battery.is_closed
    assert said(events)[-1] == ("battery empty, switching off", "answer", False)
    assert 50.0 < events[-1]["t"] < 70.0


def test_an_empty_battery_that_cannot_end_the_run_does_so_once():
    """A machine that may not be switched off is not tried again, and the headset goes on."""
    exchanged = {"battery": ScriptedBattery(5), "battery_watch": BatteryWatch()}
    events = play("simulated:empty 120", fps=1, machine=StubbornMachine(), **exchanged)
    told = [text for text, priority, _ in said(events) if priority == "answer"]
    assert told == ["battery empty, switching off", "I cannot switch off"]
    assert events[-1]["t"] > 115.0


def test_only_the_service_switches_off():
    """A run in a terminal, perhaps on a laptop, says that the battery is low and goes on."""
    machine = SickMachine()
    events = play("simulated:empty 120", fps=1, machine=machine, battery=ScriptedBattery(5))
    assert "battery low" in [text for text, _, _ in said(events)]
    assert not machine.off
    assert events[-1]["t"] > 115.0


def test_an_empty_battery_is_said_while_muted():
    """A muted headset does not say how full the battery is, but that it switches the machine off."""
    exchanged = {"battery": ScriptedBattery(5), "battery_watch": BatteryWatch()}
    components, log = components_of("simulated:empty 120", fps=1, machine=SickMachine(), **exchanged)
    components.voice.muted = True
    Service(replace(components, notices=())).run()
    assert [text for text, _, lost in said(events_of(log)) if not lost] == ["battery empty, switching off"]


def test_a_charger_that_is_plugged_in_is_heard():
    """A low battery that charges recovers, and nothing is switched off."""
    machine = SickMachine()
    battery = ScriptedBattery(*[12] * 3, *[Charge(4.0, True)] * 30)
    events = play("simulated:empty 120", fps=1, machine=machine, battery=battery)
    faults = [event["fault"] for event in events if event["type"] == "fault" and "battery" in event["fault"]]
    assert faults == ["battery_low", "battery_recovers"]
    assert not machine.off


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


class FailingSpeaker:
    """A speaker that fails at its first phrase and works from the second one on."""

    def __init__(self):
        self.said = []
        self.changes = []

    def say(self, texts, tone=None):
        """Keep the texts, and fail at the first phrase."""
        del tone
        self.said += texts
        if len(self.said) == 1:
            self.changes.append(VoiceChange(SpeechError("aplay failed: no device")))
        elif len(self.said) == 2:
            self.changes.append(VoiceChange())

    def silence(self):
        """Do nothing."""

    def is_speaking(self):
        """Return that nothing sounds."""
        return False

    def take_changes(self):
        """Return each change once."""
        changes, self.changes = self.changes, []
        return changes

    def close(self, *, finish):
        """Do nothing."""


def test_a_failing_voice_is_reported_and_the_loop_goes_on():
    """The fault has its reason, the next phrase is tried, and its success is reported."""
    speaker = FailingSpeaker()
    events = play("simulated:happy 4, surprise 4", speaker=speaker)
    faults = [(event["fault"], event.get("message")) for event in events if event["type"] == "fault"]
    assert faults == [("voice", "aplay failed: no device"), ("sound_gone", None), ("sound_back", None)]
    assert speaker.said[0] == "looks happy"
    assert "the sound is back" in speaker.said
    assert events[-1]["frames"] == 120


def supervised(camera, **exchanged):
    """Return a service with these components exchanged, its supervisor and the log of its events."""
    supervisor = RecordingSupervisor()
    components, log = components_of(camera, supervisor=supervisor, **exchanged)
    return Service(components), supervisor, log


def test_the_supervisor_hears_that_it_is_ready_alive_and_how_it_is():
    """The service is ready once the first phrase has begun, and sends signs of life and statuses until it ends."""
    service, supervisor, _ = supervised("simulated:empty 3, happy 9")
    service.run()
    assert supervisor.told[:2] == ["ready", "alive"]
    assert supervisor.told.count("alive") == 2
    assert any(told.startswith("sees nobody, 15") for told in supervisor.told)
    assert any(told.startswith("sees someone, 15") for told in supervisor.told)
    assert supervisor.told[-2:] == ["stopping", "ends"]


def test_a_voice_that_fails_at_its_first_phrase_does_not_keep_it_from_being_ready():
    """A voice that has failed is known as such, and the service is ready all the same."""
    service, supervisor, _ = supervised("simulated:empty 1", speaker=FailingSpeaker())
    service.run()
    assert "ready" in supervisor.told


def test_while_the_drivers_silence_lasts_the_watchdog_is_not_fed():
    """While the driver is stuck and gives no frames, no sign of life is sent; with frames, it is."""
    service, supervisor, _ = supervised("simulated:empty 3, stall 40, empty 1", is_stuck=lambda: True)
    service.run()
    assert supervisor.told.count("alive") == 2  # of five
    assert any("the camera's driver is stuck" in told for told in supervisor.told)


def test_settings_are_taken_up_when_it_is_asked_to():
    """Changes by hand are written first; the supervisor is notified, and the wearer hears the result."""
    done = []

    class SettingsWriter:
        def notice(self, values, now):
            """Do nothing."""

        def flush(self):
            """Keep that the changes were written."""
            done.append("kept")

        def take_over(self, values):
            """Keep the values."""
            done.append(values)

    def read_settings():
        done.append("read")
        camera = replace(Settings().camera, fps=9.0)
        return Layers(replace(Settings(), camera=camera), {})

    service, supervisor, log = supervised(
        "simulated:empty 9", read_settings=read_settings, settings_writer=SettingsWriter(), notices=()
    )
    service.requests.reload()
    service.run()
    assert done == ["kept", "read", {"voice.volume": 1.0, "announce.mode": "changes"}, "kept"]
    assert supervisor.told[:2] == ["reloading", "ready"]
    assert said(events_of(log)) == [("new settings, some of it only after a restart", "answer", False)]


def test_a_fault_that_was_said_is_not_said_again_after_a_restart():
    """The camera was gone when the first run ended; the second run says only that it is back."""
    fault_store = MemoryFaultStore()
    told = []
    for camera in ("simulated:empty 1, unplugged 9", "simulated:unplugged 5, empty 3", "simulated:empty 9"):
        service, _, log = supervised(camera, fault_store=fault_store, notices=())
        service.run()
        told.append([text for text, _, _ in said(events_of(log))])
    assert told == [["the camera is gone"], ["the camera is back"], []]


class EmptyVision:
    """A vision that never has a result."""

    dropped = 0
    opened = True
    ended = False

    def open(self):
        """Do nothing."""

    def take(self, timeout_s):
        """Wait, and return nothing."""
        time.sleep(timeout_s)
        return []

    def reduce_load(self, needed):
        """Do nothing."""

    def close(self):
        """Do nothing."""


class CountedVision(ThreadedVision):
    """A vision in a thread, which counts how often it is asked."""

    asked = 0

    def take(self, timeout_s):
        """Count the call."""
        self.asked += 1
        return super().take(timeout_s)


@pytest.fixture
def waiting(monkeypatch):
    """A running service to which nothing happens, and which would wait for an hour; its controls, events and vision."""
    monkeypatch.setattr("assistant.app.service.LONGEST_TURN_S", 3600.0)
    listener, wakeup = KeptEvents(), Wakeup()
    components = build_components(RunOptions(camera="simulated:empty 1", voice="none"), Settings())
    inbox, vision, events = Inbox(wakeup.set), CountedVision(EmptyVision(), wakeup), EventHub([listener])
    inbox.close = lambda: None
    queue = SpeechQueue(components.settings.speech)
    voice = VoiceController(queue, components.voice.phrases, components.voice.speaker, events, lambda *_: None)
    panel = ControlPanel([inbox])
    handler = CommandHandler(panel, components.announcer, voice)
    exchanged = {"vision": vision, "voice": voice, "events": events, "panel": panel, "command_handler": handler}
    service = Service(replace(components, **exchanged, notices=(), wake=wakeup.set))
    thread = threading.Thread(target=service.run, daemon=True)
    thread.start()
    yield service, inbox, listener, vision
    service.stop()
    thread.join(10)
    assert not thread.is_alive(), "a stop has not woken the loop"


def comes(condition):
    """Return whether this becomes true within some seconds."""
    until_s = time.monotonic() + 10
    while not condition() and time.monotonic() < until_s:
        time.sleep(0.01)
    return condition()


def test_what_happens_wakes_the_loop(waiting):
    """A loop that would wait for an hour answers a press at once."""
    _, inbox, listener, _ = waiting
    inbox.put(Command.TELL)
    assert comes(lambda: [each.fields["text"] for each in listener.events if each.kind == "said"])


def test_the_loop_waits_while_nothing_happens(waiting):
    """When nothing happens, the loop takes no turns."""
    service, _, _, vision = waiting
    assert comes(lambda: vision.asked > 0)
    time.sleep(0.3)
    asked = vision.asked
    time.sleep(0.5)
    assert vision.asked == asked
    service.wake()
    assert comes(lambda: vision.asked > asked)
