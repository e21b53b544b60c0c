"""Sound outputs: they are listed, tried and held open; a script is `aplay` where no device behaves as needed."""

import os
import time

import pytest

from assistant.errors import SpeechError
from assistant.speech.drivers.alsa import SoundOutput, check_sound_device, outputs
from assistant.speech.drivers.open_device import LEAD_S, OpenDevice
from tests.fakes.recording_device import RecordingDevice
from tests.running.watching import children, until

LISTED = """null
    Discard all samples (playback) or generate zero samples (capture)
lavrate
    Rate Converter Plugin Using Libav/FFmpeg Library
default:CARD=Headphones
    bcm2835 Headphones, bcm2835 Headphones
    Default Audio Device
hw:CARD=Headphones,DEV=0
    bcm2835 Headphones, bcm2835 Headphones
    Direct hardware device without any conversions
plughw:CARD=Headphones,DEV=0
    bcm2835 Headphones, bcm2835 Headphones
    Hardware device with all software conversions
surround51:CARD=Headphones,DEV=0
    bcm2835 Headphones, bcm2835 Headphones
bluealsa
    Bluetooth Audio
"""
PIECE = bytes(880)


@pytest.fixture
def aplay(tmp_path, monkeypatch):
    """Return a function that puts a shell script in the place of aplay."""

    def put(script):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        (folder / "aplay").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / "aplay").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return put


@pytest.fixture
def opened():
    """Yield a function that opens the default device; the devices are closed at the end."""
    devices = []

    def open_it():
        devices.append(OpenDevice("default"))
        return devices[-1]

    yield open_it
    for device in devices:
        device.close(finish=False)


def feed(device, seconds):
    """Write as much as there is room for, for this many seconds; return how much sound that was."""
    end_s = time.monotonic() + seconds
    while (now := time.monotonic()) < end_s:
        wait_s = device.room_in_s(0.01, now)
        if wait_s:
            time.sleep(wait_s)
        else:
            device.write(PIECE, now)
    return device.written_s


def fill(device, now):
    """Write all that there is room for at this time, wait until the device has it, and return how much it was."""
    while device.room_in_s(0.01, now) == 0:
        device.write(PIECE, now)
        until(lambda: device.room_in_s(0.01, now, 60.0) == 0 and device.taken_s == device.written_s)
    return device.written_s


def test_outputs_that_make_sound_are_listed(aplay, tmp_path):
    """Outputs without sound, and outputs that take only one rate, are not listed."""
    (tmp_path / "listed").write_text(LISTED, encoding="utf-8")
    aplay(f"cat {tmp_path}/listed")
    assert outputs() == [
        SoundOutput("default:CARD=Headphones", "bcm2835 Headphones, bcm2835 Headphones, Default Audio Device"),
        SoundOutput(
            "plughw:CARD=Headphones,DEV=0",
            "bcm2835 Headphones, bcm2835 Headphones, Hardware device with all software conversions",
        ),
        SoundOutput("bluealsa", "Bluetooth Audio"),
    ]


@pytest.mark.parametrize("ask", [outputs, check_sound_device, lambda: OpenDevice("default")])
def test_without_aplay_the_package_is_named(tmp_path, monkeypatch, ask):
    """Listing, trying and opening a device each say which package is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpeechError, match=r"apt install .*alsa-utils"):
        ask()


def test_a_device_that_is_not_there_is_named(tmp_path, monkeypatch):
    """The error has the name of the device, ALSA's reason and what to do."""
    RecordingDevice(tmp_path, monkeypatch)
    check_sound_device("default")
    with pytest.raises(SpeechError, match=r"sound device 'nowhere': .*No such file.*assistant devices"):
        check_sound_device("nowhere")


def test_no_more_than_the_lead_is_written_ahead(tmp_path, monkeypatch, opened):
    """A device that takes everything at once gets no more than the lead, however late this machine is."""
    RecordingDevice(tmp_path, monkeypatch)
    began_s = time.monotonic()
    device, opened_s = opened(), time.monotonic()
    for hundredths in range(51):
        written_s = fill(device, opened_s + hundredths / 100)
    assert 0.4 < written_s < 1.01 * (opened_s + 0.5 - began_s) + LEAD_S
    device.close(finish=True)


