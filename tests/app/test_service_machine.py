"""The loop of the service and the machine around it: battery, voice, supervisor, and when the loop takes a turn."""

import threading
import time
from dataclasses import replace

import pytest

from assistant.app.build import build_components
from assistant.app.command_handler import CommandHandler
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import Layers
from assistant.app.drivers.vision_thread import ThreadedVision
from assistant.app.events import EventHub
from assistant.app.service import Service
from assistant.app.wakeup import Wakeup
from assistant.controls.commands import Command, Edge, Inbox
from assistant.controls.gestures import ControlPanel
from assistant.errors import SpeechError
from assistant.health.battery import BatteryWatch, Charge
from assistant.health.machine import MachineHealth
from assistant.speech.queue import SpeechQueue
from assistant.speech.speaker import VoiceChange
from assistant.speech.voice import VoiceController
from tests.builders.services import Script, components_of, events_of, play, said
from tests.fakes.batteries import ScriptedBattery
from tests.fakes.event_listeners import KeptEvents
from tests.fakes.fault_stores import MemoryFaultStore
from tests.fakes.supervisors import RecordingSupervisor


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


class FailingSpeaker:
    """A speaker that fails at its first phrase and works from the second one on."""

    def __init__(self):
        self.said = []
        self.changes = []
        self.results = [VoiceChange(SpeechError("aplay failed: no device")), VoiceChange()]

    def say(self, texts, tone=None):
        """Keep the texts, and fail at the first phrase."""
        del tone
        self.said += texts
        self.changes += self.results[:1]
        self.results = self.results[1:]

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


CARD_WRONG = RunOptions(wrong_lines=(3,)).notices(Settings())
"""What is said first where the third line of the card's settings is wrong."""


def test_no_other_fault_cuts_off_that_the_card_is_wrong():
    """The camera goes while it is said: all is said to its end, and "ready" last."""
    service, _, log = supervised("simulated:empty 1, unplugged 2, empty 20", notices=CARD_WRONG)
    service.run()
    assert said(events_of(log)) == [
        ("the settings on the card are wrong, line, 3", "fault", False),
        ("the camera is gone", "fault", False),
        ("the camera is back", "fault", False),
        ("ready", "answer", False),
    ]


def test_what_is_said_first_is_said_again_when_the_sound_is_back():
    """The sound device came after the start: what was said before did not sound."""
    speaker = FailingSpeaker()
    service, _, _ = supervised("simulated:empty 9", notices=CARD_WRONG, speaker=speaker)
    service.run()
    heard = speaker.said[speaker.said.index("the sound is back") :]
    assert heard == ["the sound is back", "the settings on the card are wrong", "line", "3", "ready"]


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
