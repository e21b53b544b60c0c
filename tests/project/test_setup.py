"""What `script/setup` installs with apt, and what it says where it may not."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAMS = {
    "dpkg-query": """case " $INSTALLED " in *" ${@: -1} "*) printf installed ;; *) exit 1 ;; esac""",
    "apt-cache": "exit 1",
    "apt-get": """echo "apt-get $*" >>"$CALLS"; case "$*" in *"$BROKEN"*) exit 100 ;; esac""",
    "id": "echo $USER_ID",
    "sudo": """[ "$SUDO" ] || exit 1; [ "$2" = true ] || { shift; exec "$@"; }""",
    "python3": """case "$*" in *version_info*) exit 1 ;; *) echo Python 3.9 ;; esac""",
}
"""Stand-ins; this Python is too old, so that the script ends before it makes an environment."""

VOICE = ("espeak-ng", "libespeak-ng1", "alsa-utils")
TESTS = ("chromium", "openssl", "procps")


@pytest.fixture
def setup(tmp_path):
    """Return a function that runs the script with stand-ins; it returns the calls of apt-get and what was said."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, script in PROGRAMS.items():
        (tools / name).write_text(f"#!/bin/bash\n{script}\n", encoding="ascii")
        (tools / name).chmod(0o755)
    for name in ("bash", "env", "dirname", "cat"):
        (tools / name).symlink_to(shutil.which(name))

    def run(*arguments, installed=(), user_id=0, sudo=False, broken="nothing", code=1, without=()):
        for name in without:
            (tools / name).unlink()
        environment = {"PATH": str(tools), "CALLS": str(tmp_path / "calls"), "INSTALLED": " ".join(installed)}
        environment |= {"USER_ID": str(user_id), "SUDO": "yes" if sudo else "", "BROKEN": broken}
        command = ["bash", ROOT / "script" / "setup", *arguments]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stdout) == (code, ""), ended.stderr
        calls = tmp_path / "calls"
        called = calls.read_text(encoding="ascii").splitlines() if calls.exists() else []
        return called, [line for line in ended.stderr.splitlines() if "Python 3" not in line]

    return run


@pytest.mark.parametrize("user", [{"user_id": 0}, {"user_id": 1000, "sudo": True}])
def test_what_is_missing_is_installed(setup, user):
    """Root, and a person whose sudo wants no password, get the packages of the voice and of the tests."""
    calls, said = setup("dev", installed=("alsa-utils",), **user)
    assert calls == [
        "apt-get update -qq",
        "apt-get install -y -qq espeak-ng libespeak-ng1",
        "apt-get update -qq",
        "apt-get install -y -qq chromium openssl procps",
    ]
    assert said == ["Installing espeak-ng libespeak-ng1 ...", "Installing chromium openssl procps ..."]


@pytest.mark.parametrize("mode", [(), ("desktop",)])
def test_only_the_tests_need_a_browser(setup, mode):
    """Without the mode `dev`, Chromium is not installed."""
    calls, _ = setup(*mode)
    assert calls == ["apt-get update -qq", "apt-get install -y -qq espeak-ng libespeak-ng1 alsa-utils"]


def test_where_all_is_there_apt_is_not_called(setup):
    """When every package is installed, apt is not called and nothing is said."""
    assert setup("dev", installed=(*VOICE, *TESTS)) == ([], [])


def test_who_may_not_install_is_told_the_command(setup):
    """A person without root gets the line to type, and the script goes on."""
    calls, said = setup("dev", installed=VOICE, user_id=1000)
    assert calls == []
    assert said == [
        "These packages are missing, and only root may install them: sudo apt install chromium openssl procps"
    ]


def test_a_browser_that_cannot_be_installed_does_not_keep_the_voice_away(setup):
    """The packages of the tests are installed apart from the others, and what is missing then is said."""
    calls, said = setup("dev", broken="chromium")
    assert "apt-get install -y -qq espeak-ng libespeak-ng1 alsa-utils" in calls
    skipped = "some tests are skipped, above all those of the page in a browser"
    assert said[-1] == f"apt could not install chromium openssl procps, so {skipped}"


def test_where_there_is_no_apt_it_is_said(setup):
    """On a distribution without apt the missing packages are named."""
    calls, said = setup("dev", installed=TESTS, without=("apt-get",))
    assert calls == []
    assert said == [
        "These packages are missing, and there is no apt to install them: espeak-ng libespeak-ng1 alsa-utils; "
        "there may be no voice or camera"
    ]


def test_a_mode_that_does_not_exist_is_refused(setup):
    """Nothing is installed, and the modes are named."""
    calls, said = setup("test", code=2)
    assert (calls, said) == ([], ["script/setup: there is no mode 'test': allowed is desktop or dev"])
