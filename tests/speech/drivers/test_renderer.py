"""Rendered phrases: each is rendered once, in advance or when it is said, and failures of the engine are reported."""

import logging
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from assistant.speech.drivers.phrase_cache import PhraseCache
from assistant.speech.drivers.renderer import SLOW_S, RenderedPhrases
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import wav_bytes
from tests.fakes.engines import ScriptedEngine
from tests.running.watching import changes, children, until

SOUND = np.arange(1000, 2000, dtype=np.int16)


@pytest.fixture
def engine(tmp_path):
    """Return an engine that makes the same sound of every text, and lists the texts in a file."""
    (tmp_path / "sound.wav").write_bytes(wav_bytes(SOUND))
    return ScriptedEngine(f"cat >>{tmp_path}/rendered; echo >>{tmp_path}/rendered; cat {tmp_path}/sound.wav >$0")


@pytest.fixture
def rendered(tmp_path):
    """Return a function that returns the texts which the engine has rendered."""
    file = tmp_path / "rendered"
    return lambda: file.read_text(encoding="utf-8").splitlines() if file.exists() else []


@pytest.fixture
def voice_status():
    """Return what the phrases report to."""
    return VoiceStatus()


@pytest.fixture
def make_phrases(tmp_path, engine, voice_status):
    """Yield a function that makes phrases of an engine in one cache; they are closed at the end."""
    made = []

    def make(script=None, **options):
        chosen = engine if script is None else replace(engine, script=script)
        made.append(RenderedPhrases(chosen, PhraseCache(tmp_path / "phrases"), voice_status, **options))
        return made[-1]

    yield make
    for phrases in made:
        phrases.close()


def sound_of(phrases, text):
    """Return the sound of a phrase that is not cut off."""
    return phrases.sound(text, threading.Event())


def test_a_phrase_is_rendered_once(make_phrases, rendered):
    """The next run of the program does not render the phrase again."""
    for phrases in (make_phrases(), make_phrases()):
        for text in ("one", "two", "one"):
            assert (sound_of(phrases, text)[: len(SOUND)] == SOUND).all()
    assert rendered() == ["one", "two"]


def test_a_phrase_that_is_not_whole_is_rendered_again(tmp_path, make_phrases, rendered):
    """A damaged file is replaced."""
    phrases = make_phrases()
    sound_of(phrases, "one")
    (file,) = (tmp_path / "phrases").iterdir()
    file.write_bytes(file.read_bytes()[:-10])
    for _ in range(2):
        assert sound_of(phrases, "one") is not None
    assert rendered() == ["one", "one"]


@pytest.mark.parametrize("change", [{"voice": "f2"}, {"rate_wpm": 200}, {"name": "other"}])
def test_another_voice_rate_or_engine_is_rendered_anew(tmp_path, engine, change):
    """The key of a phrase depends on the engine, the voice and the rate, and on nothing else."""
    key, same, other = (
        RenderedPhrases(each, PhraseCache(tmp_path), VoiceStatus()).key("one")
        for each in (engine, replace(engine), replace(engine, **change))
    )
    assert key == same != other


def test_a_phrase_is_spoken_where_nothing_can_be_kept(tmp_path, engine, voice_status):
    """A cache that cannot be written is no failure."""
    (tmp_path / "file").touch()
    phrases = RenderedPhrases(engine, PhraseCache(tmp_path / "file"), voice_status)
    assert sound_of(phrases, "one") is not None
    phrases.close()
    assert changes(voice_status) == []


def test_a_failure_is_told_once_and_its_end_too(tmp_path, engine, make_phrases, voice_status):
    """The first phrase is tried twice and later ones once; the failure and its end are reported once each."""
    tried = tmp_path / "tried"
    phrases = make_phrases(f"echo >>{tried}; test -e {tmp_path}/repaired && ({engine.script})")
    for text in ("one", "two", "three"):
        assert sound_of(phrases, text) is None
    assert len(tried.read_text(encoding="utf-8")) == 2 + 1 + 1
    assert changes(voice_status) == ["scripted failed: ended without a message"]
    (tmp_path / "repaired").touch()
    assert sound_of(phrases, "one") is not None
    assert changes(voice_status) == [None]
    assert changes(voice_status) == []


def test_kept_phrases_in_between_are_no_end_of_it(make_phrases, voice_status):
    """Kept phrases still sound, and the failure of the engine is not reported again and again."""
    assert sound_of(make_phrases(), "kept") is not None
    phrases = make_phrases("exit 1")
    for _ in range(2):
        assert sound_of(phrases, "new") is None
        assert sound_of(phrases, "kept") is not None
    assert changes(voice_status) == ["scripted failed: ended without a message", None]


