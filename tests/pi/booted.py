"""A Debian 13 machine that is really booted, with systemd as its first program, in its own namespaces."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from tests.fakes.ear import phrases_in, recognise
from tests.fakes.recording_device import Samples
from tests.pi import trees
from tests.pi.control_groups import control_group
from tests.pi.program import copy_program

UNIT = "emotion-assistant"

RECIPE = trees.Recipe(
    "trixie",
    "amd64",
    ("systemd", "systemd-sysv", "dbus", "passwd", "polkitd", "procps", "libfaketime"),
    configured=True,
)
LISTING = r"""
cd /
passing="-path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp -o -path ./srv"
passing="$passing -o -path ./var/log -o -path ./var/cache -o -path ./var/tmp -o -path ./var/lib/apt"
passing="$passing -o -path ./var/lib/dpkg -o -path ./var/lib/systemd -o -name *- -o -name .pwd.lock"
set -f
find . -xdev \( $passing \) -prune -o -printf '%p %m %U %l\n' | sort
find etc -type f ! -name '*-' ! -path etc/ld.so.cache -exec sha256sum {} + | sort
dpkg-query -W -f '${Package} ${db:Status-Status}\n'
"""
"""Everything that is installed, and what it says under /etc."""

SINK = """#!/bin/sh
[ "$1" ] || exec setsid "$0" apart  # else it is killed with aplay, and what came last is lost
exec cat >/srv/heard/$(cut -d ' ' -f 1 /proc/uptime).$$.raw
"""
SOUND = """pcm.!default { type plug slave { pcm "recorded" rate 22050 format S16_LE channels 1 } }
pcm.recorded { type file slave.pcm "null" file "| /usr/local/bin/sink" format "raw" }
"""
"""The system's sound device writes what it plays to files: no machine that is tested on has one of its own."""

CAMERA = "simulated:" + ", ".join(["happy 4, empty 3, surprise 4, empty 3"] * 60)
ASSISTANT = f"/opt/{UNIT}/current/bin/assistant"
START = f"{ASSISTANT} run --config /etc/{UNIT}/settings.toml --wait-for-camera"
SETTINGS = '[voice]\nname = "en-us+f2"\n'
"""The voice that the recogniser understands best."""

STARTED = frozenset({"running", "degraded"})
STARTING = frozenset({"initializing", "starting"}) | STARTED
GOES_ON_S, QUIET = 0.5, 2205
"""A sound that was written to so lately, and does not end with a tenth of a second of silence, is not over."""

CONTROL_GROUPS = {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
"""The newer ones, as on Debian and on Raspberry Pi OS, also where the machine outside has the older."""

HOLDS_DEVICES_BACK = ("--capability=CAP_BPF", "--system-call-filter=bpf")
"""Which devices a service may open is looked after by a program in the kernel, which systemd must be able to load."""

ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    **trees.PATIENT_PIP,
}


@dataclass(frozen=True, slots=True)
class Machine:
    """A booted machine, named by its tree and the number of its first program."""

    path: Path
    first: int

    def run(self, *command: object, timeout_s: float = 600, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the machine as root."""
        handed_on = {name: os.environ[name] for name in trees.HANDED_ON if name in os.environ}
        variables = [f"{name}={value}" for name, value in {**ENVIRONMENT, **handed_on, **environment}.items()]
        entering = ["nsenter", "-t", str(self.first), "-a", "env", "-i", *variables]
        return subprocess.run(
            [*entering, *map(str, command)], capture_output=True, text=True, timeout=timeout_s, check=False
        )

    def check(self, *command: object, timeout_s: float = 600) -> str:
        """Return the output of a command, which must succeed."""
        ended = self.run(*command, timeout_s=timeout_s)
        assert ended.returncode == 0, f"{command}: exit code {ended.returncode}\n{ended.stdout}{ended.stderr}"
        return ended.stdout.strip()

    def shell(self, script: str) -> str:
        """Return the output of a script, which must succeed."""
        return self.check("sh", "-ec", script)

    def property(self, name: str) -> str:
        """Return a property of the service."""
        return self.check("systemctl", "show", "--value", "-p", name, UNIT)

    def journal(self, cursor: str = "") -> str:
        """Return what the service, and systemd about it, have written to the journal since `cursor`."""
        since = [f"--after-cursor={cursor}"] if cursor else []
        return self.check("journalctl", "-u", UNIT, "-o", "cat", "--no-pager", *since)

    def cursor(self) -> str:
        """Return the end of the journal, for `journal`."""
        shown = self.check("journalctl", "-n", "1", "-o", "cat", "--no-pager", "--show-cursor")
        return shown.rpartition("-- cursor: ")[2]

    def write(self, name: str, text: str, mode: int = 0o644) -> None:
        """Write a file of the machine."""
        path = self.path / name.removeprefix("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def drop_in(self, name: str, *lines: str) -> None:
        """Change the unit."""
        self.write(f"etc/systemd/system/{UNIT}.service.d/{name}.conf", "\n".join(("[Service]", *lines, "")))
        self.check("systemctl", "daemon-reload")

    def camera(self, name: str) -> None:
        """Set the camera of the service from its next start on; an empty name stands for the real one."""
        self.drop_in("camera", "ExecStart=", f"ExecStart={START}" + (f' --camera "{name}"' if name else ""))

    def sounds(self) -> dict[str, int]:
        """Return what was played so far: files and their sizes, in the order of time."""
        files = sorted(_heard_in(self).glob("*.raw"), key=lambda file: float(".".join(file.name.split(".")[:2])))
        return {file.name: file.stat().st_size for file in files}

    def samples(self, name: str, begin: int = 0) -> Samples:
        """Return one of `sounds`, from this byte on."""
        data = (_heard_in(self) / name).read_bytes()[begin // 2 * 2 :]
        return np.frombuffer(data[: len(data) // 2 * 2], dtype=np.int16)

    def heard(self, before: Mapping[str, int]) -> list[str]:
        """Return the phrases that were played since `sounds` returned `before`."""
        found: list[Samples] = []
        for name in self.sounds():
            goes_on = time.time() - (_heard_in(self) / name).stat().st_mtime < GOES_ON_S
            samples = self.samples(name, before.get(name, 0))
            sounds_still = goes_on and samples[-QUIET:].any()
            found += phrases_in(samples)[: -1 if sounds_still else None]
        # A phrase with a comma is heard in two parts: they are tried together, too.
        joined = [np.concatenate(both) for both in pairwise(found)]
        return [_recognised(samples.tobytes()) for samples in (*found, *joined)]

    def power_off(self) -> None:
        """Switch the machine off, and wait until it is off."""
        self.run("systemctl", "poweroff")
        wait(lambda: not Path(f"/proc/{self.first}").exists(), 60 * load())

    def cut_power(self) -> None:
        """End the machine at once."""
        os.kill(self.first, 9)
        wait(lambda: not Path(f"/proc/{self.first}").exists(), 10 * load())


def _heard_in(machine: Machine) -> Path:
    """Return the folder in which the machine's sound device writes; what lies over its tree may be in memory."""
    root = Path(f"/proc/{machine.first}/root") if machine.first else machine.path
    return root / "srv" / "heard"


@cache
def _recognised(sound: bytes) -> str:
    return recognise(np.frombuffer(sound, dtype=np.int16))


def wait(condition: Callable[[], object], timeout_s: float) -> float:
    """Wait until the condition holds, and return the seconds that took; fail when it does not hold in time."""
    begun_s = time.monotonic()
    while not condition():
        assert time.monotonic() < begun_s + timeout_s, "it did not happen"
        time.sleep(0.2)
    return time.monotonic() - begun_s


def load() -> float:
    """How many times slower than one that does nothing else the machine is that all this runs on, roughly.

    TEST_PI_SLOW is for machines that others share, which their own load does not tell.
    """
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)) * float(os.environ.get("TEST_PI_SLOW", "1"))


