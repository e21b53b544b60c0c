"""CPU seconds an hour of the program, when it searches every picture and when it does less as its default settings say.

    python benchmarks/energy.py [--seconds 120]             the whole program; needs a machine that is not busy
    python benchmarks/energy.py --looking [--seconds 20]    tracking, network and frame rate alone

`assistant run` runs with the simulated camera at its own pace, and with the voice on ALSA's null device; all phrases
are rendered before. Three cases are measured: nobody is there; a conversation with somebody; the same conversation
while the machine reports that it is too hot. In each case `--seconds` are measured after the program has settled,
and scaled to an hour. The processor time of the program and its children is counted (/proc/PID/stat). The time for
drawing the simulated pictures is measured apart and subtracted, because a real camera needs no drawing. Two more
figures are printed: how often the main thread, which is the loop of the service, wakes up; and the CPU time of all
threads and children but the camera's thread, which draws, and the thread that perceives. With `--looking` the time of
the pictures is used instead of the real time.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from shared.command_line import benchmark_parser
from shared.footprint import cpu_s, thread_cpu_s, wakeups
from shared.headset import headset_perception
from shared.sound import prepare_silent_headset

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.service import Service
from assistant.app.vision import PacedPerception
from assistant.camera.drivers.simulated import SIMULATED_FPS, SimulatedSource
from assistant.camera.frame_rate import FrameRatePolicy, FrameRateSettings, Throttle
from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import SOCKET_NAME
from assistant.health.machine import MachineHealth

SETTLED_S = 20.0
"""After this time everything has been said that is said at the start, and an empty scene is known to be empty."""

LEAST_SHARE = 0.9
"""With a smaller share of the pictures the measurement does not count, because other programs use the processor."""

DRAWN_FRAMES = 300
CHILD = "--headset"
EVERYTHING = replace(
    Settings(),
    pace=FrameRateSettings(idle_fps=120.0, spared_fps=120.0),
    search=replace(Settings().search, still_scan_s=0.0, near_scan_s=0.0),
)
"""Settings with which every picture is taken and searched."""

MOST_WAKEUPS = 4.0
"""While nobody is there, the loop wakes up at most this often a second, frames included."""

MOST_REST_S = 25.0
"""While somebody is there, all but camera and perception needs at most so many CPU seconds an hour."""

THREADS_FILE = "threads.json"
"""The child writes into this file which number of the operating system each of its threads has, by name."""

CONVERSATION = ", ".join(["neutral 6, happy 5, neutral 4, surprise 4"] * 60)


@dataclass(frozen=True, slots=True)
class Case:
    """What the camera shows, and whether the machine is too hot."""

    script: str
    hot: bool
    limit: float
    """The most CPU time by default, as a share of the CPU time with every picture."""


NOBODY, SOMEBODY = "nobody there", "somebody there"
CASES = {
    NOBODY: Case("empty 3600", hot=False, limit=0.25),
    SOMEBODY: Case(CONVERSATION, hot=False, limit=0.8),
    "somebody there, too hot": Case(CONVERSATION, hot=True, limit=0.6),
}


class HotMachine:
    """A machine that is too hot."""

    def health(self) -> MachineHealth:
        """Report 85 degrees Celsius."""
        return MachineHealth(temperature_c=85.0)

    def power_off(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The pictures a second of one run, and its CPU seconds an hour."""

    pictures_a_second: float
    cpu_s: float
    drawing_s: float
    """The part of `cpu_s` for drawing the simulated pictures."""
    wakeups_a_second: float = math.nan
    """How often the main thread wakes up."""
    rest_s: float = math.nan
    """The part of `cpu_s` for all but the threads of camera and perception."""

    @property
    def own_s(self) -> float:
        """The CPU seconds an hour without the drawing."""
        return self.cpu_s - self.drawing_s


def headset(name: str, saves: str) -> int:
    """Run the program; this is called in a process of its own."""
    case = CASES[name]
    settings = Settings() if saves == "saves" else EVERYTHING
    settings = replace(settings, voice=replace(settings.voice, engine="espeak-ng"))
    options = RunOptions(camera=f"simulated:{case.script}", voice="espeak-ng", control=True)
    components = build_components(options, settings)
    threading.Timer(SETTLED_S / 2, write_threads).start()
    Service(replace(components, machine=HotMachine()) if case.hot else components).run()
    return 0


def write_threads() -> None:
    """Write the numbers of this process's threads, for the process that measures."""
    numbers = {thread.name: thread.native_id for thread in threading.enumerate()}
    (Path(os.environ["RUNTIME_DIRECTORY"]) / THREADS_FILE).write_text(json.dumps(numbers), encoding="utf-8")


