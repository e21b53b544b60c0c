"""The Debian package and install.sh install the same, as far as the package need not be built to check it."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALL = (ROOT / "systemd" / "install.sh").read_text(encoding="utf-8")
CONTROL = (ROOT / "debian" / "control.in").read_text(encoding="utf-8")
ONLY_TO_MAKE_THE_ENVIRONMENT = {"python3-venv"}
ONLY_TO_GO_BACK = {"dpkg-repack"}
"""install.sh keeps the release before by itself."""


def names_in_install_sh(array: str) -> set[str]:
    """Return the Debian packages of one of the script's lists."""
    (names,) = re.findall(rf"^{array}=\((.*)\)$", INSTALL, re.MULTILINE)
    return set(names.split())


def names_in_control(field: str) -> set[str]:
    """Return the packages of a field of the control file, without those that only the build knows."""
    (names,) = re.findall(rf"^{field}: (.*)$", CONTROL, re.MULTILINE)
    return {name for name in names.split(", ") if name[0] not in "$@"}


def test_it_needs_the_same_debian_packages():
    """The package depends on and recommends what the script installs."""
    assert (
        names_in_control("Depends") - ONLY_TO_GO_BACK == names_in_install_sh("packages") - ONLY_TO_MAKE_THE_ENVIRONMENT
    )
    assert names_in_control("Recommends") == names_in_install_sh("where_there_are")


@pytest.mark.parametrize("name", ["emotion-assistant.service", "last-words"])
def test_no_path_of_install_sh_is_left(name):
    """debian/rules replaces every path in /opt; a file without a new path was not rewritten."""
    rules = (ROOT / "debian" / "rules").read_text(encoding="utf-8")
    (paths,) = re.findall(r"^paths := (.*)$", rules, re.MULTILINE)
    command = ["sed", *shlex.split(paths), ROOT / "systemd" / name]
    rewritten = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "/opt" not in rewritten
    assert "/current" not in rewritten
    assert "/usr/lib/emotion-assistant" in rewritten
    assert "/environment/" in rewritten


def test_its_rules_rewrite_each_file_that_names_the_folder():
    """A new file with a path in /opt is not forgotten; the shell scripts belong to install.sh only."""
    named = {path.name for path in (ROOT / "systemd").iterdir() if "/opt/" in path.read_text(encoding="utf-8")}
    assert {name for name in named if not name.endswith(".sh")} == {"emotion-assistant.service", "last-words"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--fast"], "build-deb: --fast: no such option; see --help"), ([], "build-deb: not installed: debhelper")],
)
def test_what_it_cannot_do_it_says_in_a_line(tmp_path, arguments, words):
    """The exit code is 2, and nothing is built."""
    (tmp_path / "dpkg-query").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "dpkg-query").chmod(0o755)
    ended = subprocess.run(
        [ROOT / "script" / "build-deb", *arguments],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(words)
    assert ended.stderr.count("\n") == 1
