"""CPU seconds an hour of the whole program, with and without what spares them.

    python benchmarks/energy.py [--seconds 120]             the whole program; needs a machine that is not busy
    python benchmarks/energy.py --looking [--seconds 20]    looking alone, on the pictures' own clock

`assistant run` with the simulated camera at its own pace and the voice on ALSA's null device, phrases rendered before.
Without: every picture is looked at. With: the settings' defaults. Nobody there; a conversation with somebody; the same
while the machine says that it is too hot. Of each, so many seconds are measured once it has settled, and scaled to an
hour. The processor's time of the program and its children is counted (/proc/PID/stat); what the drawing of the
simulated pictures takes is measured apart and taken off, since a real camera has none.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from answer import render_all
from footprint import cpu_s

from assistant.app.build import build_components
from assistant.app.options import RunOptions
from assistant.app.service import Service
from assistant.app.settings import Settings
from assistant.camera.choose import SIMULATED_FPS
from assistant.camera.drivers.simulated import SimulatedSource
from assistant.camera.frame_rate import FrameRatePolicy, FrameRateSettings, Throttle
from assistant.camera.motion import MotionDetector
from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import SOCKET_NAME
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.health.machine import MachineHealth
from assistant.networks.shipped import shipped_model
from assistant.speech.phrases import Phrases

SETTLED_S = 20.0
"""Longer than what is said at the start, and than it takes to find that nobody is there."""

LEAST_SHARE = 0.9
"""With fewer pictures than this share of all, nothing can be told: other programs have the processor."""

DRAWN_FRAMES = 300
CHILD = "--headset"
ALWAYS_ALL = FrameRateSettings(idle_fps=120.0, spared_fps=120.0)
CONVERSATION = ", ".join(["neutral 6, happy 5, neutral 4, surprise 4"] * 60)


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be seen, and how the machine is."""

    script: str
    hot: bool
    limit: float
    """What is needed with the saving, as a share of what is needed without, at most."""


CASES = {
    "nobody there": Case("empty 3600", hot=False, limit=0.5),
    "somebody there": Case(CONVERSATION, hot=False, limit=1.1),
    "somebody there, too hot": Case(CONVERSATION, hot=True, limit=0.75),
}


class HotMachine:
    """A machine that is too hot."""

    def health(self) -> MachineHealth:
        """At 85 degrees."""
        return MachineHealth(temperature_c=85.0)

    def power_off(self) -> None:
        """Not done."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run, an hour."""

    pictures_a_second: float
    cpu_s: float
    drawing_s: float
    """Of that, for drawing what a real camera would see."""

    @property
    def own_s(self) -> float:
        """Without the drawing."""
        return self.cpu_s - self.drawing_s


def headset(name: str, saves: str) -> int:
    """The program itself, in a process of its own."""
    case = CASES[name]
    settings = Settings() if saves == "saves" else replace(Settings(), pace=ALWAYS_ALL)
    settings = replace(settings, voice=replace(settings.voice, engine="espeak-ng"))
    options = RunOptions(camera=f"simulated:{case.script}", voice="espeak-ng", control=True)
    components = build_components(options, settings)
    Service(replace(components, machine=HotMachine()) if case.hot else components).run()
    return 0


