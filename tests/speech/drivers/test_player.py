"""The player: it mixes sounds without gaps, fades what is cut off, and plays on a device that may fail."""

import os
import sys
import threading
import time

import numpy as np
import pytest

from assistant.speech.drivers.player import LEAD_IN_S, Player
from assistant.speech.drivers.sounding import CHUNK_S, FADE_S, Sounding
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.drivers.wav import RATE_HZ
from assistant.speech.guiding.cue import Cue
from tests.fakes.recording_device import RecordingDevice
from tests.running.watching import changes, children, until

pytestmark = pytest.mark.runtime
LEVEL = 8000

SLOW_DEVICE = """#!{python} -SE
import os, time
with open("{taken}", "wb", buffering=0) as file:
    while piece := os.read(0, 1764):
        file.write(piece)
        time.sleep(len(piece) / 88200)
"""


def level(seconds, height=LEVEL):
    """Return a sound with one level, which is easily recognised."""
    return np.full(round(seconds * RATE_HZ), height, dtype=np.int16)


@pytest.fixture
def device(tmp_path, monkeypatch):
    """Return a sound device that keeps what is played."""
    return RecordingDevice(tmp_path, monkeypatch)


@pytest.fixture
def voice_status():
    """Return what the player reports to."""
    return VoiceStatus()


@pytest.fixture
def make_player(device, voice_status):
    """Yield a function that makes a player on the device; the players are closed at the end."""
    made = []

    def make(**options):
        made.append(Player("default", voice_status, **options))
        return made[-1]

    yield make
    for player in made:
        player.close(finish=False)


def one_channel(chunk):
    """Return the samples of a chunk, whose two channels are the same."""
    frames = np.frombuffer(chunk, dtype="<i2").reshape(-1, 2)
    assert (frames[:, 0] == frames[:, 1]).all()
    return frames[:, 0]


def taken(sounding, chunks):
    """Return the next chunks as one sound."""
    return np.concatenate([one_channel(sounding.next_chunk()) for _ in range(chunks)])


def test_sounds_follow_each_other_without_a_gap():
    """Two sounds follow each other directly, and then there is silence."""
    sounding = Sounding(1.0)
    for height in (1, 2):
        sounding.add(level(0.015, height))
    heard = taken(sounding, 4)
    assert sounding.silent
    assert list(heard[: 2 * 331]) == [1] * 331 + [2] * 331
    assert not heard[2 * 331 :].any()


def test_what_is_cut_off_fades_before_the_next_sound():
    """The sound that is cut off fades within 5 ms, and the next one begins."""
    sounding = Sounding(1.0)
    sounding.add(level(1.0))
    taken(sounding, 1)
    sounding.cut()
    assert sounding.over
    assert not sounding.silent
    sounding.add(level(1.0, -LEVEL))
    heard = taken(sounding, 1)
    fade = round(FADE_S * RATE_HZ)
    assert (np.diff(heard[:fade]) < 0).all()
    assert heard[0] == LEVEL
    assert (heard[fade:] == -LEVEL).all()


