"""Speed, memory and answer time of the whole program with this machine's own camera and sound output.

    python benchmarks/live_run.py                        with the machine's camera
    python benchmarks/live_run.py --camera simulated     with a simulated camera

There are two runs. In the short run the program is asked what it sees, as by `assistant ctl tell`; the long run gets no
question. The difference of the two is the steady state, without the start. Phrases that are rendered during a run count
too: on a machine where the program has never run, measure again a few minutes later. The time of an answer is the time
of its event, which is written when its first sound is due, so the sound card's own delay is not counted.
`script/report-pi` runs this benchmark. The figures have no limits, because machines and cameras differ.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from shared.command_line import benchmark_parser

from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import SOCKET_NAME
from assistant.controls.protocol import ControlError

SHORT_S, LEAST_S = 26, 40
FIRST_QUESTION_S, QUESTIONS_EVERY_S = 10.0, 4.0
"""The first question comes after what is said at the start. An answer is shorter than the time between questions."""

CLOSING_S = 30.0
"""A run that has not ended this long after its time is killed."""


class RunError(Exception):
    """The program failed; the message is the last line of its log."""


@dataclass(frozen=True, slots=True)
class Run:
    """The figures of one `assistant run`."""

    first_word_s: float
    frames: int
    frames_per_s: float
    dropped: int
    cpu_s: float
    peak_mb: float
    answers_ms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event, and when the program wrote it."""

    at_s: float
    event: dict[str, Any]

    @property
    def answers(self) -> bool:
        """True for the first sound of an answer, or of what is said at the start."""
        return (self.event["type"], self.event.get("priority")) == ("said", "answer")


def run(options: Sequence[str], seconds: int, *, ask: bool) -> Run:
    """Run the program for this many seconds, with questions or without; raise RunError when it fails."""
    with tempfile.TemporaryDirectory() as name, (Path(name) / "log").open("w+", encoding="utf-8") as log:
        started_s = time.monotonic()
        child = _start([*options, "--duration", str(seconds)], Path(name), log)
        events: list[Arrived] = []
        reader = threading.Thread(target=_read, args=(child, events))
        reader.start()
        ending = threading.Timer(seconds + CLOSING_S, child.kill)
        ending.start()
        asked_s = _ask_on(Path(name) / SOCKET_NAME, child, started_s, started_s + seconds) if ask else []
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        ending.cancel()
        reader.join()
        log.seek(0)
        if child.returncode or not events or events[-1].event["type"] != "end":
            raise RunError(_last_line(log.read()) or f"assistant run ended with {child.returncode}")
    end = events[-1].event
    return Run(
        first_word_s=min((each.at_s for each in events if each.answers), default=started_s) - started_s,
        frames=end["frames"],
        frames_per_s=end["fps"],
        dropped=end["dropped"],
        cpu_s=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss / 1024,
        answers_ms=tuple(_waited_ms(each_s, events) for each_s in asked_s),
    )


def _start(options: Sequence[str], folder: Path, log: IO[str]) -> subprocess.Popen[str]:
    """Start the program; its socket is in the folder, so that no other program on this machine is asked instead."""
    command = [sys.executable, "-m", "assistant", "run", "--control", "--events", "-", *options]
    environment = os.environ | {"RUNTIME_DIRECTORY": str(folder)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)


def _read(child: subprocess.Popen[str], events: list[Arrived]) -> None:
    assert child.stdout is not None
    with child.stdout:
        events.extend(Arrived(time.monotonic(), json.loads(line)) for line in child.stdout)


def _ask_on(path: Path, child: subprocess.Popen[str], started_s: float, end_s: float) -> list[float]:
    """Ask every few seconds until shortly before the end; return when each question was asked."""
    asked_s: list[float] = []
    next_s = started_s + FIRST_QUESTION_S
    while next_s < end_s - QUESTIONS_EVERY_S and _waits(child, next_s):
        next_s += QUESTIONS_EVERY_S
        try:
            now = time.monotonic()
            send(Command.TELL, path)
            asked_s.append(now)
        except ControlError:
            continue  # the last line of the program's log says why
    return asked_s


def _waits(child: subprocess.Popen[str], until_s: float) -> bool:
    """Wait and return whether the program still runs. It is not reaped, so that its CPU time can be read later."""
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while (runs := os.waitid(os.P_PID, child.pid, options) is None) and time.monotonic() < until_s:
        time.sleep(min(0.2, max(0.0, until_s - time.monotonic())))
    return runs


def _waited_ms(asked_s: float, events: Sequence[Arrived]) -> float:
    """Return the milliseconds until the next answer; NaN when none came."""
    came_s = next((each.at_s for each in events if each.answers and each.at_s > asked_s), float("nan"))
    return 1000 * (came_s - asked_s)


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")


def figures(short: Run, long: Run) -> dict[str, float]:
    """Return the figures of both runs together."""
    return {
        "frames_per_s": long.frames_per_s,
        "dropped_frames": long.dropped,
        "cpu_ms_per_frame": round(1000 * (long.cpu_s - short.cpu_s) / max(1, long.frames - short.frames), 2),
        "peak_mb": round(long.peak_mb, 1),
        "first_word_s": round(short.first_word_s, 2),
        "answer_ms": round(statistics.median(short.answers_ms), 1) if short.answers_ms else float("nan"),
    }


def _arguments() -> argparse.Namespace:
    parser = benchmark_parser(__doc__)
    parser.add_argument("--camera", default="auto", help="the camera, as for assistant run (default: auto)")
    parser.add_argument("--config", metavar="FILE", help="the settings file")
    parser.add_argument(
        "--seconds", type=int, default=90, help=f"length of the long run, at least {LEAST_S} (default: 90)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to this file")
    arguments = parser.parse_args()
    if arguments.seconds < LEAST_S:
        parser.error(f"--seconds {arguments.seconds}: the long run takes at least {LEAST_S} seconds")
    return arguments


def main() -> int:
    """Print the figures; return 1 when the program failed."""
    arguments = _arguments()
    options = ["--camera", arguments.camera, *(["--config", arguments.config] if arguments.config else [])]
    try:
        result = figures(run(options, SHORT_S, ask=True), run(options, arguments.seconds, ask=False))
    except RunError as error:
        print(error, file=sys.stderr)
        return 1
    print(", ".join(f"{name} {value:g}" for name, value in result.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
