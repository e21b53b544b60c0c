"""What is installed: a copy of this checkout, its wheel, and all that this needs.

`python -m tests.pi.program FOLDER` builds the wheel there and prints its path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.pi import trees
from tests.pi.recipes import BUILDERS

ROOT = Path(__file__).parents[2]
PROGRAM = ("assistant", "locked", "models", "quantize", "systemd")
FILES = ("LICENSE", "README.md", "pyproject.toml", "setup.cfg")


def copy_program(folder: Path) -> None:
    """Copy what is installed from a clone."""
    for each in PROGRAM:
        shutil.copytree(ROOT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__"))
    for each in FILES:
        shutil.copy(ROOT / each, folder / each)


def wheel_in(folder: Path) -> Path:
    """Build the wheel in this folder, or return the one that is given."""
    given = os.environ.get("TEST_PI_WHEEL")
    if given:
        return Path(shutil.copy(given, folder))
    copy_program(folder / "clone")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, folder / "clone"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (built,) = folder.glob("*.whl")
    return built


def built_package(run: str) -> Path:
    """Build the Debian package in a Debian 13 with only the tools for it, once in a `run` of the tests."""
    folder = trees.FOLDER / "package"
    with trees.locked("package"):
        written = folder / "run"
        if not (written.is_file() and written.read_text(encoding="utf-8") == run):
            shutil.rmtree(folder, ignore_errors=True)
            copy_program(folder / "clone")
            for each in ("debian", "script"):
                shutil.copytree(ROOT / each, folder / "clone" / each)
            print(trees.made(BUILDERS).check(["/carried/clone/script/build-deb", "/carried/packages"], folder))
            written.write_text(run, encoding="utf-8")
    (built,) = (folder / "packages").iterdir()
    return built


def needed_wheels(tree: trees.Tree) -> Path:
    """Return a folder with every wheel that an installation in this tree needs, so that it needs no network."""
    folder = trees.FOLDER / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    download = (
        "python3 -m venv /tmp/pip; cd /carried; "
        "exec /tmp/pip/bin/pip download -q -d . --no-deps --require-hashes -r list.txt"
    )
    with trees.locked(folder.name):
        shutil.copy(ROOT / "locked" / "raspberry-pi-os-13.txt", folder / "list.txt")
        tree.check(["sh", "-ec", download], folder)
    return folder


if __name__ == "__main__":
    print(wheel_in(Path(sys.argv[1])))
