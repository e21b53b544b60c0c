"""The loop, with the world acted by the test."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from assistant.app.build import build_components
from assistant.app.command_handler import CommandHandler
from assistant.app.drivers.event_file import EventFile
from assistant.app.events import EventHub
from assistant.app.options import RunOptions
from assistant.app.service import Service
from assistant.app.settings import Settings
from assistant.app.settings_files import Layers
from assistant.app.vision import VisionResult
from assistant.controls.commands import Edge
from assistant.controls.gestures import ControlPanel
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.emotions import Emotion
from assistant.errors import SpeechError
from assistant.faults import Fault
from assistant.frame import Frame
from assistant.geometry import BoundingBox
from assistant.health.machine import MachineHealth
from assistant.speech.queue import SpeechQueue
from assistant.speech.speaker import VoiceChange
from assistant.speech.voice import VoiceController
from tests.builders.scores import sure
from tests.fakes.fault_stores import KeptInMemory
from tests.fakes.supervisors import RecordingSupervisor

pytestmark = pytest.mark.runtime


class Script:
    """Presses of a button at given times, in seconds of the recording."""

    def __init__(self, *presses_s):
        self.presses_s = list(presses_s)
        self.clock = None

    def take(self):
        """A press, and that it is let go at once."""
        if not self.presses_s or self.clock.now() < self.presses_s[0]:
            return []
        del self.presses_s[0]
        now = self.clock.now()
        return [Edge(True, now), Edge(False, now)]

    def close(self):
        """Nothing to do."""


def components_of(camera, *, button=None, speaker=None, **exchanged):
    """Components at full speed with some exchanged, and the log that their events go to."""
    log = io.StringIO()
    components = build_components(RunOptions(camera=camera, voice="none", fast=True), Settings())
    events = EventHub([EventFile(log)])
    mouth, on_started = speaker or components.voice.speaker, components.announcer.on_started
    voice = VoiceController(SpeechQueue(), components.voice.phrases, mouth, events, on_started)
    panel = components.panel
    if button is not None:
        button.clock, panel = components.clock, ControlPanel([button])
    handler = CommandHandler(panel, components.announcer, voice)
    return replace(components, voice=voice, events=events, command_handler=handler, **exchanged), log


def events_of(log):
    """The events that were logged."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def play(camera, *, button=None, speaker=None, **exchanged):
    """Run at full speed with these parts put in place; the events."""
    components, log = components_of(camera, button=button, speaker=speaker, notices=(), **exchanged)
    Service(components).run()
    return events_of(log)


def said(events):
    """(text, priority, what became of it)."""
    texts = [event for event in events if event["type"] == "said"]
    return [(event["text"], event["priority"], "cut" in event or "dropped" in event) for event in texts]


def test_a_press_is_answered_at_once():
    """With what is seen at that moment: nobody, then a smile, where and how near."""
    events = play("simulated:empty 3, happy 5", button=Script(1.0, 6.5))
    told = said(events)
    assert told[:2] == [("I see nobody", "answer", False), ("looks happy", "emotion", False)]
    assert told[2][0].startswith("someone, ahead, ")
    assert told[2][0].endswith("metre away, looks happy")
    assert len(told) == 3


def test_a_press_while_the_camera_is_away_says_so():
    """Silence and a dead camera are told apart."""
    events = play("simulated:empty 1, stall 9, empty 1", button=Script(7.0))
    assert ("no picture from the camera", "answer", False) in said(events)


class SickMachine:
    """A machine that is hot, with low voltage, and well again later."""

    def __init__(self):
        self.readings = [MachineHealth(85.0, True), MachineHealth(85.0, True), MachineHealth(60.0, False)]
        self.off = False

    def health(self):
        """The next reading."""
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]

    def power_off(self):
        """Remember it."""
        self.off = True


def test_the_machines_troubles_are_heard_once_each_and_their_end():
    """Both of those that begin together."""
    machine = SickMachine()
    events = play("simulated:empty 50", machine=machine)
    told = [text for text, priority, lost in said(events) if priority == "fault" and not lost]
    assert told == ["low voltage", "too hot", "the voltage is good again", "cool again"]
    assert not machine.off


class HeldButton(Script):
    """A button that is held for very long, and let go."""

    def take(self):
        """Down at the first time, up at the second."""
        if not self.presses_s or self.clock.now() < self.presses_s[0]:
            return []
        del self.presses_s[0]
        return [Edge(len(self.presses_s) == 1, self.clock.now())]


def test_a_very_long_press_switches_the_machine_off():
    """After it was said; the loop has ended, and everything is let go."""
    machine = SickMachine()
    events = play("simulated:empty 60", button=HeldButton(1.0, 10.0), machine=machine)
    assert machine.off
    assert said(events)[-1] == ("switching off", "answer", False)
    assert events[-1]["t"] < 16.0


