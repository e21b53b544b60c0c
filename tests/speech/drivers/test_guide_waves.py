"""The pulses that lead to a face, as sound: their side, pitch, pace and loudness."""

import threading

import numpy as np
import pytest

from assistant.face.position import Direction, Placement
from assistant.speech.drivers.engine import render
from assistant.speech.drivers.espeak.espeak_ng import EspeakNg
from assistant.speech.drivers.guide_waves import Pulses, repetition
from assistant.speech.drivers.tone_waves import EDGE_S, PEAK
from assistant.speech.drivers.wav import RATE_HZ
from assistant.speech.guiding.cue import NOBODY, Cue, cue_for

pytestmark = pytest.mark.runtime
CUE = Cue(pan=0.0, frequency_hz=440.0, period_s=0.3)


def played(pulses, seconds, *, goes_on=True, piece=220):
    """Return what is played in this time, in pieces of some samples; what is not filled is silent."""
    chunks = []
    for _ in range(round(seconds * RATE_HZ / piece)):
        chunks.append(np.zeros((piece, 2), dtype=np.int16))
        pulses.fill(chunks[-1], goes_on=goes_on)
    return np.concatenate(chunks)


def begins_s(sound):
    """Return when each pulse begins: after a tenth of a second of silence at least."""
    loud = np.flatnonzero(np.abs(sound).max(axis=1))
    return [loud[0] / RATE_HZ, *(loud[1:][np.diff(loud) > 0.1 * RATE_HZ] / RATE_HZ)]


@pytest.mark.parametrize("pan", [-1.0, -0.5, 0.0, 0.4, 1.0])
def test_the_side_is_heard_on_its_side(pan):
    """The two ears together get the same power on each side, and their balance is that of the side."""
    left, right = (np.square(repetition(Cue(pan, 440.0, 0.3)).astype(float)).sum(axis=0)) ** 0.5
    middle = np.square(repetition(CUE).astype(float)).sum() ** 0.5
    assert np.arctan2(right, left) * 4 / np.pi - 1 == pytest.approx(pan, abs=0.01)
    assert np.hypot(left, right) == pytest.approx(middle, rel=0.01)


@pytest.mark.parametrize("frequency_hz", [220.0, 440.0, 660.0, 880.0])
def test_a_pulse_has_its_pitch(frequency_hz):
    """The strongest frequency is that of the cue."""
    spectrum = np.abs(np.fft.rfft(repetition(Cue(0.0, frequency_hz, 0.3))[:, 0], n=RATE_HZ))
    assert abs(int(spectrum.argmax()) - frequency_hz) < 8


def test_pulses_are_repeated_at_their_period():
    """A new cue counts from the next repetition on, also when it is faster."""
    pulses = Pulses()
    pulses.set_cue(CUE)
    sound = played(pulses, 1.0)
    assert begins_s(sound) == pytest.approx([0, 0.3, 0.6, 0.9], abs=0.001)
    pulses.set_cue(Cue(0.0, 440.0, 0.2))
    assert begins_s(played(pulses, 0.6)) == pytest.approx([0.1, 0.3, 0.5], abs=0.01)


def test_the_end_fades_at_once():
    """Without a cue, the pulse that sounds fades within 5 ms, and then nothing is left."""
    pulses = Pulses()
    pulses.set_cue(CUE)
    played(pulses, 0.02)
    pulses.set_cue(None)
    assert not pulses.silent
    rest = played(pulses, 0.1)
    assert np.flatnonzero(rest.any(axis=1)).max() < EDGE_S * RATE_HZ
    assert pulses.silent


def test_a_pulse_that_waits_does_not_begin():
    """While another sound is played, only the rest of a pulse is."""
    pulses = Pulses()
    pulses.set_cue(CUE)
    assert pulses.fill(np.zeros((220, 2), dtype=np.int16), goes_on=False) == 0
    played(pulses, 0.02)
    assert played(pulses, 0.1, goes_on=False).any()
    assert not played(pulses, 1.0, goes_on=False).any()


@pytest.mark.parametrize("place", [(-20, 0), (0, 0), (30, 30), (10, -30)])
@pytest.mark.parametrize("stereo", [True, False])
def test_no_pulse_is_louder_than_speech(place, stereo):
    """No sample is larger than that of a tone, and no 50 ms have more power than those of a phrase."""
    spoken = render(EspeakNg("en-us", 175), "looks happy", threading.Event())
    for cue in (cue_for(Placement(Direction.AHEAD, 1.0, *place), stereo=stereo), NOBODY):
        sound = repetition(cue)
        assert np.abs(sound).max() <= PEAK * 32767
        assert loudest(sound) <= loudest(np.repeat(spoken[:, None], 2, axis=1))


def loudest(sound):
    """Return the power of the loudest 50 ms, of both ears."""
    window = round(0.05 * RATE_HZ)
    power = np.square(sound.astype(float)).sum(axis=1)
    return np.convolve(np.concatenate([np.zeros(window), power, np.zeros(window)]), np.ones(window)).max()
