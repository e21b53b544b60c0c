"""What a running program uses, read from /proc: processor time, memory, threads, open files, child processes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Footprint:
    """What one program uses at one moment, `t_s` seconds after its start."""

    t_s: float
    memory_mb: float
    """Resident memory in MB (2^20 bytes)."""
    threads: int
    files: int
    """Open file descriptors."""
    children: int
    """The program's child processes, and the child processes of these."""


def footprint(pid: int, t_s: float) -> Footprint:
    """Measure a process; raise FileNotFoundError or ProcessLookupError when it does not run."""
    status = dict(line.split(":", 1) for line in (PROC / str(pid) / "status").read_text().splitlines())
    return Footprint(
        t_s=t_s,
        memory_mb=int(status["VmRSS"].split()[0]) / 1024,
        threads=int(status["Threads"]),
        files=len(os.listdir(PROC / str(pid) / "fd")),
        children=len(list(descendants(pid))),
    )


def cpu_s(pid: int) -> float:
    """Return the processor seconds of a process and all its children, also of children that have ended."""
    fields = [_stat(each) for each in (pid, *descendants(pid))]
    return sum(int(value) for stat in fields for value in stat[11:15]) / TICKS_A_SECOND


def thread_cpu_s(pid: int, threads: Sequence[int]) -> float:
    """Return the processor seconds of these threads of a process, by the operating system's numbers."""
    counted = [(PROC / str(pid) / "task" / str(each) / "schedstat").read_text().split()[0] for each in threads]
    return sum(map(int, counted)) / 1e9


def wakeups(pid: int) -> int:
    """Return how often the main thread of a process has waited and was woken since its start."""
    status = (PROC / str(pid) / "task" / str(pid) / "status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("voluntary_ctxt_switches"))


def whole_memory_mb(pid: int) -> float:
    """Return the memory of a process and all its children in MB (2^20 bytes); pages they share are counted once.

    A child that has not begun its own program yet has the memory of its parent (vfork(2)), and is not counted.
    """
    kib, own = 0, _command(pid)
    for each in (pid, *(child for child in descendants(pid) if _command(child) != own)):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended
            rollup = (PROC / str(each) / "smaps_rollup").read_text()
            kib += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return kib / 1024


def _command(pid: int) -> bytes:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return (PROC / str(pid) / "cmdline").read_bytes()
    return b""


def descendants(pid: int) -> Iterator[int]:
    """Yield the process ids of all children, and of the children of these."""
    parents = {}
    for each in PROC.iterdir():
        if each.name.isdecimal() and (stat := _stat(int(each.name))):
            parents[int(each.name)] = int(stat[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
        yield from more


def _stat(pid: int) -> Sequence[str]:
    """Return the fields after the name, from the process's state on (proc(5)); empty when the process has ended."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ()
