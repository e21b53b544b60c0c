"""`assistant install` and `assistant uninstall`: run the scripts that install this program as a service."""

from __future__ import annotations

import argparse
import json
import subprocess
from importlib import metadata, resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

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
    install.add_argument(
        "--wheel", metavar="FILE", help="install this wheel (default: the one from which this program was installed)"
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
    wheel = arguments.wheel or (origin_wheel() if _is_packaged() else None)
    options += ["--wheel", str(wheel)] if wheel else []
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


def origin_wheel() -> Path | None:
    """Return the wheel from which this program was installed, as pip wrote it down; None where it wrote nothing.

    https://packaging.python.org/en/latest/specifications/direct-url/
    AssistantError is raised when it was another file than a wheel, or the file is gone.
    """
    written = metadata.distribution(DISTRIBUTION).read_text("direct_url.json")
    if written is None:
        return None
    url = urlsplit(json.loads(written).get("url", ""))
    wheel = Path(unquote(url.path))
    if url.scheme != "file" or wheel.suffix != ".whl" or not wheel.is_file():
        raise AssistantError(
            "install: the wheel from which this program was installed cannot be found: give --wheel FILE"
        )
    return wheel
