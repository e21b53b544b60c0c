"""The sound that leads to the face, recorded from a stereo device: its balance and pitch, its words, its end."""

import json
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from assistant.app.configuration.settings import Settings
from assistant.camera.drivers.drawn.painter import Painter
from assistant.camera.drivers.simulated import PLACES
from assistant.emotion.build import build_perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import Emotion
from assistant.networks.shipped import shipped_model
from assistant.speech.drivers.player import Player
from assistant.speech.drivers.voice_status import VoiceStatus
from assistant.speech.guiding.cue import LEVEL_HZ, OCTAVE_DEG, SIDE_DEG, cue_for
from tests.fakes.ear import VOICE, recognise
from tests.fakes.recording_device import CHECKED, RATE_HZ, RecordingDevice
from tests.running.watching import until

DRAWN_DEG = 5.0
"""The drawn person sways by this much around their place, and the middle of a face is not that of a head."""


@dataclass(frozen=True)
class Heard:
    """A pulse in a recording."""

    begins_s: float
    right_deg: float
    up_deg: float


def heard(pulse, begin):
    """Return where a pulse, int16 [samples, 2], leads, by its balance and pitch, without the code that made it."""
    sound = pulse.astype(float)
    left, right = np.sqrt(np.square(sound).mean(axis=0))
    pan = np.arctan2(right, left) * 4 / np.pi - 1
    spectrum = np.abs(np.fft.rfft(sound.sum(axis=1), n=4 * RATE_HZ))
    return Heard(begin / RATE_HZ, SIDE_DEG * pan, OCTAVE_DEG * np.log2(spectrum.argmax() / 4 / LEVEL_HZ))


@pytest.mark.parametrize("mark", PLACES)
def test_balance_and_pitch_are_those_of_the_faces_place(mark, tmp_path, monkeypatch):
    """A drawn face goes through the real finder, and what the device plays comes from where the face is."""
    device = RecordingDevice(tmp_path, monkeypatch, channels=2)
    place = PLACES[mark]
    perception = build_perception(Settings(), TFLiteClassifier(shipped_model()))
    painter = Painter(640, 480, seed=1)
    frames = (painter.paint(Emotion.HAPPY, t_s, other=False, place=place) for t_s in (0.0, 0.2, 0.4))
    for number, frame in enumerate(frames):
        seen = perception.perceive(frame, 0.2 * number)
    player = Player("default", VoiceStatus())
    try:
        player.guide(cue_for(seen.placement))
        until(lambda: len(spans(device.so_far())) > 3)
    finally:
        player.close(finish=False)
    focal_px = 320 / np.tan(np.radians(Settings().camera.view_deg) / 2)
    right_deg, up_deg = (np.degrees(np.arctan(px / focal_px)) for px in (640 * place.right, -480 * place.down))
    first = spans(device.played()[0])[:3]  # the last one is cut off
    for each in (heard(pulse, begin) for pulse, begin in first):
        assert each.right_deg == pytest.approx(right_deg, abs=DRAWN_DEG)
        assert each.up_deg == pytest.approx(up_deg, abs=DRAWN_DEG)
        assert each.right_deg == pytest.approx(seen.placement.right_deg, abs=0.5)
        assert each.up_deg == pytest.approx(seen.placement.up_deg, abs=1.0)


def test_it_leads_to_the_face_and_covers_no_phrase(tmp_path, monkeypatch, assistant):
    """Asked for, it ticks while nobody is there, leads from the left to the middle, and says so."""
    device = RecordingDevice(tmp_path, monkeypatch, channels=2)
    for name in ("CACHE_DIRECTORY", "RUNTIME_DIRECTORY"):
        (tmp_path / name).mkdir(mode=0o700)
        monkeypatch.setenv(name, str(tmp_path / name))
    settings, events = tmp_path / "settings.toml", tmp_path / "events.jsonl"
    settings.write_text(f'voice.name = "{VOICE}"\nannounce.mode = "ask"\n', encoding="utf-8")
    script = "simulated:empty 14, neutral+leftmost 4, neutral 6"
    options = ("--camera", script, "--control", "--voice", "auto", "--config", settings, "--events", events)
    with subprocess.Popen([sys.executable, "-m", "assistant", "run", *map(str, options)]) as running:
        try:
            until(lambda: events.exists() and '"ready"' in events.read_text())
            answers = []
            until(lambda: answers.append(assistant("ctl", "guide")) or answers[-1].code == 0)
            assert json.loads(answers[-1].out) == {"ok": True, "said": "follow the sound, I see nobody"}
            assert running.wait(60) == 0
        finally:
            running.kill()
    recording = device.played(CHECKED + 1)[-1]
    told = [each["guiding"] for each in map(json.loads, events.read_text().splitlines()) if each["type"] == "guiding"]
    assert told == ["asked", "centred"]
    mono = recording.astype(np.int32)
    same = np.abs(mono[:, 0] - mono[:, 1]) <= 1
    words, pulses = [], []
    for sound, begins in spans(recording):
        (pulses if len(sound) < 0.1 * RATE_HZ else words).append((begins, sound))
    texts = [recognise(np.ascontiguousarray(sound[:, 0])) for _, sound in words]
    assert texts[-3:] == ["follow the sound", "i see nobody", "the face is in the middle"]
    assert all(same[begin : begin + len(sound)].all() for begin, sound in words)
    asked_at, middle_at = words[-2][0], words[-1][0]
    led = [heard(sound, begin) for begin, sound in pulses if asked_at < begin < middle_at]
    ticks = [each for each in led if each.up_deg > OCTAVE_DEG * 1.5]
    steps = [each for each in led if each.up_deg <= OCTAVE_DEG * 1.5]
    assert len(ticks) >= 2
    assert len(steps) >= 5
    assert led == ticks + steps
    assert steps[0].right_deg == pytest.approx(-16, abs=DRAWN_DEG)
    assert abs(steps[-1].right_deg) < abs(steps[0].right_deg)
    assert all(each.right_deg < 2 for each in steps)


def spans(recording):
    """Return each sound between silences of a tenth of a second, and where it begins."""
    loud = np.flatnonzero(recording.any(axis=1))
    ends = np.flatnonzero(np.diff(loud) > 0.1 * RATE_HZ)
    return [(recording[part[0] : part[-1] + 1], part[0]) for part in np.split(loud, ends + 1) if len(part)]
