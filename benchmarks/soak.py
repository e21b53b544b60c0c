"""Whether memory, threads, open files and child processes stay as they are over hours of conversation.

    python benchmarks/soak.py [--minutes 120]          at full speed (`--fast`): days of frames, without player
    python benchmarks/soak.py --live [--minutes 120]   at its own speed, with player and sight thread, and asked

Drawn people come and go, with other people beside them, with pauses in which nobody is there; now and then the camera
gives no pictures, or is unplugged. Live, the voice plays into ALSA's null device, and a question, a repetition or
another request comes every few seconds by the control socket. All phrases are rendered before. What is measured in the
second fifth is compared with the last: in the first, caches fill.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from energy import prepare
from footprint import Footprint, footprint

from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import SOCKET_NAME
from assistant.controls.protocol import ControlError

FIRST, LAST = (0.2, 0.4), (0.8, 1.0)
"""Shares of the run that are compared."""

SAMPLED_EVERY_S = 2.0
ASKED_EVERY_S = 5.0
ASKED = (Command.TELL, Command.STATUS, Command.REPEAT, Command.TELL, Command.SILENCE, Command.LOUDER, Command.QUIETER)
MEMORY_LIMIT_MB = 2.0
EMOTIONS = ("neutral", "happy", "surprise", "sad", "angry")
DAYS = 3
"""More than two hours at full speed get through."""

ENCOUNTER_S = 40
ENCOUNTERS = 60
"""Different ones; a timeline of days in memory, getting shorter, would hide what grows."""
PLAYER = """
import sys
from assistant.cli.main import main
sys.exit(main([*sys.argv[1:], "--camera", "simulated:" + sys.stdin.read()]))
"""
"""The command line itself; the timeline is longer than an argument may be."""


def timeline(days: float) -> str:
    """What the simulated camera plays: every drawing once, since it keeps them; then conversations, from a seed."""
    rng = random.Random(3)  # noqa: S311 - a timeline is no secret
    encounters = [_encounter(rng) for _ in range(ENCOUNTERS)]
    first = [f"{emotion}{other} 2" for other in ("", "+other") for emotion in EMOTIONS]
    return ", ".join([*first, *(rng.choice(encounters) for _ in range(round(days * 86400 / ENCOUNTER_S)))])


def _encounter(rng: random.Random) -> str:
    """Some faces, then nobody, in about `ENCOUNTER_S`; one in six ends with a camera that gives no pictures."""
    faces = [
        f"{rng.choice(EMOTIONS)}{rng.choice(['', '', '+other'])} {rng.randint(2, 9)}" for _ in range(rng.randint(2, 8))
    ]
    outage = [rng.choice(["stall 5", "unplugged 4"])] if rng.random() < 1 / 6 else []
    return ", ".join([*faces, f"empty {rng.randint(2, 25)}", *outage])


def started(*, live: bool, folder: Path) -> subprocess.Popen[str]:
    """The program, playing the timeline; its events are standard output."""
    prepare(folder)
    options = ["--control", "--voice", "espeak-ng"] if live else ["--fast"]
    child = subprocess.Popen(
        [sys.executable, "-c", PLAYER, "run", *options, "--events", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(folder / "log").open("w"),
        text=True,
    )
    assert child.stdin is not None
    child.stdin.write(timeline(DAYS))
    child.stdin.close()
    return child


class Follower:
    """Reads the events, so that the program never waits for a reader."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self.t_s = 0.0
        self.said = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            event = json.loads(line)
            self.t_s = event["t"]
            self.said += event["type"] == "said"


def watch(child: subprocess.Popen[str], minutes: float, ask: Callable[[int], None]) -> list[Footprint]:
    """Take a sample now and then, and ask."""
    started_s = time.monotonic()
    samples: list[Footprint] = []
    asked = 0
    while (t_s := time.monotonic() - started_s) < 60 * minutes and child.poll() is None:
        samples.append(footprint(child.pid, t_s))
        if t_s >= ASKED_EVERY_S * (asked + 3):
            ask(asked)
            asked += 1
        time.sleep(SAMPLED_EVERY_S)
    return samples


def ask_by(folder: Path) -> Callable[[int], None]:
    """Requests by the socket in the folder, one after the other."""

    def ask(number: int) -> None:
        try:
            send(ASKED[number % len(ASKED)], folder / SOCKET_NAME)
        except ControlError as error:
            print(f"not answered: {error}", file=sys.stderr)

    return ask


def compared(samples: Sequence[Footprint], name: str) -> tuple[float, float, float]:
    """A figure early and at the end, medians; and by how much it grew an hour since the first, by least squares."""
    end_s = samples[-1].t_s
    first, last = (
        [getattr(each, name) for each in samples if start <= each.t_s / end_s <= end] for start, end in (FIRST, LAST)
    )
    steady = [each for each in samples if each.t_s >= FIRST[0] * end_s]
    slope = statistics.linear_regression([each.t_s / 3600 for each in steady], [getattr(each, name) for each in steady])
    return statistics.median(first), statistics.median(last), slope.slope


def report(samples: Sequence[Footprint]) -> bool:
    """Print the table; whether something grew by more than its limit."""
    grew = False
    print(f"{'':<18}{'second fifth':>14}{'last fifth':>12}{'most':>8}{'an hour':>9}   limit")
    limits = {"memory_mb": MEMORY_LIMIT_MB, "threads": 0.0, "files": 0.0, "children": 0.0}
    for name, limit in limits.items():
        first, last, slope = compared(samples, name)
        most = max(getattr(each, name) for each in samples)
        grew |= last - first > limit
        print(f"{name:<18}{first:14.1f}{last:12.1f}{most:8.1f}{slope:+9.2f}   {limit:g} more in the last fifth")
    return grew


def main() -> int:
    """Print what grew; 1 when more than the limits, or when the program ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--live", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        child = started(live=arguments.live, folder=folder)
        follower = Follower(child)
        samples = watch(child, arguments.minutes, ask_by(folder) if arguments.live else lambda _: None)
        ended = child.poll()
        child.terminate()
        child.wait(30)
        if ended is not None:
            print(f"the program ended with {ended}: {(folder / 'log').read_text()[-500:]}", file=sys.stderr)
            return 1
    shown = f"{follower.t_s / 3600:.2f} hours were shown and {follower.said} phrases said"
    mode = "live" if arguments.live else "fast"
    print(f"{mode}: {samples[-1].t_s / 60:.1f} minutes, in which {shown}; {len(samples)} samples")
    return int(report(samples))


if __name__ == "__main__":
    sys.exit(main())