def test_an_engine_that_hangs_is_told_of(make_phrases, voice_status):
    """The engine is ended after its time, and the failure is reported."""
    assert sound_of(make_phrases("sleep 60", timeout_s=0.2), "one") is None
    (told,) = changes(voice_status)
    assert "took more than 0.2 seconds" in told
    assert not children("sleep")


class Cut(threading.Event):
    """Is set this many seconds after somebody has begun to look at it, as the renderer does while the engine runs."""

    def __init__(self, after_s):
        super().__init__()
        self._after_s, self._begun_s = after_s, None

    def wait(self, timeout=None):
        """Look whether the phrase is cut off."""
        now = time.monotonic()
        self._begun_s = now if self._begun_s is None else self._begun_s
        if now - self._begun_s >= self._after_s:
            self.set()
        return super().wait(timeout)


@pytest.mark.parametrize(("after_s", "told"), [(0.1, False), (SLOW_S + 0.2, True)])
def test_an_engine_that_hangs_is_told_of_although_it_is_always_cut_off(make_phrases, voice_status, after_s, told):
    """A phrase that is cut off late shows that the engine hangs; one that is cut off soon does not."""
    assert make_phrases("sleep 60").sound("one", Cut(after_s)) is None
    assert bool(changes(voice_status)) == told


def test_phrases_are_rendered_in_advance(make_phrases, rendered):
    """Only phrases that are not kept yet are rendered."""
    phrases = make_phrases()
    sound_of(phrases, "two")
    phrases.prepare(["one", "two", "three"])
    phrases.prepare(["four"])
    until(lambda: len(rendered()) == 4)
    assert rendered() == ["two", "one", "three", "four"]


def prepared(phrases, caplog, texts):
    """Return the last line of the log after phrases were rendered in advance."""
    caplog.set_level(logging.INFO)
    phrases.prepare(texts)
    until(lambda: "phrases rendered in advance" in caplog.text)
    return caplog.messages[-1]


@pytest.mark.parametrize(
    ("fails", "told"), [("false", "3 of 3"), ('[ "$text" = two ]', "2 of 3"), ("kill -9 $$", "0 of 3")]
)
def test_those_that_were_rendered_in_advance_are_counted(make_phrases, engine, caplog, fails, told):
    """A phrase that failed does not count, also when the engine was killed."""
    phrases = make_phrases(f'text=$(cat); if {fails}; then exit 3; fi; echo "$text" | ({engine.script})')
    assert prepared(phrases, caplog, ["one", "two", "three"]).startswith(f"{told} phrases rendered in advance, ")


def test_phrases_that_nothing_could_keep_were_not_rendered_in_advance(
    tmp_path, engine, voice_status, caplog, monkeypatch
):
    """Without any folder that can be written, the log says that no phrase was rendered in advance."""
    (tmp_path / "file").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    phrases = RenderedPhrases(engine, PhraseCache(tmp_path / "file"), voice_status)
    assert prepared(phrases, caplog, ["one", "two"]).startswith("0 of 2 phrases rendered in advance, ")
    phrases.close()


def test_preparing_delays_no_phrase(make_phrases):
    """A kept phrase sounds at once while the engine hangs in the preparation."""
    kept = make_phrases()
    sound_of(kept, "one")
    phrases = make_phrases("sleep 60")
    phrases.prepare(["two"])
    until(lambda: children("nice") or children("sleep") or children("sh"))
    started_s = time.monotonic()
    assert sound_of(phrases, "one") is not None
    assert time.monotonic() - started_s < 1


def test_preparing_ends_with_the_voice(make_phrases):
    """A close ends the preparation in the middle of a phrase."""
    before = threading.active_count()
    phrases = make_phrases("sleep 60")
    phrases.prepare(["one", "two"])
    until(lambda: children("nice") or children("sleep") or children("sh"))
    phrases.close()
    assert threading.active_count() == before


def test_preparing_gives_up_quietly(make_phrases, voice_status, caplog):
    """Each failure in advance is one line in the log and no fault, since no phrase was missed yet."""
    phrases = make_phrases("exit 3")
    phrases.prepare(["one", "two"])
    until(lambda: len(caplog.records) >= 2)
    phrases.close()
    assert len(caplog.records) == 2
    assert "not rendered in advance: scripted failed" in caplog.text
    assert changes(voice_status) == []