def test_no_more_than_the_lead_waits_in_the_pipe(aplay, opened):
    """A device that still opens gets no more than the lead."""
    aplay("exec sleep 60")
    device = opened()
    assert feed(device, 0.2) <= LEAD_S
    assert device.taken_s == 0
    device.close(finish=False)


def test_silence_is_taken_back_and_sound_is_not(aplay, opened):
    """Silence that waits is taken out of the pipe, unless sound may wait before it."""
    aplay("exec sleep 60")
    device = opened()
    now = time.monotonic()
    device.write(bytes(35280), now, is_silence=True)
    assert device.written_s == pytest.approx(0.4)
    assert device.room_in_s(0.01, now) > 0.3
    device.take_back_silence(now)
    assert (device.written_s, device.room_in_s(0.01, now)) == (0, 0)
    for _ in range(3):
        device.write(PIECE, now, is_silence=True)
    device.take_back_silence(now)
    assert device.written_s == pytest.approx(LEAD_S, rel=0.01), "the lead of a sound was taken back"
    device.write(PIECE, now)
    device.write(PIECE, now, is_silence=True)
    written_s = device.written_s
    device.take_back_silence(now)
    assert device.written_s == written_s


def test_a_device_that_took_all_silence_at_once_is_ready_for_sound(tmp_path, monkeypatch, opened):
    """Sound need not wait until silence, which the device has taken already, would have been played."""
    RecordingDevice(tmp_path, monkeypatch)
    device = opened()
    device.write(bytes(35280), time.monotonic(), is_silence=True)
    until(lambda: device.room_in_s(0.01, time.monotonic(), 60.0) == 0 and device.taken_s > 0.39)
    now = time.monotonic()
    device.take_back_silence(now)
    assert device.room_in_s(0.01, now) == 0


def test_a_device_that_is_slow_is_fed_at_its_own_pace(aplay, opened):
    """A device at half the speed of our clock gets sound at its own speed, and no error is raised."""
    aplay("while sleep 0.02; do head -c 880 >/dev/null; done")
    device = opened()
    written_s = feed(device, 1.0)
    assert 0.1 < written_s < 0.6
    assert written_s - device.taken_s <= LEAD_S


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        (
            "echo 'aplay: main:831: audio open error: Device or resource busy' >&2; exit 1",
            "^{}Device or resource busy; is",
        ),
        (
            "echo 'aplay: set_params:1456: Channels count non available' >&2; exit 1",
            "^{}Channels count non available; is",
        ),
        (
            "echo 'ALSA lib confmisc.c:855:(parse_card) cannot find card 0' >&2; exit 1",
            "^{}cannot find card 0; is it plugged in",
        ),
        ("exit 1", "ended without a message"),
        ("head -c 2000 >/dev/null; exec sleep 60", "has taken no sound for 1 s"),
        ("exec sleep 60", "has taken no sound for 3 s"),
        ("head -c 880 >/dev/null; exec <&-; sleep 60", "(ended without a message|has taken no sound)"),
    ],
)
def test_a_device_that_fails_or_hangs_is_told_of(aplay, opened, script, complaint):
    """The error comes within seconds, and the process is ended."""
    aplay(script)
    device = opened()
    named = "sound device 'default': "
    with pytest.raises(
        SpeechError, match=complaint.replace("{}", named) if "{}" in complaint else f"{named}.*{complaint}"
    ):
        feed(device, 6.0)
    device.close(finish=False)
    assert not children("aplay")
    assert not children("sleep")


def test_a_device_that_complains_much_is_listened_to(aplay, opened):
    """A device whose messages fill a pipe goes on playing."""
    aplay("yes underrun | head -c 200000 >&2; exec cat >/dev/null")
    device = opened()
    until(lambda: feed(device, 0.05) > 0 and device.taken_s > 0.1)
    device.close(finish=True)


def test_a_pause_of_the_whole_machine_is_not_the_devices(aplay, opened):
    """A long time between two looks is no fault of the device; one that takes nothing afterwards is told of."""
    aplay("exec sleep 60")
    device, now = opened(), time.monotonic()
    device.write(PIECE, now)
    for later_s in (60.0, 120.0, 180.0, 180.5, 181.0, 181.5):
        device.room_in_s(0.005, now + later_s)
    with pytest.raises(SpeechError, match="has taken no sound for 3 s"):
        device.room_in_s(0.005, now + 183.0)
