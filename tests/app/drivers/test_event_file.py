"""The event file: every event is a whole line of JSON, and a full disk does not stop the headset."""

import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.app.drivers.event_file import EventFile
from assistant.app.events import Event
from assistant.errors import ConfigError


def test_each_event_is_a_line_at_once(tmp_path):
    """The first event replaces the file of the last run, each event is one line, and the file is closed."""
    path = tmp_path / "events"
    path.write_text("of the last run\n" * 9, encoding="utf-8")
    before = len(os.listdir("/proc/self/fd"))
    log = EventFile(path)
    assert path.read_text(encoding="utf-8") == "of the last run\n" * 9
    log.on_event(Event(1.23456, "said", {"text": "hört"}))
    log.on_event(Event(2.0, "end"))
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == [
        {"t": 1.235, "type": "said", "text": "hört"},
        {"t": 2.0, "type": "end"},
    ]
    log.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_full_disk_is_told_once_by_the_name_of_the_file(caplog):
    """Every event is tried without raising an error, and the log names the file once."""
    log = EventFile(Path("/dev/full"))
    for second in range(5):
        log.on_event(Event(float(second), "end"))
    log.close()
    assert caplog.messages == ["--events /dev/full: cannot be written: No space left on device"]


FILLING = """
import json, resource, signal, sys
from pathlib import Path
from assistant.app.drivers.event_file import EventFile
from assistant.app.events import Event
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
log = EventFile(Path(sys.argv[1]))
for second in range(9):
    log.on_event(Event(second, "end"))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log.on_event(Event(9, "end"))
log.close()
"""


def test_a_file_that_cannot_grow_holds_whole_lines(tmp_path):
    """An event that does not fit leaves no part of a line, and later events are written once there is room."""
    path = tmp_path / "events"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    subprocess.run([sys.executable, "-c", FILLING, str(path)], check=True)
    lines = [json.loads(line)["t"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines == [0, 1, 2, 3, 9]


def test_a_pipe_that_nobody_reads_keeps_nobody_waiting(tmp_path, caplog):
    """The log says that nobody reads the pipe; once somebody reads it, events are written."""
    os.mkfifo(tmp_path / "pipe")
    log = EventFile(tmp_path / "pipe")
    log.on_event(Event(1.0, "end"))
    assert "pipe: cannot be written" in caplog.text
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    log.on_event(Event(2.0, "end"))
    assert os.read(reader, 100) == b'{"t": 2.0, "type": "end"}\n'
    os.close(reader)
    log.close()


def test_a_stream_stays_open_and_its_reader_may_go():
    """A stream is not closed with the events; a reader that has gone raises BrokenPipeError, as in `... | head`."""
    stream = io.StringIO()
    log = EventFile(stream)
    log.on_event(Event(1.0, "end"))
    log.close()
    assert stream.getvalue() == '{"t": 1.0, "type": "end"}\n'
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(BrokenPipeError), os.fdopen(writer, "w", encoding="utf-8") as closed:
        EventFile(closed).on_event(Event(1.0, "end"))


def test_where_no_file_can_be_is_refused(tmp_path):
    """A folder, and a file in a folder that does not exist, raise ConfigError."""
    for path in (tmp_path, tmp_path / "no" / "events"):
        with pytest.raises(ConfigError, match="cannot be written there"):
            EventFile(path)