def new_tree(name: str) -> Path:
    """Return the tree of a machine that was never on, with this checkout in /srv/clone and a recorded sound device."""
    made = trees.made(RECIPE)
    path = trees.FOLDER / name
    subprocess.run(["rm", "-rf", "--one-file-system", path], check=True)
    subprocess.run(["cp", "-a", "--reflink=auto", made.path, path], check=True)
    copy_program(path / "srv" / "clone")
    machine = Machine(path, 0)
    machine.write("etc/apt/apt.conf.d/80patient", f"{trees.PATIENT_APT};\n")
    machine.write("etc/asound.conf", SOUND)
    machine.write("usr/local/bin/sink", SINK, 0o755)
    (path / "srv" / "heard").mkdir()
    (path / "srv" / "heard").chmod(0o777)
    machine.write(f"etc/systemd/system/{UNIT}.service.d/sound.conf", "[Service]\nReadWritePaths=/srv/heard\n")
    return path


@contextmanager
def booted(path: Path, *options: str, states: frozenset[str] = STARTED) -> Iterator[Machine]:
    """Switch a machine on, and wait until systemd reports one of these states; switch it off at the end."""
    command = ["systemd-nspawn", "-D", str(path), "-b", "--register=no", "--keep-unit", f"--machine={path.name}"]
    # With an empty standard input it would switch itself off; a service without a network has one made for it.
    command += ["--console=read-only", "--capability=CAP_NET_ADMIN", *HOLDS_DEVICES_BACK, *options]
    with control_group(path.name) as entering, path.with_suffix(".boot.log").open("wb") as log:
        outer = subprocess.Popen(
            [*entering, *command],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=os.environ | CONTROL_GROUPS,
        )
        try:
            yield _machine(outer, path, states)
        finally:
            _end(outer)


def _machine(outer: subprocess.Popen[bytes], path: Path, states: frozenset[str]) -> Machine:
    """Return the machine as soon as it is in one of these states."""
    wait(lambda: outer.poll() is not None or _is_one_of(states, Machine(path, _first_program(outer))), 90 * load())
    told = path.with_suffix(".boot.log").read_text(encoding="utf-8", errors="replace")
    assert outer.poll() is None, f"systemd-nspawn cannot boot it: {told}"
    return Machine(path, _first_program(outer))


def _end(outer: subprocess.Popen[bytes]) -> None:
    if outer.poll() is None:
        outer.terminate()  # which it hands on as an order to switch off
        try:
            outer.wait(30)
        except subprocess.TimeoutExpired:
            outer.kill()
            outer.wait()


def _is_one_of(states: frozenset[str], machine: Machine) -> bool:
    return machine.first > 0 and machine.run("systemctl", "is-system-running").stdout.strip() in states


def _first_program(outer: subprocess.Popen[bytes]) -> int:
    """Return the number of the machine's first program, or 0; at the start another program has its place."""
    children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text(encoding="ascii").split()
    return int(children[0]) if children else 0
