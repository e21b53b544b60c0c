"""Sessions: who is logged in, and for how long."""

from __future__ import annotations

import pytest

from assistant.web.access.sessions import FILE, LONGEST_S, MOST, Sessions

KEY = b"k" * 32


def test_one_ends_after_half_a_day(tmp_path):
    """A session is open for half a day, and a made-up one is not."""
    sessions = Sessions(tmp_path, KEY)
    kept = sessions.begin(1000.0)
    assert sessions.is_open(kept, 1000.0)
    assert sessions.is_open(kept, 1000.0 + LONGEST_S - 1)
    assert not sessions.is_open(kept, 1000.0 + LONGEST_S)
    assert not sessions.is_open(kept, 900.0)
    assert not sessions.is_open(f"9{kept}", 1000.0)
    assert not sessions.is_open("", 1000.0)


def test_a_restart_ends_none_and_revives_none(tmp_path):
    """The file of the sessions is for its owner only, holds no cookie, and is worthless with another token."""
    sessions = Sessions(tmp_path, KEY)
    kept, ended = sessions.begin(1000.0), sessions.begin(1000.0)
    sessions.end(ended, 1000.0)
    again = Sessions(tmp_path, KEY)
    assert (again.is_open(kept, 1000.0), again.is_open(ended, 1000.0)) == (True, False)
    assert not Sessions(tmp_path, b"another key").is_open(kept, 1000.0)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert kept not in (tmp_path / FILE).read_text()


def test_the_oldest_makes_room(tmp_path):
    """The number of sessions is bounded, so that logins cannot fill the memory."""
    sessions = Sessions(tmp_path, KEY)
    kept = [sessions.begin(1000.0) for _ in range(MOST + 1)]
    assert [sessions.is_open(each, 1000.0) for each in (kept[0], kept[1], kept[-1])] == [False, True, True]


@pytest.mark.parametrize("text", ["", "[", "[]", '{"a": "b"}', '{"a": NaN}', "\xe9"])
def test_a_damaged_file_counts_as_none(tmp_path, text):
    """A damaged file ends all sessions, and a new login works."""
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    sessions = Sessions(tmp_path, KEY)
    assert not sessions.is_open("a", 1000.0)
    assert sessions.is_open(sessions.begin(1000.0), 1000.0)


def test_a_folder_that_takes_nothing_lets_in_all_the_same(tmp_path, caplog):
    """The session lasts until the next start, and the log says so."""
    (tmp_path / "file").touch()
    sessions = Sessions(tmp_path / "file" / "state", KEY)
    assert sessions.is_open(sessions.begin(1000.0), 1000.0)
    assert "after a restart browsers must log in again" in caplog.text
