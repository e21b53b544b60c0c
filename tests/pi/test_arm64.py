"""The built wheel on Debian for arm64, with each Pi's processor emulated."""

import json
import os
import re
import subprocess
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.builders.clips import FPS, SIZE, photograph_frames
from tests.fakes.ear import VOICE, recognise
from tests.pi.recipes import DEBIAN_12, DEBIAN_13
from tests.pi.trees import Tree, arm64_programs, made

LOCKED = Path(__file__).parents[2] / "locked"
ON_12, ON_13, WITH_APT = "raspberry-pi-os-12.txt", "raspberry-pi-os-13.txt", "with-apt.txt"
LIBRARIES = "/usr/lib/aarch64-linux-gnu"
"""Where two libraries lie that numpy needs; their links are made by scripts that an unpacked tree has not run."""

INSTALL = ("install", "--no-deps", "--no-compile")
"""Compiling everything would take longer under emulation than the tests do."""

PROCESSORS = {"cortex-a53": "Pi Zero 2 W", "cortex-a72": "Pi 4", "cortex-a76": "Pi 5"}
RUN = ("--camera", "replay:clip.avi", "--config", "settings.toml", "--fast", "--voice", "wav:voice", "--events", "-")
COMES_FRAMES, LEAVES_FRAMES = 80, 25
"""Nobody, then a face that moves, smiles and comes nearer; nobody again."""

SCORES_MAY_DIFFER = 0.02
"""tflite-runtime's int8 kernels round another way."""

BOX_MAY_DIFFER_PX, POSE_MAY_DIFFER_DEG = 6, 6
"""Between versions of OpenCV, and where the finder's int8 kernels for arm64 round another way."""


@dataclass(frozen=True)
class Seen:
    """The events of a run, and what it said."""

    events: list[dict]
    said: dict[str, np.ndarray]
    """The samples of each WAV."""


def seen(output: str, folder: Path) -> Seen:
    """Read the output of a run, and clear it for the next run."""
    said = {}
    for path in sorted((folder / "voice").iterdir()):
        with wave.open(str(path)) as file:
            said[path.name] = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
        path.unlink()
    return Seen([json.loads(line) for line in output.splitlines()], said)


@pytest.fixture(scope="module")
def arm64(carried, wheel) -> Iterator[Path]:
    """Yield the carried folder, with the wheel, the lists, a clip and settings, while programs for arm64 can be run."""
    for file in (wheel, *(LOCKED / name for name in (ON_12, ON_13))):
        (carried / file.name).write_bytes(file.read_bytes())
    (carried / WITH_APT).write_text(without(("numpy", "opencv"), (LOCKED / ON_12).read_text("utf-8")), encoding="utf-8")
    (carried / "settings.toml").write_text(f'[voice]\nname = "{VOICE}"\n', encoding="utf-8")
    # Not MPEG-4, as other clips: its decoder rounds on arm64 as it does not on x86-64.
    writer = cv2.VideoWriter(str(carried / "clip.avi"), cv2.VideoWriter.fourcc(*"FFV1"), FPS, SIZE)
    frames = list(photograph_frames())
    for frame in (*frames[:COMES_FRAMES], *frames[-LEAVES_FRAMES:]):  # the whole of it is slow under emulation
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    with arm64_programs():
        yield carried


@pytest.fixture(scope="module")
def here(arm64, wheel, tmp_path_factory) -> Seen:
    """Return the result of the same command, with the same wheel, on this machine."""
    site = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", site, wheel]
    subprocess.run(install, check=True)
    environment = os.environ | {"PYTHONPATH": str(site)}
    command = [site / "bin" / "assistant", "run", *RUN]
    ran = subprocess.run(command, cwd=arm64, env=environment, capture_output=True, text=True, check=True)
    return seen(ran.stdout, arm64)


def without(names: tuple[str, ...], listed: str) -> str:
    """Return a list without the packages whose names begin with one of these."""
    return "\n".join(each for each in re.split(r"\n(?=\S)", listed) if not each.startswith(names))


def installed(tree: Tree, carried: Path, wheel: Path, listed: str, *options: str) -> str:
    """Make an environment with the wheel and a list by pip, and return its folder of programs."""
    environment = f"/carried/{tree.path.name}-{Path(listed).stem}"
    tree.check(["python3", "-m", "venv", *options, environment], carried)
    pip(tree, carried, environment, *INSTALL, "--require-hashes", "-r", f"/carried/{listed}")
    pip(tree, carried, environment, *INSTALL, f"/carried/{wheel.name}")
    return f"{environment}/bin"


def pip(tree: Tree, carried: Path, environment: str, *arguments: str) -> None:
    """Call pip as a person would."""
    tree.check([f"{environment}/bin/pip", "--quiet", *arguments], carried)


