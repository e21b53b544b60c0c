"""What the supervisor is notified of, and when."""

from dataclasses import replace

import pytest

from assistant.app.reporting.notifier import STATUS_EVERY_S, ServiceNotifier, ServiceStatus
from assistant.emotion.observation import Observation
from assistant.speech.sentences import Status
from tests.fakes.supervisors import RecordingSupervisor


def test_it_is_ready_once_and_only_with_a_voice():
    """The program is ready once the voice works; before that the status says that it starts."""
    supervisor = RecordingSupervisor()
    notifier = ServiceNotifier(supervisor)
    notifier.step(0.0, lambda: "no picture yet", voice_is_up=False, is_stuck=False)
    assert supervisor.take() == ["alive", "starts: no picture yet"]
    notifier.step(0.1, lambda: "no picture yet", voice_is_up=True, is_stuck=False)
    assert supervisor.take() == ["ready", "no picture yet"]
    notifier.step(0.2, lambda: "no picture yet", voice_is_up=False, is_stuck=False)
    assert supervisor.take() == []


def test_the_watchdog_is_fed_by_turns_alone_and_not_while_stuck():
    """Each turn that is due sends a sign of life, except while the camera's driver is stuck."""
    supervisor = RecordingSupervisor()
    notifier = ServiceNotifier(supervisor)
    fed = []
    for now, is_stuck in ((0, False), (5, False), (10, False), (20, True), (25, True), (26, False), (30, False)):
        notifier.step(now, lambda: "", voice_is_up=False, is_stuck=is_stuck)
        fed += [now] * supervisor.take().count("alive")
    assert fed == [0, 10, 26]
    notifier.begin_long_step()
    assert supervisor.take() == ["alive"]


def test_the_status_changes_seldom():
    """The status is sent when it has changed, and every three seconds at most."""
    supervisor = RecordingSupervisor()
    notifier = ServiceNotifier(supervisor)
    told = []
    for turn in range(100):
        words = "one" if turn < 50 else f"turn {turn}"
        notifier.step(turn / 10, lambda: words, voice_is_up=True, is_stuck=False)  # noqa: B023 - called at once
        told += [(turn / 10, each) for each in supervisor.take() if each.startswith(("one", "turn"))]
    assert [t_s for t_s, _ in told] == [0.0, 6.0, 9.0]
    assert STATUS_EVERY_S == 3.0


def test_a_reload_and_the_end_are_told():
    """A reload is announced, makes the program ready even before the voice works, and the end is announced."""
    supervisor = RecordingSupervisor()
    notifier = ServiceNotifier(supervisor)
    notifier.begin_reload()
    notifier.end_reload()
    notifier.step(0.0, lambda: "well", voice_is_up=True, is_stuck=False)
    notifier.end("ends")
    assert supervisor.take() == ["reloading", "ready", "alive", "well", "stopping", "ends"]


def status(*faults, mode="changes", muted=False):
    """Return a status with these faults."""
    return Status(0.0, mode, muted, 14.8, None, None, faults)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (ServiceStatus(status(), Observation(None, people=1)), "sees someone, 14.8 pictures a second, mode changes"),
        (ServiceStatus(status(), Observation(None)), "sees nobody, 14.8 pictures a second, mode changes"),
        (
            ServiceStatus(status(mode="ask"), Observation(None, people=3)),
            "sees 3 people, 14.8 pictures a second, mode ask",
        ),
        (ServiceStatus(status(muted=True), None), "no picture yet, muted"),
        (ServiceStatus(status("camera_lost"), None, 8.2), "no camera: tried again in 8 s, mode changes"),
        (ServiceStatus(status("hot", "camera_lost"), None, 0.2), "no camera: tried again now, mode changes, hot"),
        (
            ServiceStatus(status("camera_stalled"), None, 2.0),
            "the camera has stopped: tried again in 2 s, mode changes",
        ),
        (
            ServiceStatus(status("camera_covered"), Observation(None)),
            "sees nobody, 14.8 pictures a second, mode changes, camera covered",
        ),
        (
            ServiceStatus(status("camera_lost", "low_voltage"), None, 2.0, is_stuck=True),
            "the camera's driver is stuck: waits to be restarted, mode changes, low voltage",
        ),
        (
            ServiceStatus(replace(status("battery_low"), battery_percent=9.6), None),
            "no picture yet, mode changes, battery 10%, battery low",
        ),
        (
            ServiceStatus(replace(status(), battery_percent=84.0, battery_is_charging=True), None),
            "no picture yet, mode changes, battery 84% and charging",
        ),
        (
            ServiceStatus(replace(status("hot"), is_watched=True), None),
            "no picture yet, mode changes, somebody looks through the camera, hot",
        ),
    ],
)
def test_the_status_is_in_words(standing, words):
    """The status is a line that a person without the program's source understands."""
    assert standing.words() == words
