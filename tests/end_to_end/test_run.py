"""`assistant run` on recordings and on the simulated camera."""

import json
import signal
import subprocess
import sys
import time

import cv2
import pytest

from assistant.emotions import Emotion
from tests.builders.clips import astronaut_gray

pytestmark = pytest.mark.runtime


def test_a_photographs_smile_is_said_once(assistant, clips):
    """One smile is said although the face moves, grows, darkens and is gone for a moment."""
    ran = assistant("run", "--camera", f"replay:{clips}/photograph.mp4", "--fast", "--voice", "none", "--events", "-")
    assert ran.code == 0
    assert ran.said() == ["looks happy"]
    looks = [event["attention"] for event in ran.events if event["type"] == "attention"]
    events = [event for event in ran.events if event["type"] not in ("attention", "movement")]
    kinds = [(event["type"], event.get("face", event.get("emotion"))) for event in events]
    assert kinds == [("face", "appeared"), ("emotion", "happy"), ("said", None), ("face", "lost"), ("end", None)]
    assert looks == ["at_you", "unknown"]
    appeared, emotion, said, lost, end = events
    assert 1.0 < appeared["t"] < emotion["t"] == said["t"] < 4.0
    assert 11.0 < lost["t"] < 12.0
    assert emotion["confidence"] == emotion["scores"]["happy"] == max(emotion["scores"].values())
    assert list(emotion["scores"]) == [str(each) for each in Emotion]
    assert (said["priority"], end["frames"], end["dropped"]) == ("emotion", 180, 0)


def test_of_several_people_the_one_in_front_is_told(assistant, clips):
    """Two people cross, one leaves and a third appears; the smile of the person in front is said once."""
    ran = assistant("run", "--camera", f"replay:{clips}/crossing.mp4", "--fast", "--voice", "none", "--events", "-")
    assert ran.said() == ["looks happy"]
    events = [event for event in ran.events if event["type"] not in ("attention", "movement")]
    kinds = [(event["type"], event.get("face", event.get("emotion"))) for event in events]
    assert kinds == [("face", "appeared"), ("emotion", "happy"), ("said", None), ("end", None)]


@pytest.mark.parametrize("clip", ["room", "noise"])
def test_where_nobody_is_nothing_is_said(assistant, clips, clip):
    """Nothing is said about an empty room and about noise."""
    ran = assistant("run", "--camera", f"replay:{clips}/{clip}.mp4", "--fast", "--voice", "none", "--events", "-")
    assert (ran.code, ran.said(), [event["type"] for event in ran.events]) == (0, [], ["end"])


def test_the_events_are_the_same_each_time(assistant, clips):
    """The events are the same to the letter, with a voice that takes its time and with none."""
    arguments = ("run", "--camera", f"replay:{clips}/photograph.mp4", "--fast", "--events", "-")
    assert assistant(*arguments, "--voice", "print").out == assistant(*arguments, "--voice", "none").out


def test_the_demonstration_is_announced_and_its_faces_are_seen(assistant):
    """A smile and a surprise are said; so are the loss of the camera in between, and its return."""
    script = "empty 1, happy 4, empty 2, unplugged 5, surprise 4, stall 5, empty 1"
    ran = assistant("run", "--camera", f"simulated:{script}", "--fast", "--voice", "none", "--events", "-")
    assert ran.code == 0
    assert ran.said() == [
        "demonstration, with drawn faces",
        "looks happy",
        "the camera is gone",
        "the camera is back",
        "looks surprised",
        "the camera has stopped",
        "the camera is back",
    ]
    faults = [event["fault"] for event in ran.events if event["type"] == "fault"]
    assert faults == ["camera_lost", "camera_back", "camera_stalled", "camera_back"]


def test_what_a_face_does_is_said_instead_of_how_it_looks(assistant, tmp_path):
    """Through the finder and the network that ship, a smile and raised brows of drawn faces are said."""
    settings = tmp_path / "settings.toml"
    settings.write_text('announce.words = "movements"\n', encoding="utf-8")
    script = "neutral 4, happy 4, neutral 3, surprise 4, neutral 3"
    arguments = ("--camera", f"simulated:{script}", "--fast", "--voice", "none", "--events", "-")
    ran = assistant("run", *arguments, "--config", settings)
    assert ran.code == 0
    assert ran.said()[1:] == ["smiles", "raises their brows"]
    movements = [(event["movement"], event["begun"]) for event in ran.events if event["type"] == "movement"]
    assert movements == [("smile", True), ("smile", False), ("brows_raised", True), ("brows_raised", False)]


