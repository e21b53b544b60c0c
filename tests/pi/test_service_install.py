"""install.sh and uninstall.sh run for real on a booted Debian 13."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pi import trees
from tests.pi.booted import CAMERA, LISTING, RECIPE, SETTINGS, UNIT, Machine, booted, load, new_tree, wait
from tests.pi.program import needed_wheels, wheel_in

INSTALL, UNINSTALL = "/srv/clone/systemd/install.sh", "/srv/clone/systemd/uninstall.sh"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel in its own folder."""
    return wheel_in(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def machine(wheel: Path) -> Iterator[Machine]:
    """Yield a machine that never had the program, with a simulated camera."""
    folders = (
        f"--bind-ro={needed_wheels(trees.made(RECIPE))}:/srv/wheels",
        f"--bind-ro={wheel.parent}:/srv/wheel",
    )
    with booted(new_tree("install"), *folders) as started:
        started.camera(CAMERA)
        yield started


REFUSALS = {
    "not root": ("runuser -u nobody -- {install}", 1, "Only root may install"),
    "32 bits": (
        "file=/usr/bin/dpkg; mount --bind /srv/armhf/dpkg $file; {install} || code=$?; umount $file; exit $code",
        1,
        "64-bit Raspberry Pi OS",
    ),
    "another system": (
        "file=/usr/lib/os-release; mount --bind /srv/os-release $file; {install} || code=$?; umount $file; exit $code",
        1,
        "This is Ubuntu 24.04; needed is Raspberry Pi OS or Debian, release 12 or 13",
    ),
    "no room": ("mount -t tmpfs -o size=9M tmpfs /opt; {install} || code=$?; umount /opt; exit $code", 1, "9 MB free"),
    "no network": ("unshare -n {install}", 1, "is there a network, is the clock right?"),
    "no such option": ("{install} --fast", 2, "--fast: no such option"),
    "no such wheel": ("{install} --wheel nowhere.whl", 2, "--wheel nowhere.whl: a file or folder that is there"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_machine_that_will_not_do_is_refused_in_words(machine: Machine, case: str) -> None:
    """The installer says why, before anything is changed."""
    machine.write("srv/armhf/dpkg", "#!/bin/sh\necho armhf\n", 0o755)
    machine.write("srv/os-release", 'ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04"\n')
    before = machine.shell(LISTING)
    script, code, words = REFUSALS[case]
    ended = machine.run("sh", "-c", script.format(install=INSTALL))
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert words in ended.stdout + ended.stderr
    assert machine.shell(LISTING) == before


def test_an_installation_that_fails_leaves_the_machine_as_it_was(machine: Machine, wheel: Path) -> None:
    """The failed step is named, and what was done before it is undone, with Debian's packages."""
    before = machine.shell(LISTING)
    machine.shell("mkdir /srv/empty")
    ended = machine.run(INSTALL, "--wheel", f"/srv/wheel/{wheel.name}", "--wheels", "/srv/empty")
    assert ended.returncode == 1, ended.stdout
    assert "The program ...                           failed" in ended.stdout
    assert "ai-edge-litert" in ended.stdout
    assert "The machine is as it was." in ended.stdout
    assert machine.shell(LISTING) == before


@pytest.fixture(scope="module")
def installed(machine: Machine) -> Machine:
    """Install the program from the clone, through the network."""
    machine.shell(f"({LISTING}) >/srv/before")
    machine.write(f"etc/{UNIT}/settings.toml", SETTINGS)
    ended = machine.run(INSTALL)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    print(ended.stdout)
    return machine


def test_it_is_installed_runs_and_says_ready(installed: Machine) -> None:
    """The service starts with the power, as its own user."""
    wait(lambda: "ready" in installed.heard({}), 60 * load())
    assert installed.property("ActiveState") == "active"
    assert installed.check("systemctl", "is-enabled", UNIT) == "enabled"
    groups = installed.check("id", "-nG", UNIT).split()
    assert set(groups) == {UNIT, "video", "audio"} | (set(groups) & {"render", "input", "gpio"})
    assert installed.check("stat", "-c", "%U %a", f"/etc/{UNIT}", f"/var/lib/{UNIT}") == f"root 755\n{UNIT} 700"


def test_its_user_may_switch_the_machine_off_and_nothing_else(installed: Machine) -> None:
    """The rule for polkit allows the power-off and no other action."""
    ask = (
        "pid=$(systemctl show --value -p MainPID emotion-assistant); "
        "start=$(cut -d ' ' -f 22 /proc/$pid/stat); uid=$(id -u emotion-assistant); "
        "pkcheck --action-id org.freedesktop.login1.{action} --process $pid,$start,$uid"
    )
    allowed = {
        action: installed.run("sh", "-c", ask.format(action=action)).returncode == 0
        for action in ("power-off", "power-off-multiple-sessions", "reboot", "power-off-ignore-inhibit", "suspend")
    }
    assert [action for action, is_allowed in allowed.items() if is_allowed] == [
        "power-off",
        "power-off-multiple-sessions",
    ]


def test_an_upgrade_keeps_the_settings(installed: Machine, wheel: Path) -> None:
    """With a folder of wheels no network is needed, and the older release is removed."""
    settings = installed.check("cat", f"/etc/{UNIT}/settings.toml")
    ended = installed.run(
        "unshare",
        "-n",
        INSTALL,
        "--wheel",
        f"/srv/wheel/{wheel.name}",
        "--wheels",
        "/srv/wheels",
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert installed.check("cat", f"/etc/{UNIT}/settings.toml") == settings
    assert installed.check("ls", f"/opt/{UNIT}/releases") == "2"
    assert installed.property("ActiveState") == "active"


def test_an_upgrade_that_fails_goes_back(installed: Machine, wheel: Path, tmp_path: Path) -> None:
    """The doctor finds a model that does not fit its card, and the older release goes on."""
    before = installed.shell(LISTING)
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(installed.path / "srv" / wheel.name, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, whole.read(name) + (b"x" if name.endswith(".tflite") else b""))
    played = installed.sounds()
    ended = installed.run(INSTALL, "--wheel", f"/srv/{wheel.name}", "--wheels", "/srv/wheels")
    assert ended.returncode == 1
    assert "Its parts ...                             failed" in ended.stdout
    assert "FAIL model: " in ended.stdout
    assert installed.shell(LISTING) == before
    assert installed.property("ActiveState") == "active"
    wait(lambda: "ready" in installed.heard(played), 60 * load())


def test_it_installs_itself_from_where_it_is_installed(installed: Machine) -> None:
    """`assistant install` needs no clone."""
    installed.check("/usr/local/bin/assistant", "install", "--wheels", "/srv/wheels", "--page")
    assert installed.check("ls", f"/opt/{UNIT}/releases") == "3"
    assert installed.property("PrivateNetwork") == "no"
    installed.check("/usr/local/bin/assistant", "install", "--wheels", "/srv/wheels", "--no-page")
    assert installed.property("PrivateNetwork") == "yes"


def test_it_is_gone_after_uninstall_but_for_the_settings(installed: Machine) -> None:
    """The settings are removed with --purge."""
    installed.check(UNINSTALL)
    left = installed.shell(LISTING).splitlines()
    before = installed.check("cat", "/srv/before").splitlines()
    assert [line for line in before if line not in left] == []
    assert {line.split()[0].removeprefix("./") for line in left if line not in before if "/" in line.split()[0]} == {
        f"etc/{UNIT}",
        f"etc/{UNIT}/settings.toml",
    }
    installed.check(UNINSTALL, "--purge")
    assert installed.shell(LISTING).splitlines() == [line for line in before if f"{UNIT}.service.d" not in line]