class StubbornMachine(SickMachine):
    """One that may not be switched off."""

    def power_off(self):
        """Refuse."""
        raise SpeechError("not allowed")


def test_a_machine_that_cannot_be_switched_off_goes_on():
    """The wearer is told, and still has a headset."""
    events = play("simulated:empty 20, happy 5", button=HeldButton(1.0, 10.0), machine=StubbornMachine())
    told = [text for text, priority, lost in said(events) if not lost and priority != "fault"]
    assert told[-3:] == ["switching off", "I cannot switch off", "looks happy"]


def test_one_frame_that_misses_the_face_is_no_departure():
    """Asked in that moment, it tells of whom it saw just now."""
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
    """It is answered that nothing can be seen, not that nobody is there."""
    service = Service(components_of("simulated:empty 1")[0])
    service._report(Fault.CAMERA_COVERED, 0.0)
    assert "covered" in service.components.voice.sentence(service._answer())


class FailingSpeaker:
    """A voice that fails at its first phrase."""

    def __init__(self):
        self.said = []
        self.changes = []

    def say(self, texts, tone=None):
        """Fail once."""
        del tone
        self.said += texts
        if len(self.said) == 1:
            self.changes.append(VoiceChange(SpeechError("aplay failed: no device")))
        elif len(self.said) == 2:
            self.changes.append(VoiceChange())

    def silence(self):
        """Nothing to do."""

    def is_speaking(self):
        """Never."""
        return False

    def take_changes(self):
        """Each once."""
        changes, self.changes = self.changes, []
        return changes

    def close(self, *, finish):
        """Nothing to do."""


def test_a_failing_voice_is_reported_and_the_loop_goes_on():
    """The next phrase is tried."""
    speaker = FailingSpeaker()
    events = play("simulated:happy 4, surprise 4", speaker=speaker)
    faults = [(event["fault"], event.get("message")) for event in events if event["type"] == "fault"]
    assert faults == [("voice", "aplay failed: no device"), ("sound_gone", None), ("sound_back", None)]
    assert speaker.said[0] == "looks happy"
    assert "the sound is back" in speaker.said
    assert events[-1]["frames"] == 120


def supervised(camera, **exchanged):
    """A service with these components exchanged, its supervisor and the log of its events."""
    supervisor = RecordingSupervisor()
    components, log = components_of(camera, supervisor=supervisor, **exchanged)
    return Service(components), supervisor, log


def test_the_supervisor_hears_that_it_is_ready_alive_and_how_it_is():
    """Ready once the first phrase has begun; alive as long as the loop turns."""
    service, supervisor, _ = supervised("simulated:empty 3, happy 9")
    service.run()
    assert supervisor.told[:2] == ["ready", "alive"]
    assert supervisor.told.count("alive") == 2
    assert any(told.startswith("sees nobody, 15") for told in supervisor.told)
    assert any(told.startswith("sees someone, 15") for told in supervisor.told)
    assert supervisor.told[-2:] == ["stopping", "ends"]


def test_a_voice_that_fails_at_its_first_phrase_does_not_keep_it_from_being_ready():
    """That it has failed is known, and that is as much as can be."""
    service, supervisor, _ = supervised("simulated:empty 1", speaker=FailingSpeaker())
    service.run()
    assert "ready" in supervisor.told


def test_while_the_drivers_silence_lasts_the_watchdog_is_not_fed():
    """While pictures come it is, whatever became of earlier attempts."""
    service, supervisor, _ = supervised("simulated:empty 3, stall 40, empty 1", is_stuck=lambda: True)
    service.run()
    assert supervisor.told.count("alive") == 2  # of five
    assert any("the camera's driver is stuck" in told for told in supervisor.told)


def test_settings_are_taken_up_when_it_is_asked_to():
    """The supervisor hears of it, the wearer what became of it; what was changed by hand is kept before."""
    done = []

    class SettingsWriter:
        def notice(self, values, now):
            """Nothing to do."""

        def flush(self):
            """Remember."""
            done.append("kept")

        def take_over(self, values):
            """Remember."""
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
    """Here the camera was gone when the program died; that it is back is said."""
    fault_store = KeptInMemory()
    told = []
    for camera in ("simulated:empty 1, unplugged 9", "simulated:unplugged 5, empty 3", "simulated:empty 9"):
        service, _, log = supervised(camera, fault_store=fault_store, notices=())
        service.run()
        told.append([text for text, _, _ in said(events_of(log))])
    assert told == [["the camera is gone"], ["the camera is back"], []]
