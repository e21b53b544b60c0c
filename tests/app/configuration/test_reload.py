"""Settings that are read again while the service runs."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.reload import changed, needing_restart
from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import load_settings
from assistant.app.service import Service
from assistant.controls.commands import Mode
from assistant.emotion.debouncing.transitions import State
from assistant.emotion.observation import ClassifiedFace, Observation
from assistant.errors import SpeechError
from assistant.frame import Frame
from assistant.geometry import BoundingBox
from assistant.speech.announcer import NO_MOVEMENTS
from assistant.speech.build import aloud_with
from assistant.speech.drivers.engine import VoiceChoice
from assistant.speech.drivers.speakers import PrintSpeaker
from assistant.speech.exchange import VoiceExchange
from tests.fakes.classifiers import MovingClassifier, StillClassifier
from tests.running.watching import changes, until

FACE = ClassifiedFace(BoundingBox(2, 2, 5, 5), None, None)


def test_what_has_changed_is_named():
    """The names of the changed settings are found in all sections."""
    old = Settings()
    new = replace(old, voice=replace(old.voice, volume=0.5), camera=replace(old.camera, fps=9.0))
    assert changed(old, old) == ()
    assert changed(old, new) == ("camera.fps", "voice.volume")


@pytest.mark.parametrize(
    ("names", "late"),
    [
        ((), ()),
        (("voice.device", "announce.mode", "speech.most_a_minute", "gestures.again_s", "debounce.hold_s"), ()),
        (("camera.fps", "voice.volume", "button.gpio"), ("camera.fps", "button.gpio")),
        (("remote.device", "search.smallest", "tracking.any"), ("remote.device", "search.smallest", "tracking.any")),
        (("debounce.lost_s", "debounce.hold_s"), ("debounce.lost_s",)),
    ],
)
def test_some_settings_need_a_restart(names, late):
    """A section that is not listed as exchangeable needs a restart."""
    assert needing_restart(names) == late


class Bench:
    """A service with a settings file, which keeps the speakers that it builds."""

    def __init__(self, file):
        self.file = file
        self.write("")
        self.components = build_components(
            RunOptions(camera="simulated:empty 1", voice="none", fast=True, config=file), Settings()
        )
        self.voice, self.panel = self.components.voice, self.components.panel
        self.built, self.closed = [], []
        self.voice.speaker = Spy(self)
        self.begin(self.build)

    def write(self, text):
        """Write this settings file."""
        self.file.write_text(text, encoding="utf-8")

    def begin(self, build):
        """Make a service with the settings of the file; `build` makes its speakers."""
        settings = load_settings(self.file)
        self.exchange = VoiceExchange(self.voice, settings.voice, self.file, build=build)
        self.service = Service(replace(self.components, settings=settings, voice_exchange=self.exchange))

    def mode(self):
        """Return the announcer's mode."""
        return self.components.announcer.mode

    def reload(self, text):
        """Write a settings file, have it read, and return what is said."""
        self.write(text)
        self.service.requests.reload()
        self.service.requests.step(0.0)
        self.voice.step(0.0)
        last, self.voice.last = self.voice.last, None
        return "" if last is None else self.voice.sentence(last)

    def build(self, choice, phrases):
        """Keep the choice and build a speaker."""
        self.built.append(choice)
        return Spy(self)


class Spy(PrintSpeaker):
    """A speaker that keeps when it is closed and how loud it is."""

    def __init__(self, bench):
        super().__init__(None)
        self.bench = bench
        self.volume = None

    def set_volume(self, volume):
        """Keep the volume."""
        self.volume = volume

    def close(self, *, finish):
        """Keep that the speaker was closed."""
        self.bench.closed.append(self)


@pytest.fixture
def bench(tmp_path):
    """Return a service that runs."""
    return Bench(tmp_path / "settings.toml")


def test_what_can_be_exchanged_is(bench):
    """The new values count at once and are said; the same file again is no news."""
    text = (
        "announce.mode = 'ask'\ngestures.again_s = 1.0\ndebounce.hold_s = 2.0\nvoice.volume = 0.5\nvoice.tones = true\n"
    )
    observer = bench.service._observer
    observer.observe(Frame(np.zeros((9, 9), np.uint8), 0.0), Observation(FACE, 1, 1), 0.0)
    assert bench.service.state is not State.NOBODY
    assert bench.reload(text) == "new settings"
    assert bench.mode() is Mode.ASK
    assert bench.panel.longest_pair_s == pytest.approx(2.2)
    assert bench.service.state is State.NOBODY
    assert (bench.voice.volume, bench.voice.speaker.volume) == (0.5, 0.5)
    assert (bench.built, bench.closed) == ([], [])
    assert bench.reload(text) == ""


def test_other_words_count_at_once(tmp_path, monkeypatch, caplog):
    """With a model without an output for movements, the log says that the setting has no effect."""
    monkeypatch.setattr("assistant.app.build.TFLiteClassifier", StillClassifier)
    still = Bench(tmp_path / "settings.toml")
    assert NO_MOVEMENTS not in caplog.text
    assert still.reload("announce.words = 'movements'\n") == "new settings"
    assert (still.components.announcer.says_movements, caplog.text.count(NO_MOVEMENTS)) == (False, 1)
    monkeypatch.setattr("assistant.app.build.TFLiteClassifier", MovingClassifier)
    moving = Bench(tmp_path / "settings.toml")
    assert moving.reload("announce.words = 'movements'\n") == "new settings"
    assert (moving.components.announcer.says_movements, caplog.text.count(NO_MOVEMENTS)) == (True, 1)