def cost(name: str, *, saves: bool, seconds: float, folder: Path) -> Cost:
    """Run the program and measure it."""
    command = [sys.executable, __file__, CHILD, name, "saves" if saves else "looks at all"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        time.sleep(SETTLED_S)
        before_s, began_s = cpu_s(child.pid), time.monotonic()
        time.sleep(seconds)
        used_s, took_s = cpu_s(child.pid) - before_s, time.monotonic() - began_s
        rate = send(Command.STATUS, folder / SOCKET_NAME)["pictures_a_second"]
    finally:
        child.terminate()
        child.wait(30)
    drawing_s = drawing_s_a_picture(CASES[name].script) * rate * 3600
    return Cost(rate, used_s * 3600 / took_s, drawing_s)


def looking(case: Case, saves: bool, seconds: float) -> Cost:
    """Look at so many seconds of pictures, as soon as they are drawn, once it has settled."""
    settings = Settings() if saves else replace(Settings(), pace=ALWAYS_ALL)
    source, tracker = SimulatedSource(case.script), FaceTracker(settings.tracking, settings.debounce.lost_s)
    perception = Perception(build_detector(), TFLiteClassifier(shipped_model()), tracker, ScanSchedule(settings.search))
    pace, motion, throttle = FrameRatePolicy(settings.pace, settings.camera.stalled_s), MotionDetector(), Throttle()
    fps, used_s, pictures = math.inf, 0.0, 0
    while (t_s := source.wait()) is not None and t_s < SETTLED_S + seconds:
        if not throttle.wants(t_s, fps) or (frame := source.grab()) is None:
            continue
        began_s = time.process_time()
        seen = perception.perceive(frame.gray, t_s)
        fps = pace.fps(t_s, active=seen.people > 0 or motion.update(frame.gray, t_s), reduced=case.hot)
        if t_s >= SETTLED_S:
            used_s, pictures = used_s + time.process_time() - began_s, pictures + 1
    return Cost(pictures / seconds, used_s * 3600 / seconds, 0.0)


def drawing_s_a_picture(script: str) -> float:
    """What the simulated camera takes for one."""
    source = SimulatedSource(script)
    source.grab()
    began_s = time.process_time()
    for _ in range(DRAWN_FRAMES):
        source.grab()
    return (time.process_time() - began_s) / DRAWN_FRAMES


def prepare(folder: Path) -> None:
    """Cache, socket and a sound device that takes everything, for this process and its children."""
    (folder / "asound.conf").write_text("pcm.!default { type null }\n", encoding="ascii")
    os.environ |= {name: str(folder) for name in ("CACHE_DIRECTORY", "RUNTIME_DIRECTORY", "STATE_DIRECTORY")}
    os.environ["ALSA_CONFIG_PATH"] = str(folder / "asound.conf")
    render_all(Phrases.load("en"))


def main() -> int:
    """Print the table; 1 when a limit is not held, or when the machine was too busy to tell."""
    if sys.argv[1:2] == [CHILD]:
        return headset(*sys.argv[2:4])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, help="of each run that are measured")
    parser.add_argument("--looking", action="store_true", help="tracking, network and pace alone, without waiting")
    arguments = parser.parse_args()
    seconds = arguments.seconds or (20.0 if arguments.looking else 120.0)
    print(f"{seconds:g} seconds of each, scaled to an hour; pictures a second and CPU seconds an hour")
    print(f"{'':<26}{'without':>16}{'with':>16}{'share':>8}   limit   (drawing, taken off)")
    return int(looked(seconds) if arguments.looking else ran(seconds))


def looked(seconds: float) -> bool:
    """Measure looking alone; whether a limit is not held."""
    too_much = False
    for what, case in CASES.items():
        too_much |= shown(what, looking(case, False, seconds), looking(case, True, seconds))
    return too_much


def ran(seconds: float) -> bool:
    """Measure the whole program; whether a limit is not held, or the machine was too busy to tell."""
    too_much = False
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        for what in CASES:
            off, on = (cost(what, saves=saves, seconds=seconds, folder=Path(name)) for saves in (False, True))
            too_much |= shown(what, off, on)
            if off.pictures_a_second < LEAST_SHARE * SIMULATED_FPS:
                print(
                    f"the machine is busy: {SIMULATED_FPS:g} pictures a second are due; measure again", file=sys.stderr
                )
                too_much = True
    return too_much


def shown(what: str, off: Cost, on: Cost) -> bool:
    """Print a line of the table; whether its limit is not held."""
    share, limit = on.own_s / off.own_s, CASES[what].limit
    figures = "".join(f"{each.pictures_a_second:6.1f}/s{each.own_s:7.0f} s" for each in (off, on))
    drawing = f"({off.drawing_s:.0f} s, {on.drawing_s:.0f} s)"
    print(f"{what:<26}{figures}{share:8.0%}   {limit:.0%}   {drawing}", flush=True)
    return share > limit


if __name__ == "__main__":
    sys.exit(main())
