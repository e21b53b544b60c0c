"""Whether nods are looked for, as the status and the log say it."""

import pytest

from assistant.app.reporting.nod_reporter import HOLD_S, NodReporter, NodStatus


def steps(reporter, fps, seconds, begin_s=0.0, sees_somebody=True):
    """Take a frame rate for some seconds; return the time after them."""
    for second in range(seconds + 1):
        reporter.step(begin_s + second, fps, sees_somebody=sees_somebody)
    return begin_s + seconds


def test_too_few_frames_are_said_once_and_so_is_their_end(caplog):
    """A rate that stays below ten is logged and in the status, and so is a rate that is high enough again."""
    caplog.set_level("INFO")
    reporter = NodReporter(is_wanted=True)
    assert reporter.status is NodStatus.ON
    now = steps(reporter, 8.0, 30)
    assert reporter.status is NodStatus.TOO_FEW
    steps(reporter, 15.0, 30, now + 1)
    assert reporter.status is NodStatus.ON
    assert [record.message for record in caplog.records] == [
        "nods are not looked for: 8 frames a second, 10 are needed",
        "nods are looked for again: 15 frames a second",
    ]


@pytest.mark.parametrize(
    ("seen", "status"),
    [((8.0, int(HOLD_S) - 1, True), "on"), ((2.0, 60, False), "on"), ((8.0, 60, True), "off")],
)
def test_otherwise_nothing_is_said(seen, status, caplog):
    """A short delay, an empty room and the setting `false` are no message."""
    caplog.set_level("INFO")
    reporter = NodReporter(is_wanted=status == "on")
    fps, seconds, sees_somebody = seen
    steps(reporter, fps, seconds, sees_somebody=sees_somebody)
    assert reporter.status == status
    assert not caplog.records
