"""A control group for each booted machine: two machines in one group would end each other's services."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ENTERS = 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"'


@contextmanager
def control_group(name: str) -> Iterator[list[str]]:
    """Yield what is put before a command to run it in a new group, or nothing without groups of version 2."""
    above = _ours()
    if above is None:
        yield []
        return
    group = above / f"test-pi-{os.getpid()}-{name}"
    group.mkdir(exist_ok=True)
    try:
        yield ["sh", "-c", ENTERS, "sh", str(group)]
    finally:
        for folder, _, _ in os.walk(group, topdown=False):
            with suppress(OSError):  # one that is still in use
                Path(folder).rmdir()


def _ours() -> Path | None:
    """Return the folder of this process's group (https://docs.kernel.org/admin-guide/cgroup-v2.html)."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    mounted = [line.split()[4] for line in lines if " - cgroup2 " in line]
    groups = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    own = [line.removeprefix("0::/") for line in groups if line.startswith("0::/")]
    return Path(mounted[-1]) / own[0] if mounted and own else None
