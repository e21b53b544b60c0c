"""The wearer's settings file: what is written, when, and what stays."""

import threading

import pytest

from assistant.app.configuration.settings_files import read_table
from assistant.app.drivers.settings_writer import REST_S, RETRY_S, StateFileWriter, change
from assistant.errors import ConfigError
from tests.running.watching import until


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[voice]\nvolume = 0.7\n\n[announce]\nmode = "ask"\n'),
        (
            "# mine\n[voice]\nvolume = 0.5 # loud enough\nrate_wpm = 200\n",
            '# mine\n[voice]\nvolume = 0.7 # loud enough\nrate_wpm = 200\n\n[announce]\nmode = "ask"\n',
        ),
        (
            'voice.volume = 0.5 # dotted\nannounce.mode = "full"\n',
            'voice.volume = 0.7 # dotted\nannounce.mode = "ask"\n',
        ),
        ("voice = {volume = 0.5}\n[announce]\n", 'voice = {volume = 0.7}\n[announce]\nmode = "ask"\n'),
    ],
)
def test_the_rest_of_the_file_stays(tmp_path, before, after):
    """Comments, other settings and the way of writing stay as they were."""
    path = tmp_path / "new" / "settings.toml"
    if before:
        path.parent.mkdir()
        path.write_text(before, encoding="utf-8")
    change(path, {"voice.volume": 0.7, "announce.mode": "ask"})
    assert path.read_text(encoding="utf-8") == after
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("voice.volume", 7, r"voice.volume = 7: allowed is a number from 0 to 1"),
        ("voice.pitch", 7, r"voice.pitch = 7: no such setting"),
        ("sound", 7, r"sound = .*: no such setting"),
    ],
)
def test_what_is_not_allowed_changes_nothing(tmp_path, name, value, complaint):
    """A wrong value leaves the file as it was, also for the right values beside it."""
    path = tmp_path / "settings.toml"
    path.write_text("voice.volume = 0.5\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        change(path, {"announce.mode": "ask", name: value})
    assert path.read_text(encoding="utf-8") == "voice.volume = 0.5\n"


def test_a_damaged_file_is_left_aside(tmp_path):
    """A damaged file is renamed, and a new one is begun."""
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\0\0\0")
    change(path, {"voice.volume": 0.7})
    assert read_table(path) == {"voice": {"volume": 0.7}}
    assert (tmp_path / "settings.toml.damaged").read_bytes() == b"\0\0\0"


def test_two_that_change_at_a_time_lose_nothing(tmp_path):
    """Four threads that change the file at the same time lose no change."""
    path = tmp_path / "settings.toml"
    sections = {"debounce.hold_s": 0.5, "voice.volume": 0.7, "announce.mode": "ask", "speech.most_a_minute": 3}
    threads = [threading.Thread(target=change, args=(path, {name: value})) for name, value in sections.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {f"{section}.{key}": value for section, keys in read_table(path).items() for key, value in keys.items()}
    assert found == sections


BEFORE = {"voice.volume": 1.0, "announce.mode": "changes"}


def test_what_the_wearer_changes_is_written_once_it_rests(tmp_path):
    """Only the last value is written, once it has not changed for a while, and no setting that did not change."""
    path = tmp_path / "settings.toml"
    settings_writer = StateFileWriter(path, BEFORE)
    settings_writer.notice(BEFORE, 0.0)
    for number in range(1, 5):
        settings_writer.notice(BEFORE | {"voice.volume": round(1 - number / 10, 1)}, float(number))
    settings_writer.notice(BEFORE | {"voice.volume": 0.6}, 4.0 + REST_S - 0.1)
    assert not path.exists()
    settings_writer.notice(BEFORE | {"voice.volume": 0.6}, 4.0 + REST_S)
    settings_writer.flush()
    assert read_table(path) == {"voice": {"volume": 0.6}}


def test_at_the_end_it_is_written_at_once(tmp_path):
    """A flush writes what has changed; what the settings file says now is not written again."""
    path = tmp_path / "settings.toml"
    settings_writer = StateFileWriter(path, BEFORE)
    settings_writer.notice(BEFORE | {"announce.mode": "ask"}, 0.0)
    settings_writer.flush()
    assert read_table(path) == {"announce": {"mode": "ask"}}
    settings_writer.take_over(BEFORE | {"announce.mode": "full"})
    settings_writer.notice(BEFORE | {"announce.mode": "full"}, 9.0)
    settings_writer.flush()
    assert read_table(path) == {"announce": {"mode": "ask"}}


def test_where_nothing_can_be_written_the_log_tells_once(tmp_path, caplog):
    """On a read-only card, the log has one message for two changes."""
    (tmp_path / "file").write_bytes(b"")
    settings_writer = StateFileWriter(tmp_path / "file" / "settings.toml", BEFORE)
    for volume in (0.9, 0.8):
        settings_writer.notice(BEFORE | {"voice.volume": volume}, 0.0)
        settings_writer.flush()
    (told,) = caplog.messages
    assert "settings.toml: a change cannot be written" in told


def test_what_could_not_be_written_is_written_later(tmp_path):
    """After a while the writing is tried again, and a flush tries it at once."""
    (tmp_path / "state").touch()
    path, quiet = tmp_path / "state" / "settings.toml", BEFORE | {"voice.volume": 0.6}
    settings_writer = StateFileWriter(path, BEFORE)
    settings_writer.notice(quiet, 0.0)
    settings_writer.notice(quiet, REST_S)
    settings_writer.flush()
    (tmp_path / "state").unlink()
    settings_writer.notice(quiet, RETRY_S + REST_S - 0.1)
    assert not path.exists()
    settings_writer.notice(quiet, RETRY_S + REST_S)
    until(path.exists)
    assert read_table(path) == {"voice": {"volume": 0.6}}
    settings_writer.flush()
    path.unlink()
    for turn in range(10):
        settings_writer.notice(quiet, 1000.0 * turn)
    settings_writer.flush()
    assert not path.exists()


def test_what_could_not_be_written_outlives_settings_that_are_read_again(tmp_path):
    """A change that is still to be written is kept, unless the settings that were read anew say something else."""
    (tmp_path / "state").touch()
    path, changed = tmp_path / "state" / "settings.toml", {"voice.volume": 0.6, "announce.mode": "ask"}
    settings_writer = StateFileWriter(path, BEFORE)
    settings_writer.notice(changed, 0.0)
    settings_writer.flush()
    settings_writer.take_over(changed | {"announce.mode": "full"})
    (tmp_path / "state").unlink()
    settings_writer.flush()
    assert read_table(path) == {"voice": {"volume": 0.6}}
