"""The status of the voice: its failures and their ends come in order, however fast they follow each other."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from assistant.app.events import EventHub
from assistant.errors import SpeechError
from assistant.faults import Fault, Faults
from assistant.speech.drivers.speakers import PrintSpeaker
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue, SpeechSettings
from assistant.speech.voice import VoiceController
from tests.running.watching import changes

BROKEN = SpeechError("broken")


class HealthSpeaker(PrintSpeaker):
    """A silent speaker whose parts fail and work as a test says."""

    def __init__(self):
        super().__init__(None)
        self.voice_status = VoiceStatus()

    def take_changes(self):
        """Return the changes of these parts."""
        return self.voice_status.take_changes()


def speech_of(speaker):
    """Return a voice controller with this speaker."""
    return VoiceController(SpeechQueue(SpeechSettings()), Phrases.load("en"), speaker, EventHub(), lambda *_: None)


def test_a_voice_that_fails_and_works_again_within_a_turn_is_not_gone():
    """Both changes are reported in order, and two parts that failed are one fault."""
    speaker = HealthSpeaker()
    speech = speech_of(speaker)
    for part in ("sound", "espeak-ng"):
        speaker.voice_status.failed(part, BROKEN)
    for part in ("sound", "espeak-ng"):
        speaker.voice_status.worked(part)
    told = speech.take_faults(1.0)
    assert (told[0], told[-1]) == (Fault.SOUND_GONE, Fault.SOUND_BACK)
    faults = Faults()
    assert [fault for fault in told if faults.tell(fault)] == [Fault.SOUND_GONE, Fault.SOUND_BACK]
    assert faults.active() == ()
    assert speech.take_faults(1.1) == []


def test_a_voice_that_works_and_fails_again_within_a_turn_is_gone():
    """The last change decides."""
    speaker = HealthSpeaker()
    speech, faults = speech_of(speaker), Faults()
    speaker.voice_status.failed("sound", BROKEN)
    assert [faults.tell(fault) for fault in speech.take_faults(1.0)] == [True]
    speaker.voice_status.worked("sound")
    speaker.voice_status.failed("sound", BROKEN)
    for fault in speech.take_faults(2.0):
        faults.tell(fault)
    assert faults.active() == (Fault.SOUND_GONE,)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), st.booleans()), max_size=60))
def test_what_is_known_of_the_voice_is_so(steps):
    """After any changes, the fault is active exactly while a part fails."""
    voice_status, faults, failing = VoiceStatus(), Faults(), set()
    for part, fails, asked in steps:
        if fails:
            voice_status.failed(part, BROKEN)
            failing.add(part)
        else:
            voice_status.worked(part)
            failing.discard(part)
        if asked:
            for status in voice_status.take_changes():
                faults.tell(Fault.SOUND_BACK if status.error is None else Fault.SOUND_GONE)
            assert bool(faults.active()) == bool(failing)


def test_a_print_that_fails_is_a_voice_that_fails():
    """A full disk is reported once, and the next phrase is tried."""
    with suppress(OSError), open("/dev/full", "w", encoding="utf-8") as full:  # closing it fails, too
        speaker = PrintSpeaker(full)
        speaker.say(["looks happy"])
        speaker.say(["looks sad"])
    assert changes(speaker) == ["what would be said cannot be printed: No space left on device"]
