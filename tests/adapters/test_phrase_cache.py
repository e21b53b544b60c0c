"""Phrases are rendered once, kept whole or not at all, and spoken whatever the folder does."""

import logging
import os
import subprocess
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from assistant.adapters.phrase_cache import PhraseCache, RenderedPhrases, cache_folder
from assistant.adapters.speech import Health
from assistant.adapters.wav_files import wav_bytes
from tests.adapters.test_engines import Scripted
from tests.hearing import children, until

pytestmark = pytest.mark.runtime
SOUND = np.arange(1000, 2000, dtype=np.int16)
MONTH_S = 30 * 86400


@pytest.fixture
def cache(tmp_path):
    """In a folder that is made when it is needed."""
    cache = PhraseCache(tmp_path / "there" / "phrases")
    yield cache
    cache.close()


@pytest.fixture
def engine(tmp_path):
    """Makes the same sound of everything, and counts how often in a file of lines."""
    (tmp_path / "sound.wav").write_bytes(wav_bytes(SOUND))
    return Scripted(f"cat >>{tmp_path}/rendered; echo >>{tmp_path}/rendered; cat {tmp_path}/sound.wav >$0")


@pytest.fixture
def rendered(tmp_path):
    """The texts that the engine rendered so far."""
    file = tmp_path / "rendered"
    return lambda: file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def the_file(tmp_path):
    """The only one that is kept."""
    (file,) = (tmp_path / "there" / "phrases").iterdir()
    return file