def program_cost(name: str, *, saves: bool, seconds: float, folder: Path) -> Cost:
    """Run the program in a process of its own and measure it."""
    command = [sys.executable, __file__, CHILD, name, "saves" if saves else "takes all"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        time.sleep(SETTLED_S)
        numbers = json.loads((folder / THREADS_FILE).read_text(encoding="utf-8"))
        looking = [numbers["camera"], numbers["vision"]]
        woken, before_s, began_s = wakeups(child.pid), cpu_s(child.pid), time.monotonic()
        looked_s = thread_cpu_s(child.pid, looking)
        time.sleep(seconds)
        used_s, took_s = cpu_s(child.pid) - before_s, time.monotonic() - began_s
        looked_s, woken = thread_cpu_s(child.pid, looking) - looked_s, wakeups(child.pid) - woken
        rate = send(Command.STATUS, folder / SOCKET_NAME)["pictures_a_second"]
    finally:
        child.terminate()
        child.wait(30)
    drawing_s = drawing_s_a_picture(CASES[name].script) * rate * 3600
    hour = 3600 / took_s
    return Cost(rate, used_s * hour, drawing_s, woken / took_s, (used_s - looked_s) * hour)


def perception_cost(case: Case, saves: bool, seconds: float) -> Cost:
    """Measure perception and frame rate on pictures of this many seconds, without waiting for their time."""
    settings = Settings() if saves else EVERYTHING
    source, perception = SimulatedSource(case.script), headset_perception(search=settings.search)
    paced = PacedPerception(perception, FrameRatePolicy(settings.pace, settings.camera.stalled_s))
    throttle = Throttle()
    fps, used_s, pictures = math.inf, 0.0, 0
    while (t_s := source.wait()) is not None and t_s < SETTLED_S + seconds:
        if not throttle.wants(t_s, fps) or (frame := source.grab()) is None:
            continue
        began_s = time.process_time()
        _, fps = paced.perceive(frame.gray, t_s, reduced=case.hot)
        if t_s >= SETTLED_S:
            used_s, pictures = used_s + time.process_time() - began_s, pictures + 1
    return Cost(pictures / seconds, used_s * 3600 / seconds, 0.0)


def drawing_s_a_picture(script: str) -> float:
    """Return the CPU seconds that the simulated camera needs to draw one picture."""
    source = SimulatedSource(script)
    source.grab()
    began_s = time.process_time()
    for _ in range(DRAWN_FRAMES):
        source.grab()
    return (time.process_time() - began_s) / DRAWN_FRAMES


def main() -> int:
    """Print the table; return 1 when a share is over its limit, or when the machine was too busy to measure."""
    if sys.argv[1:2] == [CHILD]:
        return headset(*sys.argv[2:4])
    parser = benchmark_parser(__doc__)
    parser.add_argument("--seconds", type=float, help="how long each run is measured (default: 120; --looking: 20)")
    parser.add_argument("--looking", action="store_true", help="measure tracking, network and frame rate alone")
    arguments = parser.parse_args()
    seconds = arguments.seconds or (20.0 if arguments.looking else 120.0)
    print(f"{seconds:g} seconds of each, scaled to an hour; pictures a second and CPU seconds an hour")
    print(f"{'':<26}{'every picture':>16}{'by default':>16}{'share':>8}   limit   (drawing, subtracted)")
    return int(measure_looking(seconds) if arguments.looking else measure_program(seconds))


def measure_looking(seconds: float) -> bool:
    """Measure tracking, network and frame rate alone; return whether a share is over its limit."""
    too_much = False
    for what, case in CASES.items():
        too_much |= is_over_limit(what, perception_cost(case, False, seconds), perception_cost(case, True, seconds))
    return too_much


def measure_program(seconds: float) -> bool:
    """Measure the whole program; return whether a share is over its limit, or the machine was too busy."""
    too_much = False
    with tempfile.TemporaryDirectory() as name:
        prepare_silent_headset(Path(name))
        for what in CASES:
            off, on = (program_cost(what, saves=saves, seconds=seconds, folder=Path(name)) for saves in (False, True))
            too_much |= is_over_limit(what, off, on)
            print_more(what, on)
            too_much |= what == NOBODY and on.wakeups_a_second > MOST_WAKEUPS
            too_much |= what == SOMEBODY and on.rest_s > MOST_REST_S
            if off.pictures_a_second < LEAST_SHARE * SIMULATED_FPS:
                due = f"{SIMULATED_FPS:g} pictures a second were due, {off.pictures_a_second:.1f} were taken"
                print(f"the machine is too busy: {due}; stop other programs and measure again", file=sys.stderr)
                too_much = True
    return too_much


def print_more(what: str, on: Cost) -> None:
    """Print the wake-ups, and the CPU time without camera and perception, of a run with the default settings."""
    limit = f" (limit {MOST_WAKEUPS:g})" if what == NOBODY else ""
    print(f"{'':<26}by default: the loop wakes up {on.wakeups_a_second:.1f} times a second{limit};", end=" ")
    limit = f" (limit {MOST_REST_S:g} s)" if what == SOMEBODY else ""
    print(f"all but camera and perception {on.rest_s:.0f} s{limit}", flush=True)


def is_over_limit(what: str, off: Cost, on: Cost) -> bool:
    """Print a line of the table; return whether its share is over the limit."""
    share, limit = on.own_s / off.own_s, CASES[what].limit
    figures = "".join(f"{each.pictures_a_second:6.1f}/s{each.own_s:7.0f} s" for each in (off, on))
    drawing = f"({off.drawing_s:.0f} s, {on.drawing_s:.0f} s)"
    print(f"{what:<26}{figures}{share:8.0%}   {limit:.0%}   {drawing}", flush=True)
    return share > limit


if __name__ == "__main__":
    sys.exit(main())
