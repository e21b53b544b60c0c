"""The cache of rendered phrases, on whole, damaged, full and read-only folders."""

import logging
import os
import subprocess
import time

import numpy as np
import pytest

from assistant.speech.drivers.phrase_cache import PhraseCache, phrase_folder
from assistant.speech.drivers.wav import wav_bytes

SOUND = np.arange(1000, 2000, dtype=np.int16)
KEPT_BYTES = len(wav_bytes(SOUND)) + 4
MONTH_S = 30 * 86400


@pytest.fixture
def make_cache():
    """Yield a function that makes a cache; the caches are closed at the end."""
    made = []

    def make(folder, **options):
        made.append(PhraseCache(folder, **options))
        return made[-1]

    yield make
    for cache in made:
        cache.close()


@pytest.fixture
def small_card(tmp_path):
    """Yield a file system with room for two phrases, which can be made read-only."""
    folder = tmp_path / "card"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_systemds_folder_comes_before_the_persons(monkeypatch):
    """A service, which has no home, uses the folder of systemd."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/home/a/.cache")
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    assert str(phrase_folder()) == "/home/a/.cache/emotion-assistant/phrases"
    monkeypatch.setenv("CACHE_DIRECTORY", "/var/cache/emotion-assistant")
    assert str(phrase_folder()) == "/var/cache/emotion-assistant/phrases"


def test_what_is_kept_is_there_for_the_next_run_too(tmp_path, make_cache):
    """The folder is made when it is needed, and a phrase is a WAV file that others can play."""
    folder = tmp_path / "there" / "phrases"
    cache = make_cache(folder)
    assert "a" not in cache
    assert cache.get("a") is None
    cache.put("a", SOUND)
    assert "a" in make_cache(folder)
    assert (make_cache(folder).get("a") == SOUND).all()
    assert (folder / "a.wav").read_bytes().startswith(wav_bytes(SOUND))


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
def test_a_file_that_is_not_whole_counts_as_none(tmp_path, make_cache, corrupt):
    """A file that a power cut or a bad card has damaged is never played, and is replaced."""
    cache = make_cache(tmp_path)
    cache.put("a", SOUND)
    file = tmp_path / "a.wav"
    file.write_bytes(corrupt(file.read_bytes()))
    assert cache.get("a") is None
    cache.put("a", SOUND)
    assert (cache.get("a") == SOUND).all()


def test_the_least_recently_used_leave_first(tmp_path, make_cache):
    """A full folder loses the phrases that were not used for longest; a use is noted once a day."""
    cache = make_cache(tmp_path, largest_bytes=3 * KEPT_BYTES)
    for days, key in enumerate("abc"):
        cache.put(key, SOUND)
        os.utime(tmp_path / f"{key}.wav", (time.time() - MONTH_S + days, time.time() - MONTH_S + days))
    assert cache.get("a") is not None
    used_ns = (tmp_path / "a.wav").stat().st_mtime_ns
    assert cache.get("a") is not None
    assert (tmp_path / "a.wav").stat().st_mtime_ns == used_ns
    cache.put("d", SOUND)
    assert [key for key in "abcd" if key in cache] == ["a", "c", "d"]
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 3 * KEPT_BYTES


def test_where_nothing_can_be_written_phrases_are_kept_until_the_end(tmp_path, make_cache, caplog):
    """The phrases are kept for this run, and the log has one warning."""
    (tmp_path / "file").touch()
    cache = make_cache(tmp_path / "file" / "phrases")  # not even root can write there
    for key in "ab":
        cache.put(key, SOUND)
        assert cache.get(key) is not None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "phrases cannot be kept there (Not a directory)" in caplog.text
    cache.close()
    assert "a" not in cache


def test_nothing_unfinished_is_left_on_a_full_card(small_card, make_cache, caplog):
    """The phrases that do not fit are kept in a temporary folder."""
    cache = make_cache(small_card)
    for key in "abcde":
        cache.put(key, SOUND)
    assert all(cache.get(key) is not None for key in "abcde")
    assert caplog.text.count("No space left on device") == 1
    assert all(file.stat().st_size == KEPT_BYTES for file in small_card.iterdir())


def test_a_card_that_became_read_only_is_still_read(small_card, make_cache):
    """SD cards become read-only when they fail; new phrases are kept in a temporary folder."""
    cache = make_cache(small_card)
    cache.put("a", SOUND)
    os.utime(small_card / "a.wav", (0, 0))  # so that its use would be noted
    subprocess.run(["mount", "-o", "remount,ro", str(small_card)], check=True)
    cache.put("b", SOUND)
    assert all(cache.get(key) is not None for key in "ab")
