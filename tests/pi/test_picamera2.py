"""The real Picamera2 on libcamera's virtual camera, which plays a clip: the driver, then the command."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest

from assistant.camera.drivers.picamera import HANG_S
from tests.builders.clips import Gray, photograph_frames
from tests.fakes.ear import VOICE
from tests.pi.booted import load
from tests.pi.recipes import PYTHON, TESTING
from tests.pi.trees import Tree, made
from tests.running.watching import until

CAMERA = Path(__file__).parent / "camera"

GIVEN_UP_S = 5.0


def pictures() -> list[Gray]:
    """Return three seconds of the clip with a face in each picture, which the camera reads at once and repeats."""
    return list(photograph_frames())[20:65]


@pytest.fixture(scope="module")
def tree(carried, wheel) -> Tree:
    """Return Debian testing with Picamera2 and the wheel; the pictures and the trials are carried."""
    shutil.copytree(CAMERA, carried, dirs_exist_ok=True)
    shutil.copy(wheel, carried)
    (carried / "pictures").mkdir()
    for number, frame in enumerate(pictures()):
        cv2.imwrite(str(carried / "pictures" / f"{number}.jpg"), frame)
    testing = made(TESTING)
    testing.check(
        ["gcc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", "/carried/world.so", "/carried/world.c"], carried
    )
    install = [PYTHON, "-m", "pip", "install", "--quiet", "--force-reinstall"]
    testing.check([*install, "--no-deps", f"/carried/{wheel.name}"], carried)
    testing.check([*install[:-1], f"/carried/{wheel.name}"], carried)
    return testing.with_environment(LD_PRELOAD="/carried/world.so")


@pytest.fixture
def tried(tree, carried):
    """Return a function that runs a trial and returns what it saw."""
    return lambda name: json.loads(tree.check([PYTHON, "/carried/trials.py", name], carried, timeout_s=90 * load()))


def test_200_frames_go_through_the_pipeline(tried, record_property):
    """The gray planes are those that were played, and the face in them smiles."""
    saw = tried("frames")
    streamed = {round(float(frame.mean()), 1) for frame in pictures()}
    assert (saw["frames"], saw["shape"]) == (200, [480, 640])
    assert all(min(abs(mean - each) for each in streamed) < 1 for mean in saw["means"])
    assert saw["best"].count("happy") > 150
    record_property("frames a second", round(saw["frames"] / saw["seconds"], 1))
    record_property("smiles", saw["best"].count("happy"))


def test_a_camera_that_has_neither_modes_nor_a_lens_is_asked_for_none(tried, record_property):
    """Picamera2 would raise an error for a control that does not exist."""
    saw = tried("plain")
    assert "AfMode" not in saw["controls"]
    assert (saw["sensor"], saw["controls asked for"]) == (None, ["FrameDurationLimits"])
    record_property("configured in", f"{saw['configured_s'] * 1000:.1f} ms")


def test_picamera2_takes_the_mode_that_shows_all(tried, record_property):
    """Picamera2 itself turns the modes of a Camera Module 3 into a configuration; the modes are tried once."""
    saw = tried("modes")
    widest = [{"bit_depth": 10, "output_size": [2304, 1296]}, None, [480, 640]]
    assert saw["configurations"] == [widest, widest]
    assert saw["counts"] == [4, 1]
    record_property("opened in", ", ".join(f"{seconds * 1000:.0f} ms" for seconds in saw["times_s"]))


def test_without_memory_for_the_modes_it_streams_all_the_same(tried):
    """Picamera2 has failed in the middle of three configurations; the mode that it chooses by itself is the nearest."""
    saw = tried("short")
    nearest = [{"bit_depth": 10, "output_size": [1536, 864]}, None, [480, 640]]
    assert saw == {"configurations": [nearest, nearest], "still refused": 0}


def test_it_can_be_opened_again_and_again(tried, record_property):
    """No thread and no file is left open."""
    left = tried("reopened")["left"]
    assert left[-1] == left[1]
    record_property("threads and open files left", left)


def test_a_camera_that_was_away_is_found_again(tried):
    """The same program finds the camera once it is back."""
    saw = tried("unplugged")
    assert [text for text, _ in saw["complaints"]] == [
        "no Raspberry Pi camera is found: check the ribbon cable, then restart the Pi"
    ] * 2
    assert saw["shape"] == [480, 640]


@pytest.mark.parametrize("trouble", ["no_pictures", "stuck"])
def test_pictures_that_stop_are_told_in_time(tried, trouble, record_property):
    """A loss is reported whether the driver answers or not, and the camera works again afterwards."""
    saw = tried(trouble)
    for text, seconds in saw["complaints"]:
        assert text == "the Raspberry Pi camera gives no pictures any more: none came within 5 seconds"
        assert seconds < GIVEN_UP_S + 2 * load()
    assert saw["shape"] == [480, 640]
    record_property("raised after", ", ".join(f"{seconds:.1f} s" for _, seconds in saw["complaints"]))
    if "stood_still_s" in saw:
        record_property("Python stood still", f"{saw['stood_still_s']:.1f} s")


def test_a_driver_that_never_comes_back_ends_the_program(tree, carried, record_property):
    """The program ends although all of Python stands still, so that systemd starts it again."""
    try:
        ended = tree.run([PYTHON, "/carried/trials.py", "hung"], carried, timeout_s=90 * load())
        ended_s = time.time()
        stood_still_s = ended_s - (carried / "closing").stat().st_mtime
    finally:
        (carried / "stuck").unlink()
        (carried / "closing").unlink(missing_ok=True)
    assert ended.returncode == 1, ended.stderr
    assert "Timeout" in ended.stderr
    assert HANG_S <= stood_still_s < HANG_S + 3 * load()
    record_property("ended after", f"{stood_still_s:.1f} s")


@pytest.fixture
def running(tree, carried) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the command on that camera."""
    (carried / "settings.toml").write_text(f'[voice]\nname = "{VOICE}"\n', encoding="utf-8")
    told = ["--config", "/carried/settings.toml", "--voice", "wav:/carried/voice", "--events", "/carried/events.jsonl"]
    arguments = [PYTHON, "/carried/trials.py", "command", "run", "--camera", "picamera", *told]
    with (carried / "log").open("wb") as log:
        program = subprocess.Popen(tree.command(arguments, carried), stderr=log)
    yield program
    program.kill()
    program.wait()