def test_systemds_folder_comes_before_the_persons(monkeypatch):
    """As in a service, which has no home."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/home/a/.cache")
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    assert str(cache_folder()) == "/home/a/.cache/emotion-assistant/phrases"
    monkeypatch.setenv("CACHE_DIRECTORY", "/var/cache/emotion-assistant")
    assert str(cache_folder()) == "/var/cache/emotion-assistant/phrases"


def test_a_phrase_is_rendered_once(tmp_path, engine, rendered):
    """Also for the next run of the program; its file is a WAV file."""
    for _ in range(2):
        phrases = RenderedPhrases(engine, PhraseCache(tmp_path / "there" / "phrases"), Health())
        for text in ("one", "two", "one"):
            sound = phrases.sound(text, threading.Event())
            assert (sound[: len(SOUND)] == SOUND).all()
        phrases.close()
    assert rendered() == ["one", "two"]
    files = list((tmp_path / "there" / "phrases").iterdir())
    assert {file.suffix for file in files} == {".wav"}
    assert all(file.read_bytes().startswith(b"RIFF") for file in files)


@pytest.mark.parametrize("change", [{"voice": "f2"}, {"rate_wpm": 200}, {"name": "other"}])
def test_another_voice_rate_or_engine_is_rendered_anew(cache, engine, change):
    """And equal ones are not."""
    key = RenderedPhrases(engine, cache, Health()).key("one")
    assert RenderedPhrases(replace(engine), cache, Health()).key("one") == key
    assert RenderedPhrases(replace(engine, **change), cache, Health()).key("one") != key


@pytest.mark.parametrize(
    "corrupt",
    [
        lambda data: b"",
        lambda data: data[:500],
        lambda data: data[:-1],
        lambda data: data[:1000] + b"noise" + data[1005:],
        lambda data: bytes(len(data)),
    ],
)
def test_a_file_that_is_not_whole_is_rendered_again(tmp_path, cache, engine, rendered, corrupt):
    """A power cut or a bad card may leave anything; it is never played."""
    phrases = RenderedPhrases(engine, cache, Health())
    whole = phrases.sound("one", threading.Event())
    file = the_file(tmp_path)
    file.write_bytes(corrupt(file.read_bytes()))
    assert (phrases.sound("one", threading.Event()) == whole).all()
    assert rendered() == ["one", "one"]
    assert (cache.get(phrases.key("one")) == whole).all()


def test_the_least_recently_used_leave_first(tmp_path):
    """When the folder is full; what was used is noted once a day."""
    one_bytes = len(wav_bytes(SOUND)) + 4
    cache = PhraseCache(tmp_path, largest_bytes=3 * one_bytes)
    for days, key in enumerate("abc"):
        cache.put(key, SOUND)
        os.utime(tmp_path / f"{key}.wav", (time.time() - MONTH_S + days, time.time() - MONTH_S + days))
    assert cache.get("a") is not None
    used_ns = (tmp_path / "a.wav").stat().st_mtime_ns
    assert cache.get("a") is not None
    assert (tmp_path / "a.wav").stat().st_mtime_ns == used_ns
    cache.put("d", SOUND)
    assert [key for key in "abcd" if key in cache] == ["a", "c", "d"]
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 3 * one_bytes


def test_where_nothing_can_be_written_phrases_are_kept_until_the_end(tmp_path, engine, rendered, caplog):
    """One line in the log tells; what was there before is still read."""
    (tmp_path / "file").touch()
    cache = PhraseCache(tmp_path / "file" / "phrases")  # not even root can write there
    phrases = RenderedPhrases(engine, cache, Health())
    for text in ("one", "two", "one"):
        assert phrases.sound(text, threading.Event()) is not None
    assert rendered() == ["one", "two"]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "phrases cannot be kept there (Not a directory)" in caplog.text
    phrases.close()
    assert "one" not in cache


@pytest.fixture
def small_card(tmp_path):
    """A file system with room for two phrases, which can be made read-only."""
    folder = tmp_path / "card"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_card_does_not_silence(small_card, engine, rendered, caplog):
    """The rest is kept in the temporary folder; nothing unfinished is left behind."""
    cache = PhraseCache(small_card)
    phrases = RenderedPhrases(engine, cache, Health())
    texts = [str(number) for number in range(5)]
    for text in texts * 2:
        assert phrases.sound(text, threading.Event()) is not None
    assert rendered() == texts
    assert caplog.text.count("No space left on device") == 1
    assert not list(small_card.glob(".unfinished*"))
    phrases.close()


def test_a_card_that_became_read_only_is_still_read(small_card, engine, rendered):
    """As SD cards do when they fail."""
    phrases = RenderedPhrases(engine, PhraseCache(small_card), Health())
    phrases.sound("one", threading.Event())
    os.utime(next(small_card.iterdir()), (0, 0))  # so that its use would be noted
    subprocess.run(["mount", "-o", "remount,ro", str(small_card)], check=True)
    for text in ("one", "two", "two"):
        assert phrases.sound(text, threading.Event()) is not None
    assert rendered() == ["one", "two"]
    phrases.close()


def test_a_failure_is_told_once_and_its_end_too(tmp_path, cache, engine):
    """Each phrase is tried twice, while the engine fails once."""
    health = Health()
    broken = replace(engine, script=f"echo >>{tmp_path}/tries; test -e {tmp_path}/repaired && ({engine.script})")
    phrases = RenderedPhrases(broken, cache, health)
    for text in ("one", "two", "three"):
        assert phrases.sound(text, threading.Event()) is None
    assert len((tmp_path / "tries").read_text(encoding="utf-8")) == 2 + 1 + 1
    assert "scripted failed" in str(health.take_fault())
    assert health.take_fault() is None
    assert not health.take_recovery()
    (tmp_path / "repaired").touch()
    assert phrases.sound("one", threading.Event()) is not None
    assert health.take_recovery()
    assert not health.take_recovery()


def test_an_engine_that_hangs_is_told_of(cache, engine):
    """It is ended when its time is over."""
    health = Health()
    phrases = RenderedPhrases(replace(engine, script="sleep 60"), cache, health, timeout_s=0.2)
    assert phrases.sound("one", threading.Event()) is None
    assert "took more than 0.2 seconds" in str(health.take_fault())
    assert not children("sleep")


def test_phrases_are_rendered_in_advance(cache, engine, rendered):
    """Those that are not kept yet."""
    phrases = RenderedPhrases(engine, cache, Health())
    phrases.sound("two", threading.Event())
    phrases.prepare(["one", "two", "three"])
    phrases.prepare(["four"])
    until(lambda: phrases.key("four") in cache)
    assert rendered() == ["two", "one", "three", "four"]
    phrases.close()


def test_preparing_ends_with_the_voice(cache, engine):
    """Within a phrase too."""
    before = threading.active_count()
    phrases = RenderedPhrases(replace(engine, script="sleep 60"), cache, Health())
    phrases.prepare(["one", "two"])
    until(lambda: children("nice") or children("sleep") or children("sh"))
    phrases.close()
    assert threading.active_count() == before


def test_preparing_gives_up_quietly(cache, engine, caplog):
    """A line in the log, and no fault: nobody has missed a word yet."""
    health = Health()
    phrases = RenderedPhrases(replace(engine, script="exit 3"), cache, health)
    phrases.prepare(["one", "two"])
    until(lambda: caplog.records)
    phrases.close()
    assert len(caplog.records) == 1
    assert "not rendered in advance: scripted failed" in caplog.text
    assert health.take_fault() is None
