"""The Debian package is built, installed on a booted Debian 13, upgraded, removed and purged."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.pi import trees
from tests.pi.booted import CAMERA, LISTING, UNIT, Machine, booted, load, new_tree, wait
from tests.pi.program import ROOT, copy_program
from tests.pi.recipes import BUILDERS

SETTINGS = '[announce]\nhappy = "hedged"\n'
FOLDER = f"/usr/lib/{UNIT}"
START = f"{FOLDER}/environment/bin/assistant run --config /etc/{UNIT}/settings.toml --wait-for-camera"
REMOVE_ALL = ("-o", "APT::AutoRemove::RecommendsImportant=false", "autoremove", "--purge")
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y")
HIGHER = """
dpkg-deb -R /srv/packages/{name} /tmp/higher
sed -i 's/^Version: .*/&+1/' /tmp/higher/DEBIAN/control
echo '# what another version says' >>/tmp/higher/etc/emotion-assistant/settings.toml
dpkg-deb -Znone -b /tmp/higher /srv/higher.deb
rm -r /tmp/higher
"""


@pytest.fixture(scope="module")
def package(carried: Path) -> Path:
    """Build the package from this checkout in a Debian 13 with only the tools for it, and check it with lintian."""
    clone = carried / "clone"
    copy_program(clone)
    shutil.copytree(ROOT / "debian", clone / "debian")
    (clone / "script").mkdir()
    shutil.copy(ROOT / "script" / "build-deb", clone / "script")
    print(trees.made(BUILDERS).check(["/carried/clone/script/build-deb", "/carried/packages"], carried))
    (built,) = (carried / "packages").iterdir()
    return built


@pytest.fixture(scope="module")
def machine(package: Path) -> Iterator[Machine]:
    """Yield a machine that never had the program, with a simulated camera."""
    with booted(new_tree("deb"), f"--bind-ro={package.parent}:/srv/packages") as started:
        started.drop_in("camera", "ExecStart=", f'ExecStart={START} --control --camera "{CAMERA}"')
        started.check("apt-get", "-q", "update")
        started.shell(f"({LISTING}) >/srv/before")
        yield started


def test_where_install_sh_was_it_is_refused(machine: Machine, package: Path) -> None:
    """The package refuses in one line, before anything is changed."""
    machine.shell(f"mkdir -p /opt/{UNIT}/current")
    ended = machine.run("dpkg", "-i", f"/srv/packages/{package.name}")
    assert ended.returncode == 1
    assert "assistant uninstall takes that away and keeps the settings" in ended.stderr
    machine.shell(f"dpkg --purge {UNIT}; rm -r /opt/{UNIT}")
    assert machine.shell(LISTING) == machine.check("cat", "/srv/before")


@pytest.fixture(scope="module")
def installed(machine: Machine, package: Path) -> Machine:
    """Install the package with the packages of Debian that it needs."""
    print(machine.check(*APT, "install", f"/srv/packages/{package.name}"))
    return machine


def test_it_is_installed_and_says_ready(installed: Machine, package: Path) -> None:
    """The package has the name of its file; the service starts with the power, as its own user."""
    wait(lambda: "ready" in installed.heard({}), 60 * load())
    name, version, architecture = package.stem.split("_")
    assert installed.check("dpkg-query", "-W", "-f", "${Version} ${Architecture}", name) == f"{version} {architecture}"
    assert f"\nversion = {version}\n" in (ROOT / "setup.cfg").read_text(encoding="utf-8")
    assert installed.property("ActiveState") == "active"
    assert installed.check("systemctl", "is-enabled", UNIT) == "enabled"
    assert set(installed.check("id", "-nG", UNIT).split()) >= {UNIT, "video", "audio"}
    assert installed.run("getent", "group", "gpio").stdout == ""
    assert installed.check("stat", "-c", "%U %a", f"/etc/{UNIT}", f"/var/lib/{UNIT}") == f"root 755\n{UNIT} 700"
    wait(lambda: installed.run("emotion-assistant", "ctl", "tell").returncode == 0, 60 * load())


def test_the_phrases_were_rendered_and_the_modules_compiled(installed: Machine) -> None:
    """The service may write to neither place, and starts fast because both were made."""
    assert installed.check("find", f"/var/cache/{UNIT}", "-name", "*.wav", "-print", "-quit")
    assert installed.check("find", FOLDER, "-path", "*/assistant/cli/__pycache__/main.*", "-print", "-quit")
    assert installed.run("dpkg", "--verify", UNIT).stdout == ""


def test_it_tells_what_is_bundled(installed: Machine) -> None:
    """The bill of materials, in the form of CycloneDX, has the releases of the list and the package itself."""
    bill = json.loads(installed.check("cat", f"/usr/share/doc/{UNIT}/{UNIT}.cdx.json"))
    assert bill["bomFormat"] == "CycloneDX"
    bundled = {canonicalize_name(each["name"]): each["version"] for each in bill["components"]}
    listed = (ROOT / "locked" / "raspberry-pi-os-13.txt").read_text(encoding="utf-8")
    assert dict(re.findall(r"^([\w-]+)==([\w.]+)", listed, re.MULTILINE)).items() <= bundled.items()
    assert UNIT in bundled


def test_what_is_a_package_is_left_to_apt(installed: Machine) -> None:
    """The installer and the uninstaller both refuse to change what the package has installed."""
    for command in (
        ("/srv/clone/systemd/install.sh",),
        ("/srv/clone/systemd/uninstall.sh",),
        ("emotion-assistant", "install"),
        ("emotion-assistant", "uninstall", "--purge"),
    ):
        ended = installed.run(*command)
        assert ended.returncode == 1, ended.stdout
        assert "It is here as a Debian package" in ended.stdout
    assert installed.property("ActiveState") == "active"


def test_its_last_words_are_said(installed: Machine) -> None:
    """The last words use the paths of the package and the language of the settings."""
    cursor, python = installed.cursor(), f"{FOLDER}/environment/bin/python3"
    installed.write(f"etc/{UNIT}/settings.toml", '[voice]\nlanguage = "de"\n')
    installed.shell(f"mv {python} /srv; systemctl --no-block restart {UNIT}")
    wait(lambda: "says: ich kann nicht starten" in installed.journal(cursor), 60 * load())
    installed.shell(f"mv /srv/python3 {python}; systemctl reset-failed {UNIT}")
    installed.write(f"etc/{UNIT}/settings.toml", SETTINGS)
    installed.check("systemctl", "restart", UNIT)


def test_an_upgrade_keeps_the_settings_and_says_ready(installed: Machine, package: Path) -> None:
    """The upgrade asks nothing: the machine's file stays, and the new one is put beside it."""
    installed.shell(HIGHER.format(name=package.name))
    before, cursor = installed.sounds(), installed.cursor()
    installed.check(*APT, "-o", "DPkg::Options::=--force-confold", "install", "/srv/higher.deb")
    wait(lambda: "ready" in installed.heard(before), 60 * load())
    assert "Stopping" in installed.journal(cursor)
    assert installed.check("cat", f"/etc/{UNIT}/settings.toml") == SETTINGS.strip()
    assert installed.check("dpkg-query", "-W", "-f", "${Version}", UNIT).endswith("+1")


def without_drop_ins(listing: str) -> list[str]:
    """Return the listing without what this module has changed in the unit."""
    return [line for line in listing.splitlines() if f"{UNIT}.service.d" not in line]


def test_removed_it_leaves_its_settings_and_purged_nothing(installed: Machine) -> None:
    """Apt removes the packages that came with the package."""
    installed.check(*APT, "remove", UNIT)
    assert installed.check("find", "/usr", "/var/cache", "-name", f"*{UNIT}*") == ""
    assert installed.check("cat", f"/etc/{UNIT}/settings.toml") == SETTINGS.strip()
    assert "after: sudo apt purge emotion-assistant" in installed.run("/srv/clone/systemd/install.sh").stdout
    installed.check(*APT, *REMOVE_ALL, UNIT)
    assert without_drop_ins(installed.shell(LISTING)) == without_drop_ins(installed.check("cat", "/srv/before"))