def test_the_command_tells_that_the_camera_is_gone_and_back(running, carried, record_property):
    """A smile, the loss of the camera and its return are said, and a signal ends the command."""

    def happened(name: str, condition: Callable[[], object]) -> None:
        began_s = time.monotonic()
        until(condition, timeout_s=60 * load())
        record_property(name, f"{time.monotonic() - began_s:.1f} s")

    happened("a smile is said", lambda: "looks happy" in said(carried))
    (carried / "looked").unlink(missing_ok=True)
    for trouble in ("stuck", "unplugged"):
        (carried / trouble).touch()
    happened("its stop is said", lambda: "the camera has stopped" in said(carried))
    happened("it is given up", lambda: "goes on without it" in (carried / "log").read_text(encoding="utf-8"))
    (carried / "stuck").unlink()
    happened("it is looked for, and is not there", (carried / "looked").exists)
    (carried / "unplugged").unlink()
    happened("its return is said", lambda: "the camera is back" in said(carried))
    end(running)
    assert running.wait(20) == 0


def said(carried: Path) -> list[str]:
    """Return the texts of the events so far."""
    path = carried / "events.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    return [json.loads(line).get("text", "") for line in lines if line.endswith("\n")]


def end(program: subprocess.Popen[bytes]) -> None:
    """Send SIGTERM to the program itself, as systemd does, and not to the program that made its namespaces."""
    children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text(encoding="ascii").split()
    os.kill(int(children[0]), signal.SIGTERM)
