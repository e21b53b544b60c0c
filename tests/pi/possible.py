"""Which parts of script/test-pi this machine can do: their Debian trees are made, and the least of each part is tried.

`python -m tests.pi.possible PART...` writes a line for each part that it cannot do: its name, a tab, the reason.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.pi.board import EMULATORS
from tests.pi.booted import RECIPE, booted
from tests.pi.recipes import BUILDERS, DEBIAN_12, DEBIAN_13, PYTHON, TESTING
from tests.pi.trees import FOLDER, arm64_programs, made

ASK_PYPI = "import urllib.request; urllib.request.urlopen('https://pypi.org/simple/pip/', timeout=60).close()"
WALLS = ("DynamicUser=yes", "PrivateNetwork=yes", "ProtectSystem=strict", "SystemCallFilter=@system-service")
"""Of each kind that the service has one: who may, namespaces, mounts, filters."""


def try_arm64() -> None:
    """Run programs for arm64, and reach the network from them."""
    trees = [made(recipe) for recipe in (DEBIAN_13, DEBIAN_12)]
    with arm64_programs():
        for tree in trees:
            tree.check(["python3", "-c", ASK_PYPI], FOLDER)


def try_service() -> None:
    """Boot a Debian, reach the network from it, and run a service in a sandbox."""
    made(BUILDERS)
    with booted(made(RECIPE).path, "--volatile=overlay") as machine:
        machine.check("python3", "-c", ASK_PYPI)
        machine.check("systemd-run", "--quiet", "--wait", *(f"--property={wall}" for wall in WALLS), "true")


def try_picamera2() -> None:
    """Make Debian's testing release, which changes, with the packages that the tests need."""
    made(TESTING).check([PYTHON, "-c", f"import libcamera; {ASK_PYPI}"], FOLDER)


def try_board() -> None:
    """Run programs for arm64, with which the image is made, and the emulator of the boards."""
    with arm64_programs():
        assert "raspi3ap" in made(EMULATORS).check(["qemu-system-aarch64", "-M", "help"], FOLDER)


TRIALS: dict[str, Callable[[], None]] = {
    "arm64": try_arm64,
    "service": try_service,
    "card": try_service,
    "picamera2": try_picamera2,
    "board": try_board,
}


def why_not(part: str) -> str:
    """Return in one line why this machine cannot do a part, or an empty text."""
    try:
        TRIALS[part]()
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        return next((line for line in reversed(str(error).splitlines()) if line.strip()), repr(error)).strip()
    return ""


def main(parts: list[str]) -> None:
    """Try the parts side by side."""
    with ThreadPoolExecutor() as side_by_side:
        for part, reason in zip(parts, side_by_side.map(why_not, parts), strict=True):
            if reason:
                print(part, reason, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
