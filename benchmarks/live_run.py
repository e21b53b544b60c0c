"""What the whole program costs on this machine's own camera and sound output: a line of figures, and --json FILE.

    python benchmarks/live_run.py                        the camera that is there
    python benchmarks/live_run.py --camera simulated     a demonstration's

Two runs: in the short one it is asked what it sees, as by `assistant ctl tell`; the long one is left alone. What lies
between the two is the steady state, without the start. Phrases that are rendered meanwhile count too: where the program
has never run, measure again a few minutes later. An answer's time is that of its event, written when its first sound is
due: the sound card's own delay is not in it. `script/report-pi` runs this.
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

from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import SOCKET_NAME
from assistant.controls.protocol import ControlError

SHORT_S, LEAST_S = 26, 40
FIRST_QUESTION_S, QUESTIONS_EVERY_S = 10.0, 4.0
"""Longer than what is said at the start, and than an answer lasts."""

CLOSING_S = 30.0
"""Past its end a run is killed."""


class RunError(Exception):
    """The program failed: its last words."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one `assistant run` showed."""

    first_word_s: float
    frames: int
    frames_per_s: float
    dropped: int
    cpu_s: float
    peak_mb: float
    answers_ms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event, and when it came out of the program."""

    at_s: float
    event: dict[str, Any]

    @property
    def answers(self) -> bool:
        """Whether it is the first sound of an answer, or of what is said at the start."""
        return (self.event["type"], self.event.get("priority")) == ("said", "answer")


def run(options: Sequence[str], seconds: int, *, ask: bool) -> Run:
    """Run it for so long, asking it meanwhile or not; RunError when it fails."""
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
    """The program; its socket is in the folder, so that another one on this machine is not asked instead."""
    command = [sys.executable, "-m", "assistant", "run", "--control", "--events", "-", *options]
    environment = os.environ | {"RUNTIME_DIRECTORY": str(folder)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)


def _read(child: subprocess.Popen[str], events: list[Arrived]) -> None:
    assert child.stdout is not None
    with child.stdout:
        events.extend(Arrived(time.monotonic(), json.loads(line)) for line in child.stdout)


def _ask_on(path: Path, child: subprocess.Popen[str], started_s: float, end_s: float) -> list[float]:
    """Ask every few seconds until shortly before the end; when each question was asked."""
    asked_s: list[float] = []
    next_s = started_s + FIRST_QUESTION_S
    while next_s < end_s - QUESTIONS_EVERY_S and _waits(child, next_s):
        next_s += QUESTIONS_EVERY_S
        try:
            now = time.monotonic()
            send(Command.TELL, path)
            asked_s.append(now)
        except ControlError:
            continue  # the run's own last words tell why
    return asked_s


def _waits(child: subprocess.Popen[str], until_s: float) -> bool:
    """Wait; whether the program still runs then. It is not reaped: its use of the processor is asked for later."""
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while (runs := os.waitid(os.P_PID, child.pid, options) is None) and time.monotonic() < until_s:
        time.sleep(min(0.2, max(0.0, until_s - time.monotonic())))
    return runs


def _waited_ms(asked_s: float, events: Sequence[Arrived]) -> float:
    """Until the next answer; not a number when none came."""
    came_s = next((each.at_s for each in events if each.answers and each.at_s > asked_s), float("nan"))
    return 1000 * (came_s - asked_s)


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")


def figures(short: Run, long: Run) -> dict[str, float]:
    """What two runs tell together."""
    return {
        "frames_per_s": long.frames_per_s,
        "dropped_frames": long.dropped,
        "cpu_ms_per_frame": round(1000 * (long.cpu_s - short.cpu_s) / max(1, long.frames - short.frames), 2),
        "peak_mb": round(long.peak_mb, 1),
        "first_word_s": round(short.first_word_s, 2),
        "answer_ms": round(statistics.median(short.answers_ms), 1) if short.answers_ms else float("nan"),
    }


def main() -> int:
    """Print the figures; 1 when the program failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--camera", default="auto", help="as for assistant run")
    parser.add_argument("--config", metavar="FILE", help="settings")
    parser.add_argument("--seconds", type=int, default=90, help=f"of the long run, at least {LEAST_S}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    arguments = parser.parse_args()
    if arguments.seconds < LEAST_S:
        parser.error(f"--seconds {arguments.seconds}: at least {LEAST_S} are needed")
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
