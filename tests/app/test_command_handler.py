"""Commands of the wearer and of other programs."""

import io
import json

import pytest

from assistant.app.command_handler import CommandHandler, ServiceHooks
from assistant.app.drivers.event_file import EventFile
from assistant.app.events import EventHub
from assistant.app.guide import Guide
from assistant.camera.drivers.clocks import RecordingClock
from assistant.controls.commands import Command, Edge, Inbox, Mode, Request
from assistant.controls.gestures import ControlPanel, GestureSettings
from assistant.faults import Fault
from assistant.speech.announcement import Announcement, Priority
from assistant.speech.announcer import Announcer
from assistant.speech.drivers.speakers import PrintSpeaker, ReckonedSpeaker
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.speech.sentences import Status
from assistant.speech.voice import VoiceController

INTRODUCTION = (
    "this headset has a camera, and tells its wearer how the face in front looks, it keeps nothing of what it sees"
)


class Desk(Inbox):
    """A command handler on a clock that only passes when the test moves it; somebody who looks happy is seen."""

    def __init__(self, gestures=GestureSettings()):
        super().__init__()
        self.clock, self.log = RecordingClock(), io.StringIO()
        self.announcer = Announcer()
        speaker = ReckonedSpeaker(PrintSpeaker(None), self.clock, 175)
        self.speech = VoiceController(
            SpeechQueue(), Phrases.load("en"), speaker, EventHub([EventFile(self.log)]), self.announcer.on_started
        )
        self.command_handler = CommandHandler(ControlPanel([self], gestures), self.announcer, self.speech)
        self.ended, self.reported, self.replies = [], [], []
        self.hooks = ServiceHooks(
            lambda: Announcement(("someone", "plain.happy"), Priority.ANSWER),
            lambda now: Status(now, str(self.announcer.mode), self.speech.muted, 15.0, None, None, ("hot",)),
            lambda fault, now: self.reported.append((fault, now)),
            self.ended.append,
            Guide(self.speech, self.announcer, EventHub()),
        )

    def close(self):
        """Do nothing."""

    def go_on(self, seconds):
        """Let time pass in turns of the loop."""
        for _ in range(round(seconds * 50)):
            self.turn()
            self.clock.wait(0.02)

    def turn(self):
        """Run one turn of the loop."""
        now = self.clock.now()
        self.command_handler.handle_pending(self.hooks, now)
        self.speech.step(now)

    def press(self, held_s=0.1):
        """Hold the button for this long, then release it."""
        self.put(Edge(True, self.clock.now()))
        self.go_on(held_s)
        self.put(Edge(False, self.clock.now()))
        self.go_on(0.1)

    def ask(self, command):
        """Send the command as another program does, and return the answer."""
        self.put(Request(command, self.replies.append))
        self.turn()
        return self.replies.pop()

    def said(self):
        """Return the phrases that began since the last call, without those that were cut off or dropped."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        self.log.seek(0)
        self.log.truncate()
        return [line["text"] for line in lines if not line.keys() & {"cut", "dropped"}]


@pytest.fixture
def desk():
    """Return a command handler that has handled nothing."""
    return Desk()


def test_a_press_is_answered_in_the_same_turn(desk):
    """The answer to a press begins in the turn in which the press comes."""
    desk.put(Edge(True, desk.clock.now()))
    desk.turn()
    assert desk.said() == ["someone, looks happy"]


def test_a_press_while_something_is_said_silences_it(desk):
    """A press cuts off a fault too; the status, asked for later, says the fault again."""
    desk.speech.enqueue(Announcement(("hot",), Priority.FAULT, "heat"), 0.0)
    desk.turn()
    desk.press()
    assert desk.said() == ["too hot"]
    assert not desk.speech.is_speaking()
    desk.go_on(1.0)
    desk.press(held_s=1.5)
    assert desk.said()[-1].startswith("too hot, I tell what changes")


def test_two_presses_repeat_what_was_said_before_them(desk):
    """The second press repeats the phrase before the first press, not the answer that the first press began."""
    desk.speech.enqueue(Announcement(("plain.sad",), Priority.EMOTION), 0.0)
    desk.go_on(3.0)
    desk.press()
    desk.press()
    assert desk.said() == ["looks sad", "someone, looks happy", "looks sad"]


def test_slow_hands_repeat_too():
    """With slower gestures in the settings, a second press after a second still belongs to the first one."""
    desk = Desk(GestureSettings(again_s=1.5, status_s=2.5))
    desk.speech.enqueue(Announcement(("plain.sad",), Priority.EMOTION), 0.0)
    desk.go_on(3.0)
    desk.press(held_s=2.0)
    desk.go_on(1.0)
    desk.press()
    assert desk.said() == ["looks sad", "someone, looks happy", "looks sad"]


def test_two_presses_while_something_is_said_repeat_that(desk):
    """The first press silences the phrase, and the second one repeats it."""
    desk.speech.enqueue(Announcement(("plain.sad",), Priority.EMOTION), 0.0)
    desk.turn()
    desk.press()
    desk.press()
    assert desk.said() == ["looks sad", "looks sad"]


def test_a_silenced_answer_can_be_repeated(desk):
    """The second press silences the answer, and the third one repeats that answer."""
    desk.speech.enqueue(Announcement(("plain.sad",), Priority.EMOTION), 0.0)
    desk.go_on(3.0)
    desk.press()
    desk.go_on(0.8)
    desk.press()
    desk.press()
    assert desk.said() == ["looks sad", "someone, looks happy", "someone, looks happy"]


def test_what_waits_is_withdrawn_with_the_mode(desk):
    """An emotion and a look that waited are not said after "I speak when you ask"."""
    desk.speech.enqueue(Announcement(("hot",), Priority.FAULT, "heat"), 0.0)
    desk.turn()
    desk.speech.enqueue(Announcement(("plain.sad",), Priority.EMOTION), 0.1)
    desk.speech.enqueue(Announcement(("attention.at_you",), Priority.ATTENTION), 0.1)
    desk.ask(Command.MODE_ASK)
    desk.go_on(9.0)
    assert desk.said() == ["too hot", "I speak when you ask"]


def test_with_nothing_said_yet_there_is_nothing_to_repeat(desk):
    """A repetition before the first phrase is answered by "nothing was said yet"."""
    assert desk.ask(Command.REPEAT) == {"ok": True, "said": "nothing was said yet"}


def test_three_presses_change_the_mode(desk):
    """The new mode is said, and further commands go through all modes in turn."""
    for _ in range(3):
        desk.press()
    assert desk.announcer.mode is Mode.ASK
    assert desk.said()[-1] == "I speak when you ask"
    for mode in (Mode.FULL, Mode.CHANGES):
        desk.ask(Command.NEXT_MODE)
        assert desk.announcer.mode is mode


@pytest.mark.parametrize("mode", Mode)
def test_four_presses_introduce_the_headset_and_leave_the_mode(desk, mode):
    """The introduction is the last thing that is said, and the mode is the one from before the presses."""
    desk.announcer.mode = mode
    for _ in range(4):
        desk.press()
    assert desk.announcer.mode is mode
    assert desk.said()[-1] == INTRODUCTION


def test_the_introduction_can_be_silenced(desk):
    """A press stops it, and it is said even while the headset is muted."""
    desk.ask(Command.MUTE)
    assert desk.ask(Command.INTRODUCE) == {"ok": True, "said": INTRODUCTION}
    desk.go_on(0.5)
    assert desk.speech.is_speaking()
    desk.press()
    assert not desk.speech.is_speaking()


def test_a_very_long_press_switches_off_when_it_is_let_go(desk):
    """The count is said while the button is held, and the machine is switched off once it is released."""
    desk.put(Edge(True, desk.clock.now()))
    desk.go_on(9.0)
    assert desk.ended == []
    assert desk.said()[-4:] == ["3", "2", "1", "let go to switch off"]
    desk.put(Edge(False, desk.clock.now()))
    desk.go_on(0.1)
    assert desk.ended == [True]
    assert desk.said() == ["switching off"]


def test_let_go_during_the_count_it_stays_on(desk):
    """A release during the count is answered by "staying on", and nothing is switched off."""
    desk.put(Edge(True, desk.clock.now()))
    desk.go_on(5.5)
    desk.put(Edge(False, desk.clock.now()))
    desk.go_on(0.1)
    assert (desk.ended, desk.said()[-1]) == ([], "staying on")


def test_a_stuck_button_is_a_fault_and_switches_nothing_off(desk):
    """A button that is held for twenty seconds is reported as stuck, then as free, and the machine stays on."""
    desk.put(Edge(True, desk.clock.now()))
    desk.go_on(20.0)
    desk.put(Edge(False, desk.clock.now()))
    desk.go_on(0.1)
    assert [fault for fault, _ in desk.reported] == [Fault.BUTTON_STUCK, Fault.BUTTON_FREE]
    assert desk.ended == []


def test_muted_it_answers_and_says_nothing_else(desk):
    """While muted, only answers are said; the faults are said when the voice is no longer muted."""
    assert desk.ask(Command.MUTE) == {"ok": True, "said": "muted"}
    desk.speech.enqueue(Announcement(("hot",), Priority.FAULT, "heat"), desk.clock.now())
    desk.speech.enqueue(Announcement(("plain.sad",), Priority.EMOTION), desk.clock.now())
    desk.go_on(5.0)
    assert desk.ask(Command.TELL)["said"] == "someone, looks happy"
    desk.go_on(3.0)
    assert desk.ask(Command.UNMUTE)["said"] == "speaking again, too hot"
    assert desk.said() == ["muted", "someone, looks happy", "speaking again, too hot"]


def test_a_program_is_told_the_status(desk):
    """Another program gets the status as figures that can be written as JSON."""
    answer = desk.ask(Command.STATUS)
    assert (answer["ok"], answer["mode"], answer["muted"], answer["faults"]) == (True, "changes", False, ("hot",))
    assert json.dumps(answer)


@pytest.mark.parametrize("command", Command)
def test_every_command_does_something(desk, command):
    """Every command is answered, and none raises an error."""
    assert desk.ask(command)["ok"]
    desk.go_on(1.0)


def test_the_volume_has_an_end_on_either_side(desk):
    """Twenty commands make the voice no quieter than 0.2 and no louder than 1."""
    for command, least, most in ((Command.QUIETER, 0.2, 0.2), (Command.LOUDER, 1.0, 1.0)):
        for _ in range(20):
            desk.ask(command)
        assert least <= desk.speech.volume <= most


def test_a_press_and_a_hold_lead_to_the_face(desk):
    """The sound begins with its words; one press ends it at once and without a word, and the next press answers."""
    desk.press()
    desk.press(held_s=1.5)
    assert desk.said()[-1] == "follow the sound, no picture from the camera"
    assert desk.hooks.guide.is_asked
    desk.go_on(4.0)
    desk.press()
    assert not desk.hooks.guide.is_asked
    assert desk.said() == []
    desk.go_on(1.0)
    desk.press()
    assert desk.said() == ["someone, looks happy"]


def test_the_gesture_that_began_it_ends_it(desk):
    """A press and a hold while the sound leads end it, although the press alone has ended it already."""
    for words in ("follow the sound, no picture from the camera", "I stop guiding"):
        desk.press()
        desk.press(held_s=1.5)
        assert desk.said()[-1] == words
        desk.go_on(4.0)
    assert not desk.hooks.guide.is_asked


def test_a_program_begins_and_ends_it(desk):
    """Each request changes it; the request for silence ends it, and the next request begins it again."""
    begun = "follow the sound, no picture from the camera"
    words = [desk.ask(command).get("said") for command in (Command.GUIDE, Command.GUIDE, Command.GUIDE)]
    assert words == [
        "follow the sound, no picture from the camera",
        "I stop guiding",
        "follow the sound, no picture from the camera",
    ]
    assert desk.ask(Command.SILENCE) == {"ok": True}
    assert desk.ask(Command.GUIDE)["said"] == begun


def test_the_count_to_switching_off_ends_it(desk):
    """While the headset counts, nothing else is heard."""
    desk.press()
    desk.press(held_s=4.5)
    assert not desk.hooks.guide.is_asked