def test_a_camera_that_stays_away_ends_the_program(assistant, tmp_path):
    """After the time in the settings, the program ends with 1 and one line that says why."""
    settings = tmp_path / "settings.toml"
    settings.write_text("camera.give_up_s = 8\n", encoding="utf-8")
    arguments = ("--camera", "simulated:empty 1, unplugged 60, empty 1", "--config", settings)
    ran = assistant("run", *arguments, "--fast", "--voice", "none", "--events", "-")
    assert ran.code == 1
    assert "the camera did not come back" in ran.err.splitlines()[-1]
    assert [event["type"] for event in ran.events][-1] == "end"
    assert ran.said()[1:] == ["the camera is gone", "stopping"]


def test_print_and_events_keep_out_of_each_others_way(assistant, tmp_path):
    """Phrases are printed on standard output, or on standard error when the events go to standard output."""
    log = tmp_path / "events.jsonl"
    arguments = ("run", "--camera", "simulated:happy 3", "--fast", "--voice", "print")
    ran = assistant(*arguments, "--events", log)
    assert ran.out.splitlines() == ["says: demonstration, with drawn faces", "says: looks happy"]
    assert [json.loads(line)["type"] for line in log.read_text().splitlines()][-1] == "end"
    assert "says: looks happy" in assistant(*arguments, "--events", "-").err


def test_real_time_drops_no_word(assistant):
    """At the camera's own rate every phrase is said, at nearly the same time as at full speed."""
    arguments = ("run", "--camera", "simulated:empty 3, happy 5", "--voice", "none", "--events", "-")
    slow, fast = assistant(*arguments), assistant(*arguments, "--fast")
    demonstration, *rest = fast.said()
    assert slow.said() == [demonstration, "ready", *rest]
    (slow_t,), (fast_t,) = ([event["t"] for event in ran.events if event["type"] == "emotion"] for ran in (slow, fast))
    assert abs(slow_t - fast_t) < 1.0


def test_the_duration_ends_it(assistant):
    """The duration is measured in the recording's time."""
    ran = assistant(
        "run", "--camera", "simulated:empty 60", "--fast", "--duration", "2", "--voice", "none", "--events", "-"
    )
    assert ran.code == 0
    assert ran.events[-1]["t"] == pytest.approx(2.0, abs=0.1)


def test_a_folder_of_pictures_plays_at_its_frames_a_second(assistant, tmp_path):
    """A folder plays at the rate of `--fps`, and a single picture plays for three seconds."""
    for number in range(20):
        cv2.imwrite(str(tmp_path / f"{number:02d}.jpg"), astronaut_gray())
    for path, options, end in ((tmp_path, ("--fps", "5"), 3.8), (tmp_path / "03.jpg", (), 2.9)):
        ran = assistant("run", "--camera", f"replay:{path}", *options, "--fast", "--voice", "none", "--events", "-")
        assert ran.said() == ["looks happy"]
        assert ran.events[-1]["t"] == pytest.approx(end)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_soon(number, tmp_path):
    """The stop is said, the last event is written, and the exit code is 0."""
    command = [sys.executable, "-m", "assistant", "run", "--camera", "simulated:happy 60", "--events", "-"]
    child = subprocess.Popen(
        [*command, "--voice", f"wav:{tmp_path}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    while '"emotion"' not in child.stdout.readline():
        pass
    sent = time.monotonic()
    child.send_signal(number)
    out, err = child.communicate(timeout=10)
    assert time.monotonic() - sent < 2.5
    assert child.returncode == 0, err
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["text"] for event in events if event["type"] == "said"][-1] == "stopping"
    assert events[-1]["type"] == "end"
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_error_to_speak_of(assistant):
    """`assistant run --events - | head -1` ends without a traceback."""
    shell = f"{sys.executable} -m assistant run --camera simulated --fast --voice none --events - | head -n 1"
    ran = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in ran.stderr
    assert json.loads(ran.stdout)["type"] == "said"


def test_importing_the_package_is_light():
    """The command line loads neither OpenCV nor an interpreter before it needs them."""
    heavy = "{'cv2', 'ai_edge_litert', 'tflite_runtime'}"
    modules = "assistant.cli.main, assistant.app.configuration.settings"
    check = f"import sys, {modules}; print({heavy} & {{*sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
