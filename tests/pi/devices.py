"""Which kinds of devices the service may open, asked of the kernel from within the service's control group."""

from __future__ import annotations

import pytest

from tests.pi.booted import Machine

OPENS = "mknod -m 666 /dev/kind$1 c $1 250 2>/dev/null || true; (: </dev/kind$1) 2>&1 || true"
"""There is no such device, so to open it fails, but otherwise than where it is refused."""

CLOSED = ("systemd-run", "--quiet", "--wait", "--pipe", "--property=DevicePolicy=closed")
KINDS = {"cameras": 81, "sound": 116, "input": 13, "I2C": 89, "terminals": 4, "USB serial ports": 188}
"""https://docs.kernel.org/admin-guide/devices.html"""

ITS_OWN = {"cameras", "sound", "input"}


def may_open(machine: Machine, kind: str) -> bool:
    """Return whether the service may open such a device; skip the test when the machine refuses all or none."""
    if _is_refused(machine, kind):
        pytest.skip("this machine lets nobody open devices")
    if not _is_refused(machine, kind, *CLOSED):
        pytest.skip("this machine's systemd cannot keep a program from devices")
    group = f"/sys/fs/cgroup{machine.property('ControlGroup')}/cgroup.procs"
    return not _is_refused(machine, kind, "sh", "-c", f'echo $$ >{group}; exec "$@"', "sh")


def _is_refused(machine: Machine, kind: str, *within: str) -> bool:
    return "Operation not permitted" in machine.check(*within, "sh", "-c", OPENS, "sh", KINDS[kind])
