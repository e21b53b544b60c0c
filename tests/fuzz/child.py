"""Runs a command in its own process: forked from a worker that has loaded the libraries, or started anew."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import importlib
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.case import Case

ROOT = Path(__file__).parents[2]

MAINS = {"assistant": "assistant.cli.main", "quantize": "quantize.cli"}
"""Where the commands begin."""

CAPABILITIES, PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 0x20080522, 24, 1, 2
"""Of linux/capability.h and linux/prctl.h."""
WAITS_S = 3.0
"""After this long what may wait is told to end."""
ENDS_S = 5.0
"""And must have ended after this much more."""
MOST_ADDRESSES = 8 << 30
"""Bytes, so that what takes all memory takes its own and not the machine's."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    code: int
    """Below 0: the signal that it died of."""
    seconds: float
    memory_mb: int
    hung: bool


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command whose home is this folder, without the settings of the person."""
    home = folder / "home"
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "CUDA_VISIBLE_DEVICES") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / ".state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_RUNTIME_DIR": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONFAULTHANDLER": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "MPLBACKEND": "agg",
    }


def forked(case: Case, folder: Path, patience_s: float, *, exits_early: bool) -> Ended:
    """Run the command's `main` in a copy of this process."""
    pid = os.fork()
    if pid:
        return _watched(pid, case, patience_s)
    _become(case, folder)
    faulthandler.enable(all_threads=True)
    os.environ.update(environment(folder) | case.environment)
    sys.argv = [case.module, *case.arguments]
    with _left_at_once() if exits_early else contextlib.nullcontext():
        sys.exit(importlib.import_module(MAINS[case.module]).main(case.arguments))


def started(case: Case, folder: Path, patience_s: float) -> Ended:
    """Run the command as a person does, in its own interpreter."""
    pid = os.fork()
    if pid:
        return _watched(pid, case, patience_s)
    _become(case, folder)
    command = [sys.executable, "-m", case.module, *case.arguments]
    return os.execve(sys.executable, command, environment(folder) | dict(case.environment))  # noqa: S606 - this Python


@contextlib.contextmanager
def _left_at_once() -> Iterator[None]:
    try:
        yield
    except SystemExit as ending:
        sys.stdout.flush()
        os._exit(ending.code if isinstance(ending.code, int) else 1)


def _become(case: Case, folder: Path) -> None:
    """Turn into a process without standard input, whose output goes into files."""
    os.setsid()
    os.chdir(folder / "cwd")
    for number, name, flags in ((0, "/dev/null", os.O_RDONLY), (1, "stdout", WRITE), (2, "stderr", WRITE)):
        opened = os.open(folder / name if number else name, flags, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    if not case.overrides_rights:
        _respect_rights()


def _respect_rights() -> None:
    """Give up root's power to read files without rights, also in programs that are started (capabilities(7))."""
    libc = ctypes.CDLL(None)
    header, data = (ctypes.c_uint32 * 2)(CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        for place in (0, 1):  # those in effect, and those that could be taken up
            data[place] &= ~(1 << capability)
    libc.capset(header, data)


WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def _watched(pid: int, case: Case, patience_s: float) -> Ended:
    """Wait for a process; when it hangs, end it and everything that it has started."""
    begun = time.monotonic()
    ended = os.pidfd_open(pid)
    try:
        hung = not _ends(ended, WAITS_S if case.may_wait else patience_s)
        if hung and case.may_wait:
            _send(pid, signal.SIGTERM)
            hung = not _ends(ended, ENDS_S)
        if hung:
            _send(pid, signal.SIGABRT)  # with a trace of where it hangs
            if not _ends(ended, ENDS_S):
                _send(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    finally:
        os.close(ended)
    _send_all(pid)
    code = os.waitstatus_to_exitcode(status)
    return Ended(code, time.monotonic() - begun, usage.ru_maxrss // 1024, hung)


def _ends(descriptor: int, within_s: float) -> bool:
    return bool(select.select([descriptor], [], [], within_s)[0])


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _send_all(group: int) -> None:
    """Send the signal also to processes that were left behind."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
