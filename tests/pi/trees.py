"""Debian trees are made once and kept in a folder; commands run in them, those for arm64 under emulation."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

KEPT = "/var/tmp/emotion-assistant-test-pi"  # noqa: S108 - script/test-pi refuses it where it is not root's
FOLDER = Path(os.environ.get("TEST_PI_FOLDER", KEPT))
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
HANDED_ON = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL")
PATIENT_PIP = {"PIP_DEFAULT_TIMEOUT": "60", "PIP_RETRIES": "10"}
PATIENT_APT = 'Acquire::Retries "5"'
BASE = ("bash", "ca-certificates", "coreutils", "dash", "python3", "python3-venv")
"""What a tree that is only unpacked needs to make environments."""

LIMIT_S = 1800.0
"""On a quiet machine everything here takes a minute; on a busy one emulation gets what the others leave."""

IN_A_TREE = """set -e; tree=$1; carried=$2; shift 2
mount -t proc proc "$tree/proc"; mount --rbind /dev "$tree/dev"; mount -t tmpfs tmpfs "$tree/tmp"
mount --bind "$carried" "$tree/carried"; mount --bind "$PIP_CACHE" "$tree/pip-cache"
exec chroot "$tree" "$@"
"""
"""All mounts are in a namespace of their own: none is left behind, so removing a tree is safe."""

KERNEL = Path("/proc/sys/fs/binfmt_misc")
ARM64 = "emotion-assistant-arm64"
ARM64_PROGRAMS = (
    rf":{ARM64}:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
    r":\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:{emulator}:F"
)
"""The beginning of every 64-bit little-endian ELF program for machine 183 (https://docs.kernel.org/admin-guide/binfmt-misc.html);
F: the emulator is opened now, and so is found in any tree."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a tree is made of."""

    release: str
    architecture: str
    packages: tuple[str, ...]
    configured: bool = False
    """Whether the packages' own scripts are run, or the packages are only unpacked, which is much faster."""

    commands: tuple[str, ...] = ()
    """Run by a shell in the tree, once, when it has been made."""

    purpose: str = ""
    """What tells it from another tree of the same release and architecture."""

    @property
    def name(self) -> str:
        """The name of the tree's folder."""
        return "-".join(filter(None, ("debian", self.release, self.architecture, self.purpose)))

    def mmdebstrap(self, target: Path) -> list[str]:
        """Return the command that makes the tree."""
        variant = "apt" if self.configured else "extract"
        options = ["--mode=root", f"--variant={variant}", f"--architectures={self.architecture}"]
        packages = ",".join((*BASE, *self.packages))
        # The clock of a Pi or of a virtual machine may be wrong.
        apt = ['--aptopt=Acquire::Check-Valid-Until "false"', f"--aptopt={PATIENT_APT}"]
        return ["mmdebstrap", "--quiet", *options, f"--include={packages}", *apt, self.release, str(target)]


@dataclass(frozen=True, slots=True)
class Tree:
    """A Debian tree in which commands can be run."""

    path: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def with_environment(self, **environment: str) -> Tree:
        """Return the same tree, whose commands get these variables too."""
        return Tree(self.path, {**self.environment, **environment})

    def command(self, arguments: Sequence[object], carried: Path) -> list[str]:
        """Return the command that runs another one in the tree: as root, in new namespaces, `carried` at /carried."""
        namespaces = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]
        cache = _folder("pip-cache")
        variables = [f"{name}={value}" for name, value in {**_variables(), **self.environment}.items()]
        inside = ["/usr/bin/env", "-i", *variables, *map(str, arguments)]
        script = ["env", f"PIP_CACHE={cache}", "sh", "-c", IN_A_TREE, "sh", str(self.path), str(carried)]
        return [*namespaces, *script, *inside]

    def run(
        self, arguments: Sequence[object], carried: Path, timeout_s: float = LIMIT_S
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; its output is text."""
        command = self.command(arguments, carried)
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False)

    def check(self, arguments: Sequence[object], carried: Path, timeout_s: float = LIMIT_S) -> str:
        """The standard output of a command that must succeed."""
        ended = self.run(arguments, carried, timeout_s)
        assert ended.returncode == 0, f"{arguments}: exit code {ended.returncode}\n{ended.stdout}{ended.stderr}"
        return ended.stdout


def made(recipe: Recipe) -> Tree:
    """Return the tree of a recipe: the kept one, or a new one when the kept one has another recipe."""
    path = FOLDER / recipe.name
    written = FOLDER / f"{recipe.name}.recipe"
    with locked(recipe.name):
        if not (written.is_file() and written.read_text(encoding="utf-8") == repr(recipe)):
            written.unlink(missing_ok=True)
            _make(recipe, path)
            written.write_text(repr(recipe), encoding="utf-8")
    _bring_network(path)
    return Tree(path)


def _make(recipe: Recipe, path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    ended = subprocess.run(recipe.mmdebstrap(path), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    for folder in ("carried", "pip-cache"):
        (path / folder).mkdir()
    _bring_network(path)
    for command in recipe.commands:
        Tree(path).check(["sh", "-ec", command], _folder("carried"))


def _bring_network(path: Path) -> None:
    """Copy the names and the certificates of this machine's network, which may change."""
    for name in ("etc/resolv.conf", CERTIFICATES):
        if Path("/", name).is_file():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).unlink(missing_ok=True)
            shutil.copyfile(f"/{name}", path / name)


def _variables() -> dict[str, str]:
    fixed = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "PIP_CACHE_DIR": "/pip-cache",
        "PIP_CERT": f"/{CERTIFICATES}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PYTHONUNBUFFERED": "1",
    }
    return fixed | PATIENT_PIP | {name: os.environ[name] for name in HANDED_ON if name in os.environ}


def emulator() -> Path:
    """Return Debian 13's emulator of arm64: that of Debian 12 crashes, and computes wrongly."""
    path = FOLDER / "qemu-aarch64"
    with locked(path.name):
        if not path.is_file():
            unpacked = FOLDER / "qemu"
            shutil.rmtree(unpacked, ignore_errors=True)
            _make(Recipe("trixie", "amd64", ("qemu-user",)), unpacked)
            shutil.move(unpacked / "usr" / "bin" / path.name, path)
            shutil.rmtree(unpacked)
    return path


@contextmanager
def arm64_programs() -> Iterator[None]:
    """Let the kernel run programs for arm64, on the processor that QEMU_CPU names, until the end."""
    mounts = not (KERNEL / "register").exists()
    if mounts:
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", KERNEL], check=True)
    try:
        _forget_arm64()  # one that was killed may have left it
        told = ARM64_PROGRAMS.replace("{emulator}", str(emulator()))
        (KERNEL / "register").write_text(told, encoding="ascii")
        yield
    finally:
        _forget_arm64()
        if mounts:
            subprocess.run(["umount", KERNEL], check=True)


def _forget_arm64() -> None:
    if (KERNEL / ARM64).exists():
        (KERNEL / ARM64).write_text("-1", encoding="ascii")


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock of a tree, so that two tests do not make it at the same time."""
    with (_folder("locks") / name).open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _folder(name: str) -> Path:
    path = FOLDER / name
    path.mkdir(parents=True, exist_ok=True)
    return path