def test_loudness_is_the_square_of_the_volume_and_does_not_jump():
    """A change of the volume is spread over a chunk."""
    sounding = Sounding(1.0)
    sounding.add(level(1.0))
    taken(sounding, 1)
    sounding.set_volume(0.5)
    assert np.abs(np.diff(taken(sounding, 1))).max() < LEVEL / 50
    assert (taken(sounding, 1) == LEVEL // 4).all()


def test_a_sound_is_played_whole_after_the_lead_in(device, make_player, voice_status):
    """The silence at the beginning is all that a codec which wakes up can swallow."""
    player = make_player()
    player.begin("")
    player.add(level(0.3))
    player.end()
    player.close(finish=True)
    (recording,) = device.played()
    loud = np.flatnonzero(recording)
    assert loud[0] >= LEAD_IN_S * RATE_HZ
    assert list(recording[loud[0] : loud[-1] + 1]) == list(level(0.3))


@pytest.fixture
def slow_device(tmp_path, monkeypatch):
    """Put a script in the place of aplay that takes sound at about its own speed; return the file with what it took."""
    script, taken = tmp_path / "bin" / "aplay", tmp_path / "taken.raw"
    script.parent.mkdir()
    script.write_text(SLOW_DEVICE.format(python=sys.executable, taken=taken), encoding="ascii")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    return taken


def test_silence_in_front_of_a_sound_is_taken_back_and_nothing_else(slow_device, voice_status):
    """Sounds in the middle of long silences are played whole, and no frame of silence is cut in two."""
    player = Player("default", voice_status)
    time.sleep(0.5)
    for height in range(1, 7):
        player.begin("")
        player.add(level(0.05, height))
        player.end()
        time.sleep(0.03 * height**2 % 0.5)
    player.close(finish=True)
    played = one_channel(slow_device.read_bytes())
    assert list(played[played != 0]) == [height for height in range(1, 7) for _ in level(0.05)]


def test_a_new_sound_cuts_off_the_old_one(device, make_player, voice_status):
    """Of the old sound only what was on its way is played, and the new one is played whole."""
    player = make_player()
    player.begin("")
    player.add(level(5.0))
    until(lambda: (device.so_far() > 0).any())
    player.cut()
    came_before = len(device.so_far())
    player.add(level(0.2, -LEVEL))
    player.end()
    player.close(finish=True)
    (recording,) = device.played()
    last_old, first_new = np.flatnonzero(recording > 0)[-1], np.flatnonzero(recording < 0)[0]
    assert last_old - came_before < 0.5 * RATE_HZ  # of five seconds; this machine may be busy
    assert first_new > last_old
    assert (recording < 0).sum() == len(level(0.2))


def test_closing_cuts_off(device, make_player, voice_status):
    """A close without `finish` does not wait for the end of the sound."""
    player = make_player()
    player.begin("")
    player.add(level(5.0))
    until(lambda: (device.so_far() > 0).any())
    player.close(finish=False)
    assert not children("aplay")
    assert len(device.played()[0]) < 3 * RATE_HZ


def test_a_device_that_may_sleep_is_closed_after_a_sound(device, make_player, voice_status):
    """The device is opened again for the next sound, with silence at the beginning."""
    player = make_player(stays_open=False)
    assert not children("aplay")
    for number in (1, 2):
        player.begin("")
        player.add(level(0.1))
        player.end()
        until(lambda number=number: len(device.played()) == number and not children("aplay"))
    player.close(finish=True)
    for recording in device.played():
        assert np.flatnonzero(recording)[0] >= LEAD_IN_S * RATE_HZ
        assert list(recording[recording != 0]) == list(level(0.1))


def test_a_device_that_comes_back_is_taken_up_again(device, make_player, voice_status):
    """One fault and its end are reported, and the phrase is played again from its beginning."""
    player = make_player()
    player.begin("")
    player.add(level(0.5))
    until(lambda: (device.so_far() > 0).any())
    device.unplug()
    until(lambda: voice_status.is_failing("sound"))
    player.begin("")
    player.add(level(0.4))
    (told,) = changes(voice_status)
    assert "sound device 'default'" in told
    device.plug_in()
    player.end()
    until(lambda: not voice_status.is_failing("sound"))
    assert changes(voice_status) == [None]
    player.close(finish=True)
    assert (device.played(2)[-1] != 0).sum() == len(level(0.4))


def test_a_player_that_dies_in_a_phrase_says_it_again(device, make_player, voice_status):
    """When `aplay` is killed, the phrase is played again from its beginning."""
    player = make_player()
    player.begin("")
    player.add(level(0.5))
    until(lambda: (device.so_far() > 0).any())
    os.kill(children("aplay")[0], 9)
    player.end()
    player.close(finish=True)
    assert (device.played(2)[-1] != 0).sum() == len(level(0.5))


def test_what_is_too_old_is_not_said_when_the_device_is_back(device, make_player, voice_status):
    """A phrase waits a few seconds for the device, and is dropped then."""
    device.unplug()
    player = make_player()
    player.begin("")
    player.add(level(0.2))
    player.end()
    assert voice_status.is_failing("sound")
    device.plug_in()
    player.begin("")
    player.add(level(0.1, -LEVEL))
    player.end()
    player.close(finish=True)
    (recording,) = device.played()
    assert not (recording > 0).any()
    assert (recording < 0).sum() == len(level(0.1))


def test_a_hundred_sounds_leave_nothing_behind(device, make_player, voice_status):
    """No thread, process or file is left open, and the device is opened once."""
    before = (threading.active_count(), len(os.listdir("/proc/self/fd")))
    player = make_player()
    for number in range(100):
        player.begin("")
        player.add(level(1.0, LEVEL if number % 2 else -LEVEL))
        time.sleep(CHUNK_S)
    player.cut()
    player.end()
    assert len(children("aplay")) == 1
    player.close(finish=True)
    assert not children("aplay")
    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == before
    assert len(device.played()) == 1


def test_a_bad_moment_of_the_device_leaves_nothing_behind(device, make_player, voice_status):
    """A device that cannot be opened is reported once, however often it is tried, and leaves nothing open."""
    device.unplug()
    before = (threading.active_count(), len(os.listdir("/proc/self/fd")))
    player = make_player()
    for _ in range(10):
        player.begin("")  # tries at once
        player.add(level(0.1))
        time.sleep(0.1)
    player.close(finish=False)
    (told,) = changes(voice_status)
    assert told
    assert not children("aplay")
    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == before


def test_something_is_done_before_each_opening(make_player, device, voice_status, tmp_path):
    """A board's mixer is set before the first sample, and again before the device is opened again."""
    done = []
    player = make_player(before_opening=lambda: done.append(len(list(tmp_path.glob("*.part")))))
    until(lambda: voice_status.is_failing("sound") or len(device.so_far()) > 0)
    assert done == [0]
    device.unplug()
    until(lambda: voice_status.is_failing("sound"))
    device.plug_in()
    player.begin("one")
    until(lambda: not voice_status.is_failing("sound"))
    assert len(done) >= 2


LEFTWARD = Cue(pan=-1.0, frequency_hz=440.0, period_s=0.1)


def two_channels(chunk):
    """Return the samples of a chunk, left and right."""
    return np.frombuffer(chunk, dtype="<i2").reshape(-1, 2)


def test_pulses_never_sound_with_a_phrase():
    """A pulse fades out before a phrase begins, and the next one begins after its end."""
    sounding = Sounding(1.0)
    sounding.guide(LEFTWARD)
    heard = [two_channels(sounding.next_chunk()) for _ in range(3)]
    sounding.add(level(0.5))
    heard += [two_channels(sounding.next_chunk()) for _ in range(80)]
    left, right = np.concatenate(heard).T
    phrase = np.flatnonzero(right)
    assert (left[phrase] == right[phrase]).all()
    assert len(phrase) == len(level(0.5))
    assert np.diff(phrase).max() == 1
    assert left[: phrase[0]].any()
    assert left[phrase[-1] + 1 :].any()
    assert phrase[0] - 3 * len(heard[0]) <= FADE_S * RATE_HZ


def test_pulses_follow_the_volume_and_end():
    """The pulses get quieter with the voice, and nothing is left after their end."""
    loud, quiet = Sounding(1.0), Sounding(0.5)
    for each in (loud, quiet):
        each.guide(LEFTWARD)
    peaks = [max(np.abs(two_channels(each.next_chunk())).max() for _ in range(10)) for each in (loud, quiet)]
    assert peaks[0] == pytest.approx(4 * peaks[1], rel=0.01)
    loud.guide(None)
    for _ in range(2):
        loud.next_chunk()
    assert loud.silent


def test_a_device_that_does_not_stay_open_is_opened_for_pulses(device, make_player):
    """The pulses are heard although no phrase is said, and the device is closed after their end."""
    player = make_player(stays_open=False)
    player.guide(LEFTWARD)
    until(lambda: np.count_nonzero(device.so_far()) > 2000)
    player.guide(None)
    (recording,) = device.played()
    assert np.abs(recording).max() > 1000