def test_what_cannot_be_exchanged_is_told(bench):
    """A setting that needs a restart is said once, until it is as it was at the start."""
    assert bench.reload("camera.fps = 9\n") == "new settings, some of it only after a restart"
    assert bench.reload("camera.fps = 9\nspeech.most_a_minute = 3\n") == "new settings"
    assert bench.reload("speech.most_a_minute = 3\n") == "new settings"


def test_another_voice_takes_the_place_of_the_old_one(bench):
    """The old speaker is closed before the new one is built, and the answer comes in the new language."""
    old = bench.voice.speaker
    assert bench.reload('voice.language = "de"\nvoice.engine = "espeak-ng"\n') == "neue Einstellungen"
    assert bench.closed == [old]
    assert [(choice.engine, choice.language) for choice in bench.built] == [("espeak-ng", "de")]
    assert bench.voice.speaker is not old


@pytest.mark.parametrize(
    "text",
    [
        "voice.volume = 7\n",
        "[voice",
        'voice.name = "nobody"\nvoice.engine = "espeak-ng"\n',
        "voice.rate_wpm = 20\n",
        "button.gpio = 4\nlight.gpio = 4\n",
        "voice.board = 'wm8960'\nlight.gpio = 18\n",
    ],
)
def test_wrong_settings_leave_all_as_it_was(bench, text, caplog):
    """The wearer hears that the settings are wrong, the log has the reason, and nothing is exchanged."""
    speaker = bench.voice.speaker
    assert bench.reload(text) == "the settings are wrong"
    assert "the settings are wrong, the old ones stay: " in caplog.text
    assert bench.voice.speaker is speaker
    assert (bench.built, bench.closed, bench.mode()) == ([], [], Mode.CHANGES)
    assert bench.reload("") == ""


def test_a_wrong_line_on_the_card_is_said_again(bench, tmp_path, monkeypatch):
    """What is right on the card counts, together with the settings file."""
    card = tmp_path / "card.toml"
    monkeypatch.setenv("EMOTION_ASSISTANT_CARD", str(card))
    card.write_text("[announce]\nmode = 'ask'\nhappy = 'very'\n", encoding="utf-8")
    assert bench.reload("") == "new settings, the settings on the card are wrong, line, 3"
    assert bench.mode() is Mode.ASK
    assert bench.reload("speech.most_a_minute = 3\n").startswith("new settings, the settings on the card are wrong")


def test_what_the_wearer_chose_stays_where_the_settings_leave_it(bench):
    """A mode and a volume that were changed by hand stay, until the file says something new about them."""
    bench.components.announcer.mode = Mode.FULL
    bench.voice.change_volume(-2)
    assert bench.reload("speech.most_a_minute = 3\n") == "new settings"
    assert (bench.mode(), bench.voice.volume) == (Mode.FULL, 0.8)
    bench.reload('announce.mode = "ask"\n')
    assert bench.mode() is Mode.ASK


def test_what_the_wearer_chose_is_no_news_once_it_is_kept(bench):
    """A file that says what the wearer has chosen by hand changes nothing."""
    bench.components.announcer.mode = Mode.FULL
    assert bench.reload('announce.mode = "full"\n') == ""


def test_a_damaged_file_of_the_wearers_is_left_aside(bench, tmp_path, monkeypatch):
    """The damaged file is renamed, and the wearer hears that the changes are lost."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "settings.toml").write_bytes(b"\0")
    assert bench.reload("") == "the settings that you had changed are lost"
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["settings.toml.damaged"]
    assert bench.reload("") == ""


def test_a_speaker_that_must_stay_stays(bench):
    """Without a way to build a speaker, the phrases change their language and the speaker stays."""
    bench.begin(None)
    assert bench.reload('voice.language = "fr"\n') == "nouveaux réglages"
    assert (bench.built, bench.closed) == ([], [])


@pytest.fixture
def speaking(bench, card):
    """Yield a service that speaks on this card and holds it."""
    bench.write('voice.engine = "espeak-ng"\n')
    clock = bench.components.clock
    bench.voice.speaker = aloud_with(VoiceChoice(engine="espeak-ng"), bench.voice.phrases, clock)
    bench.begin(partial(aloud_with, clock=clock))
    until(card.is_taken)
    yield bench
    bench.voice.speaker.close(finish=False)


def speaks(bench, card):
    """Return whether a phrase that is said now is heard."""
    before_s = card.played_s()
    bench.voice.speaker.say(["looks happy"])
    until(lambda: card.played_s() > before_s)
    return changes(bench.voice.speaker) == []


def test_another_name_of_the_same_card_is_taken_up(speaking, card):
    """The old device is closed before the new one is tried, since the card has room for one program only."""
    before = speaking.voice.speaker
    assert speaking.reload('voice.engine = "espeak-ng"\nvoice.device = "plughw:CARD=one"\n') == "new settings"
    assert speaking.voice.speaker is not before
    assert speaks(speaking, card)


def test_a_device_that_there_is_not_leaves_the_old_one(speaking, card):
    """The old voice is built again, as loud as before, and no other setting of the file counts."""
    speaking.voice.change_volume(-2)
    text = 'voice.engine = "espeak-ng"\nannounce.mode = "ask"\nvoice.language = "de"\nvoice.device = "nowhere"\n'
    assert speaking.reload(text) == "the settings are wrong"
    assert (speaking.voice.volume, speaking.mode()) == (0.8, Mode.CHANGES)
    assert speaks(speaking, card)
    assert speaking.reload('voice.engine = "espeak-ng"\n') == ""


def test_a_device_is_tried_for_the_page(speaking, card):
    """A device of the same card opens, another one raises an error; afterwards the old voice speaks again."""
    speaking.exchange.try_device("plughw:CARD=one")
    with pytest.raises(SpeechError, match="sound device 'nowhere'"):
        speaking.exchange.try_device("nowhere")
    assert speaks(speaking, card)