def ran(tree: Tree, carried: Path, programs: str) -> Seen:
    """Run the command on the clip, and return the result."""
    script = f'cd /carried; exec {programs}/assistant run "$@"'
    return seen(tree.check(["sh", "-c", script, "sh", *RUN], carried), carried)


def versions(tree: Tree, carried: Path, programs: str) -> str:
    """Return the versions of Python, NumPy and OpenCV."""
    told = "import cv2, numpy, platform; print(platform.python_version(), numpy.__version__, cv2.__version__)"
    names = ("Python", "numpy", "OpenCV")
    printed = tree.check([f"{programs}/python", "-c", told], carried).split()
    return ", ".join(map(" ".join, zip(names, printed, strict=True)))


def assert_same(there: Seen, here: Seen) -> None:
    """Fail unless the same events happened at the same times; numbers may differ by the rounding."""
    assert [without_numbers(event) for event in there.events] == [without_numbers(event) for event in here.events]
    for one, other in zip(there.events, here.events, strict=True):
        assert one.get("scores", {}) == pytest.approx(other.get("scores", {}), abs=SCORES_MAY_DIFFER)
        assert one.get("pose", {}) == pytest.approx(other.get("pose", {}), abs=POSE_MAY_DIFFER_DEG)
        assert one.get("box", []) == pytest.approx(other.get("box", []), abs=BOX_MAY_DIFFER_PX)


def without_numbers(event: dict) -> dict:
    """Return the fields of an event that must be equal."""
    return {name: value for name, value in event.items() if name not in ("scores", "confidence", "box", "pose")}


def assert_heard(there: Seen, here: Seen) -> None:
    """Fail unless the words are the same, in nearly as many samples: the versions of espeak-ng differ."""
    assert there.said.keys() == here.said.keys()
    assert [recognise(samples) for samples in there.said.values()] == ["looks happy"]
    for name, samples in there.said.items():
        assert len(samples) == pytest.approx(len(here.said[name]), rel=0.05)


@pytest.fixture(scope="module")
def on_13(arm64, wheel) -> str:
    """Return the programs of the wheel on Debian 13, as on Raspberry Pi OS 13."""
    tree = made(DEBIAN_13).with_environment(QEMU_CPU="cortex-a53")
    return installed(tree, arm64, wheel, ON_13)


@pytest.mark.parametrize("processor", PROCESSORS, ids=PROCESSORS.values())
def test_debian_13_sees_and_says_the_same(arm64, here, on_13, processor, record_property):
    """On each processor the events and the words are those of this machine."""
    tree = made(DEBIAN_13).with_environment(QEMU_CPU=processor)
    there = ran(tree, arm64, on_13)
    assert_same(there, here)
    assert_heard(there, here)
    record_property(processor, versions(tree, arm64, on_13))


@pytest.fixture(scope="module")
def debian_12() -> Tree:
    """Return the Debian of Raspberry Pi OS 12."""
    return made(DEBIAN_12).with_environment(QEMU_CPU="cortex-a72")


@pytest.fixture(scope="module")
def on_12(arm64, wheel, debian_12) -> str:
    """Return the programs of the wheel with the versions that fit that system's picamera2."""
    return installed(debian_12, arm64, wheel, ON_12)


def test_debian_12_sees_and_says_the_same(arm64, here, debian_12, on_12, record_property):
    """With ai-edge-litert, a new OpenCV and numpy 1.24 the result is that of this machine."""
    there = ran(debian_12, arm64, on_12)
    assert_same(there, here)
    assert_heard(there, here)
    record_property("ai-edge-litert", versions(debian_12, arm64, on_12))


def test_debian_12_with_tflite_runtime(arm64, here, debian_12, on_12, record_property):
    """With the older interpreter only, the result is that of this machine."""
    environment = str(Path(on_12).parent)
    pip(debian_12, arm64, environment, "uninstall", "--yes", "ai-edge-litert")
    pip(debian_12, arm64, environment, *INSTALL, "tflite-runtime")
    there = ran(debian_12, arm64, on_12)
    assert_same(there, here)
    assert_heard(there, here)
    record_property("tflite-runtime", versions(debian_12, arm64, on_12))


def test_debian_12_with_its_own_opencv(arm64, here, wheel, debian_12, record_property):
    """With apt's OpenCV 4.6 and numpy 1.24, for which picamera2 was built there, the result is the same."""
    tree = debian_12.with_environment(LD_LIBRARY_PATH=f"{LIBRARIES}/blas:{LIBRARIES}/lapack")
    programs = installed(tree, arm64, wheel, WITH_APT, "--system-site-packages")
    found = versions(tree, arm64, programs)
    assert "numpy 1.24" in found
    assert "OpenCV 4.6" in found
    there = ran(tree, arm64, programs)
    assert_same(there, here)
    assert_heard(there, here)
    record_property("from apt", found)
