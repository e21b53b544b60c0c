"""Hands the inputs to workers, and starts a new worker when one dies."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.case import Result
from tests.fuzz.child import ROOT, environment
from tests.fuzz.kinds import KINDS

Job = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is the same for all inputs."""

    folder: Path
    seed: int
    patience_s: float
    workers: int


def seeds_made(trial: Trial, names: Iterable[str]) -> None:
    """Make the valid inputs once."""
    keras = ["keras"] if any(KINDS[name].group.name == "keras" for name in names) else []
    command = [sys.executable, "-m", "tests.fuzz.seeds", str(trial.folder / "seeds"), *keras]
    made = subprocess.run(command, cwd=ROOT, env=_environment(trial), capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"the valid inputs could not be made: {made.stderr}")


def tried(trial: Trial, numbers: Mapping[str, Iterable[int]], told: Callable[[Result], None]) -> None:
    """Try these inputs, group by group, and yield each result as it comes."""
    groups = dict.fromkeys(KINDS[name].group for name in numbers)
    for group in groups:
        jobs = deque((name, number) for name in numbers if KINDS[name].group == group for number in numbers[name])
        with ThreadPoolExecutor(trial.workers) as pool:
            working = [pool.submit(_work, trial, jobs, told) for _ in range(min(trial.workers, len(jobs)))]
            try:
                for each in working:
                    each.result()
            except BaseException:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                jobs.clear()  # all end with the input that they try, within its patience
                raise


def _work(trial: Trial, jobs: deque[Job], told: Callable[[Result], None]) -> None:
    """Feed one worker after the other."""
    worker = None
    while True:
        try:
            name, number = jobs.popleft()
        except IndexError:
            break
        worker = worker or _worker(trial, name)
        result = _asked(worker, name, number)
        if result is None:
            worker.wait()
            result = Result(name, number, "", "", None, 0.0, (("signal", f"the worker ended: {worker.returncode}"),))
            worker = None
        told(result)
    if worker is not None:
        assert worker.stdin is not None
        worker.stdin.close()
        worker.wait()


def _worker(trial: Trial, kind: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "tests.fuzz.worker",
        str(trial.folder),
        str(trial.seed),
        f"{trial.patience_s:g}",
        kind,
    ]
    with (trial.folder / "workers.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(trial),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # who interrupts the whole ends no input in its midst
        )


def _environment(trial: Trial) -> dict[str, str]:
    """Return the variables that OpenCV and TensorFlow read when they are loaded, before a command sets them."""
    quiet = {"OPENCV_LOG_LEVEL": "OFF", "OPENCV_FFMPEG_LOGLEVEL": "-8", "KERAS_BACKEND": "tensorflow"}
    return environment(trial.folder) | quiet


def _asked(worker: subprocess.Popen[str], name: str, number: int) -> Result | None:
    """Return the worker's answer, or None when the worker has died."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        print(json.dumps((name, number)), file=worker.stdin, flush=True)
        answer = worker.stdout.readline()
    except BrokenPipeError:
        return None
    if not answer:
        return None
    fields = json.loads(answer)
    return Result(**{**fields, "faults": tuple((name, seen) for name, seen in fields["faults"])})
