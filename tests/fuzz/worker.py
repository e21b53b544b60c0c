"""Tries inputs one after the other: a program that gets each job as a line of JSON and answers with a line."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shlex
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import IO, Any

from tests.fuzz.case import Case, Kind, Result, Seeds, Talk
from tests.fuzz.child import ROOT, Ended, environment, forked, started
from tests.fuzz.kinds import KINDS
from tests.fuzz.running import Targets
from tests.fuzz.verdict import faults, stamps

TRUE_STARTS = 25
"""Of so many commands one is started as a person does it."""


class Worker:
    """Tries the inputs of its jobs, in folders below one folder."""

    def __init__(self, folder: Path, seed: int, patience_s: float) -> None:
        self._folder, self._seed, self._patience_s = folder, seed, patience_s
        self._targets = Targets(folder, patience_s)

    def warm(self, kind: Kind) -> None:
        """Load what is needed for all jobs."""
        for name in kind.group.warm:
            with contextlib.suppress(ModuleNotFoundError):
                importlib.import_module(name)

    def close(self) -> None:
        """End the headsets that run."""
        self._targets.close()

    def tried(self, name: str, number: int) -> Result:
        """Make the input, run its command, decide, and remove the folder when there is no fault."""
        folder = self._folder / f"{name}-{number}"
        for each in ("", "cwd", "out", "home"):
            (folder / each).mkdir(exist_ok=True)
            (folder / each).chmod(0o755 if not each else 0o777)
        case = drawn(self._seed, name, number, folder, self._folder / "seeds")
        result = self._run(name, number, case, folder)
        if not result.faults:
            _remove(folder)
        return result

    def _run(self, name: str, number: int, case: Case | Talk, folder: Path) -> Result:
        if isinstance(case, Talk):
            seconds, found = self._targets.talk(case)
            again = f"script/fuzz --seed {self._seed} --kinds {name} --only {number}"
            return Result(name, number, case.what, again, None, seconds, tuple(found))
        before = stamps(folder)
        ended = self._ended(name, number, case, folder)
        found = faults(case, folder, before, ended, KINDS[name].group.most_mb)
        command = _command(case, folder)
        if found:
            (folder / "command.sh").write_text(f"{command}\n", encoding="utf-8", errors="surrogateescape")
        return Result(name, number, case.what, command, ended.code, ended.seconds, tuple(found))

    def _ended(self, name: str, number: int, case: Case, folder: Path) -> Ended:
        if number % TRUE_STARTS == 0:
            return started(case, folder, 2 * self._patience_s)
        return forked(case, folder, self._patience_s, exits_early=KINDS[name].group.exits_early)


def drawn(seed: int, name: str, number: int, folder: Path, seeds: Seeds) -> Case | Talk:
    """Draw the input of this seed, which does not depend on what was drawn before."""
    return KINDS[name].make(Random(f"{seed}/{name}/{number}"), folder, seeds)  # noqa: S311 - it guards nothing


def _command(case: Case, folder: Path) -> str:
    """Return the command that a person types to see the case again."""
    kept = {**environment(folder), **case.environment}
    given = " ".join(f"{name}={shlex.quote(kept[name])}" for name in ("HOME", "XDG_STATE_HOME", *case.environment))
    said = " ".join(shlex.quote(each) for each in case.arguments)
    python = shlex.quote(sys.executable)
    return f"cd {ROOT} && {given} {python} -m {case.module} {said}"


def _remove(folder: Path) -> None:
    def make_removable(function: Any, path: str, _: object) -> None:
        os.chmod(os.path.dirname(path), 0o700)
        function(path)

    shutil.rmtree(folder, onerror=make_removable)


def main(folder: Path, seed: int, patience_s: float, kind: str) -> None:
    """Answer jobs until there are no more."""
    jobs, answers = _lines()
    worker = Worker(folder, seed, patience_s)
    worker.warm(KINDS[kind])
    for line in jobs:
        name, number = json.loads(line)
        print(json.dumps(asdict(worker.tried(name, number))), file=answers, flush=True)
    worker.close()


def _lines() -> tuple[IO[str], IO[str]]:
    """Return the streams of jobs and answers; what a library prints goes elsewhere."""
    jobs, answers = os.fdopen(os.dup(0), "r"), os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return jobs, answers


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])
