"""What follows from the options of `assistant run`."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.health.battery import NoBattery
from assistant.health.settings import BatterySettings


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (RunOptions(), True),
        (RunOptions(camera="webcam:1"), True),
        (RunOptions(camera="picamera", waits_for_camera=True), True),
        (RunOptions(camera="simulated:happy 4"), False),
        (RunOptions(camera="simulated", waits_for_camera=True), False),
        (RunOptions(camera="simulated", fast=True), False),
        (RunOptions(camera="replay:talk.mp4"), False),
    ],
)
def test_a_demonstration_or_a_recording_has_no_real_camera(options, expected):
    """Only with a real camera the battery counts, and then a low one has time to be detected again."""
    assert options.has_real_camera == expected
    assert options.recall_timeout_s(Settings()) == (45.0 if expected else 20.0)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({}, ("introduction.does", "introduction.keeps")),
        ({"events": "-"}, ("introduction.does",)),
        ({"record": Path("talk.avi")}, ("introduction.does", "recording")),
    ],
)
def test_the_introduction_promises_only_what_is_so(kept, said):
    """With a video or with events the headset does not say that it keeps nothing."""
    assert RunOptions(**kept).introduction == said


@pytest.mark.runtime
def test_no_command_is_run_for_a_demonstration(tmp_path):
    """The settings' command is not started, and nothing is known of the battery."""
    battery = BatterySettings(source="command", command=f"touch '{tmp_path}/ran'")
    options = RunOptions(camera="simulated", voice="none", fast=True)
    components = build_components(options, replace(Settings(), battery=battery))
    assert isinstance(components.battery, NoBattery)
    assert not list(tmp_path.iterdir())
