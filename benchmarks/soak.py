"""Whether memory, threads, open files and child processes grow over hours of conversation.

    python benchmarks/soak.py [--minutes 120]          at full speed (`--fast`): days of frames, without a player
    python benchmarks/soak.py --live [--minutes 120]   at its own speed, with a player, a camera thread and requests

Drawn people come and go, with other people beside them, and with pauses in which nobody is there. Now and then the
camera gives no pictures, or is unplugged. With `--live` the voice plays into ALSA's null device, and every few seconds
a question, a repetition or another request comes by the control socket. All phrases are rendered before. The second
fifth of the run is compared with the last fifth, because caches fill during the first.
"""

from __future__ import annotations

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

from shared.command_line import benchmark_parser
from shared.footprint import Footprint, footprint
from shared.sound import prepare_silent_headset

from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import SOCKET_NAME
from assistant.controls.protocol import ControlError

FIRST, LAST = (0.2, 0.4), (0.8, 1.0)
"""The parts of the run that are compared, as shares of its length."""

SAMPLED_EVERY_S = 2.0
ASKED_EVERY_S = 5.0
ASKED = (Command.TELL, Command.STATUS, Command.REPEAT, Command.TELL, Command.SILENCE, Command.LOUDER, Command.QUIETER)
LIMITS = {"memory_mb": 2.0, "threads": 0.0, "files": 0.0, "children": 0.0}
"""The most that the last fifth may have more than the second fifth."""

EMOTIONS = ("neutral", "happy", "surprise", "sad", "angry")
DAYS = 3
"""Two hours at full speed play less than this."""

ENCOUNTER_S = 40
ENCOUNTERS = 60
"""How many different encounters there are.

The simulated camera keeps its timeline in memory. One that became shorter while it is played would hide what grows.
"""

PLAYER = """
import sys
from assistant.cli.main import main
sys.exit(main([*sys.argv[1:], "--camera", "simulated:" + sys.stdin.read()]))
"""
"""Runs the command line, with the timeline from standard input: it is too long for an argument."""


def timeline(days: float) -> str:
    """Return the script of the simulated camera, from a seed.

    It begins with each drawing once, because the camera keeps its drawings; conversations follow.
    """
    rng = random.Random(3)  # noqa: S311 - a timeline is no secret
    encounters = [_encounter(rng) for _ in range(ENCOUNTERS)]
    first = [f"{emotion}{other} 2" for other in ("", "+other") for emotion in EMOTIONS]
    return ", ".join([*first, *(rng.choice(encounters) for _ in range(round(days * 86400 / ENCOUNTER_S)))])


def _encounter(rng: random.Random) -> str:
    """Return some faces, then nobody, in about `ENCOUNTER_S`; one in six encounters ends with a camera fault."""
    faces = [
        f"{rng.choice(EMOTIONS)}{rng.choice(['', '', '+other'])} {rng.randint(2, 9)}" for _ in range(rng.randint(2, 8))
    ]
    outage = [rng.choice(["stall 5", "unplugged 4"])] if rng.random() < 1 / 6 else []
    return ", ".join([*faces, f"empty {rng.randint(2, 25)}", *outage])


def started(*, live: bool, folder: Path) -> subprocess.Popen[str]:
    """Start the program with the timeline; it writes its events to standard output."""
    prepare_silent_headset(folder)
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
    """Reads the events in a thread, so that the program never waits for a reader."""

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
    """Measure the program every few seconds and send requests, until the time is over or the program ends."""
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
    """Return a function that sends the request of a number by the socket in the folder."""

    def ask(number: int) -> None:
        try:
            send(ASKED[number % len(ASKED)], folder / SOCKET_NAME)
        except ControlError as error:
            print(f"a request was not answered: {error}", file=sys.stderr)

    return ask


def compared(samples: Sequence[Footprint], name: str) -> tuple[float, float, float]:
    """Return a figure's median in the second fifth and in the last, and its growth an hour by least squares."""
    end_s = samples[-1].t_s
    first, last = (
        [getattr(each, name) for each in samples if start <= each.t_s / end_s <= end] for start, end in (FIRST, LAST)
    )
    steady = [each for each in samples if each.t_s >= FIRST[0] * end_s]
    slope = statistics.linear_regression([each.t_s / 3600 for each in steady], [getattr(each, name) for each in steady])
    return statistics.median(first), statistics.median(last), slope.slope


def report(samples: Sequence[Footprint]) -> bool:
    """Print the table; return whether a figure grew by more than its limit."""
    grew = False
    print(f"{'':<18}{'second fifth':>14}{'last fifth':>12}{'most':>8}{'an hour':>9}   limit")
    for name, limit in LIMITS.items():
        first, last, slope = compared(samples, name)
        most = max(getattr(each, name) for each in samples)
        grew |= last - first > limit
        print(f"{name:<18}{first:14.1f}{last:12.1f}{most:8.1f}{slope:+9.2f}   at most {limit:g} more in the last fifth")
    return grew


def main() -> int:
    """Print the table; return 1 when a figure grew by more than its limit, or when the program ended by itself."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--minutes", type=float, default=120, help="length of the run (default: 120)")
    parser.add_argument("--live", action="store_true", help="run at the program's own speed, with sound and requests")
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
