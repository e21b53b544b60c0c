"""`assistant install` and `assistant uninstall`: run the scripts that install this program as a service."""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from importlib import metadata, resources
from pathlib import Path

from assistant.cli.common import Subparsers, add_command
from assistant.errors import AssistantError

DISTRIBUTION = "emotion-assistant"

EXAMPLES = """examples:
  sudo .venv/bin/assistant install
  sudo assistant uninstall
"""


def add(commands: Subparsers) -> None:
    """Add both commands with their arguments."""
    install = add_command(
        commands,
        "install",
        _install,
        "install a service that starts with the machine (needs root)",
        EXAMPLES,
    )
    install.add_argument("--wheels", metavar="FOLDER", help="install the packages from this folder, without a network")
    page = install.add_mutually_exclusive_group()
    page.add_argument("--page", action="store_true", help="let the service use the network, for the helper's page")
    page.add_argument("--no-page", action="store_true", help="take the network away from the service again")
    uninstall = add_command(commands, "uninstall", _uninstall, "remove the service (needs root)", EXAMPLES)
    uninstall.add_argument("--purge", action="store_true", help="also remove the settings")


def _install(arguments: argparse.Namespace) -> int:
    options = ["--wheels", arguments.wheels] if arguments.wheels else []
    options += [f"--{name}" for name in ("page", "no-page") if getattr(arguments, name.replace("-", "_"))]
    with tempfile.TemporaryDirectory() as folder:
        if _is_packaged():
            options += ["--wheel", str(wheel_of_this(Path(folder)))]
        return _run("install.sh", options)


def _uninstall(arguments: argparse.Namespace) -> int:
    return _run("uninstall.sh", ["--purge"] if arguments.purge else [])


def _run(script: str, options: list[str]) -> int:
    return subprocess.run(["/bin/bash", str(_folder() / script), *options], check=False).returncode


def _folder() -> Path:
    """Return the folder of the scripts: inside the installed package, or in this checkout."""
    return _packaged() if _is_packaged() else Path(__file__).parents[2] / "systemd"


def _packaged() -> Path:
    return Path(str(resources.files("assistant"))) / "systemd"


def _is_packaged() -> bool:
    return (_packaged() / "install.sh").is_file()


def wheel_of_this(folder: Path) -> Path:
    """Pack the installed program into a wheel in `folder`.

    AssistantError is raised when its list of files is missing.
    """
    distribution = metadata.distribution(DISTRIBUTION)
    files = [file for file in distribution.files or () if ".." not in file.parts and "__pycache__" not in file.parts]
    records = [file for file in files if file.name == "RECORD"]
    if len(records) != 1:
        raise AssistantError("install: the program's list of files is missing: install its wheel again")
    files.remove(records[0])
    wheel = folder / f"{DISTRIBUTION.replace('-', '_')}-{distribution.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.write(str(file.locate()), str(file))
        packed.writestr(str(records[0]), _record([*files, records[0]]))
    return wheel


def _record(files: Sequence[metadata.PackagePath]) -> str:
    """Return a wheel's list of files.

    https://packaging.python.org/en/latest/specifications/binary-distribution-format/
    """
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    for file in files:
        digest = file.hash if file.name != "RECORD" else None
        writer.writerow((file, f"{digest.mode}={digest.value}", file.size) if digest else (file, "", ""))
    return rows.getvalue()
