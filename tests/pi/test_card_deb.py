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
from tests.pi.program import ROOT
from tests.pi.recipes import BUILDERS

SETTINGS = '[announce]\nhappy = "hedged"\n'
FOLDER = f"/usr/lib/{UNIT}"
START = f"{FOLDER}/environment/bin/assistant run --config /etc/{UNIT}/settings.toml --wait-for-camera"
ONLY_WHAT_IS_NEEDED = [f"--option=APT::AutoRemove::{kind}sImportant=false" for kind in ("Recommend", "Suggest")]
REMOVE_ALL = (*ONLY_WHAT_IS_NEEDED, "autoremove", "--purge")
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y")
VERSION = """
mkdir -p /srv/versions
dpkg-deb -R /srv/packages/{name} /tmp/version
sed -i 's/^Version: .*/&+{number}/' /tmp/version/DEBIAN/control
cd /tmp/version
{change}
dpkg-deb -Znone -b /tmp/version /srv/versions/{number}.deb
rm -r /tmp/version
"""
OTHER_SETTINGS = f"echo '# what another version says' >>etc/{UNIT}/settings.toml"
NO_MODEL = f"find usr/lib/{UNIT} -name 'emotion-int8.tflite' -delete"
NO_START = f"sed -i 's|^ExecStart=|ExecStartPre=/bin/false\\n&|' usr/lib/systemd/system/{UNIT}.service"
REPOSITORY = """
export GNUPGHOME=/carried/gnupg
if [ ! -d $GNUPGHOME ]; then
  install -d -m 700 $GNUPGHOME
  gpg --batch --passphrase '' --quick-gen-key owner@example.org
fi
address="--url file:/srv/repository --key owner@example.org"
/carried/clone/script/build-repo $address /carried/repository /carried/versions/{number}.deb
"""
SOURCE = f"/etc/apt/sources.list.d/{UNIT}.sources"


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
    assert f"\nversion = {version.removesuffix('+deb13')}\n" in (ROOT / "setup.cfg").read_text(encoding="utf-8")
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


def published(machine: Machine, package: Path, number: int, change: str) -> str:
    """Make another version of the package, put it into the repository, and return its version."""
    machine.shell(VERSION.format(name=package.name, number=number, change=change))
    shutil.copytree(ROOT / "script", machine.path / "srv" / "clone" / "script", dirs_exist_ok=True)
    script = REPOSITORY.replace("{number}", str(number))
    trees.made(BUILDERS).check(["sh", "-ec", script], machine.path / "srv")
    machine.shell(f"cp /srv/repository/{UNIT}.sources {SOURCE}; apt-get -q update; rm /srv/versions/{number}.deb")
    return f"{package.stem.split('_')[1]}+{number}"


def upgrade(machine: Machine) -> str:
    """Upgrade the machine, and return what apt printed."""
    return machine.check(*APT, "-o", "DPkg::Options::=--force-confold", "upgrade", timeout_s=1800)


def version(machine: Machine) -> str:
    """Return the installed version."""
    return machine.check("dpkg-query", "-W", "-f", "${Version}", UNIT)


def test_apt_upgrade_takes_it_from_the_repository(installed: Machine, package: Path) -> None:
    """The upgrade asks nothing: the machine's settings stay, the new ones are put beside them, and it says ready."""
    newer = published(installed, package, 1, OTHER_SETTINGS)
    before, cursor = installed.sounds(), installed.cursor()
    upgrade(installed)
    assert version(installed) == newer
    wait(lambda: "ready" in installed.heard(before), 60 * load())
    assert "Stopping" in installed.journal(cursor)
    assert installed.check("cat", f"/etc/{UNIT}/settings.toml") == SETTINGS.strip()
    assert not (installed.path / f"var/lib/{UNIT}-before").exists()


@pytest.mark.parametrize(("number", "change", "fails"), [(2, NO_MODEL, "model start"), (3, NO_START, "start")])
def test_an_upgrade_that_fails_goes_back(
    installed: Machine, package: Path, number: int, change: str, fails: str
) -> None:
    """What was well before and fails now brings the version before back, which says ready; apt does not try again."""
    was = version(installed)
    refused = published(installed, package, number, change)
    before = installed.sounds()
    printed = upgrade(installed)
    assert f"Version {refused} fails in what was well before ({fails}). It goes back to version {was} now" in printed
    wait(lambda: version(installed) == was, 300 * load())
    wait(lambda: "ready" in installed.heard(before), 300 * load())
    wait(lambda: not installed.path.joinpath(f"var/lib/{UNIT}-before").exists(), 60 * load())
    changed = installed.run("dpkg", "--verify", UNIT).stdout.splitlines()
    assert [line.split()[-1] for line in changed] == [f"/etc/{UNIT}/settings.toml"]
    assert installed.check("cat", f"/etc/{UNIT}/settings.toml") == SETTINGS.strip()
    upgrade(installed)
    assert version(installed) == was


def test_the_version_after_a_failed_one_is_taken(installed: Machine, package: Path) -> None:
    """Only what failed is refused; the machine's settings are still its own after the way back."""
    newer = published(installed, package, 4, "true")
    upgrade(installed)
    assert version(installed) == newer
    assert installed.check("cat", f"/etc/{UNIT}/settings.toml") == SETTINGS.strip()
    assert installed.property("ActiveState") == "active"


def without_drop_ins(listing: str) -> list[str]:
    """Return the listing without what this module has changed in the unit."""
    return [line for line in listing.splitlines() if f"{UNIT}.service.d" not in line]


def test_removed_it_leaves_its_settings_and_purged_nothing(installed: Machine) -> None:
    """Apt removes the packages that came with the package."""
    installed.shell(f"rm {SOURCE}; apt-get -q update")
    installed.check(*APT, "remove", UNIT)
    assert installed.check("find", "/usr", "/var/cache", "-name", f"*{UNIT}*") == ""
    assert installed.check("cat", f"/etc/{UNIT}/settings.toml") == SETTINGS.strip()
    assert "after: sudo apt purge emotion-assistant" in installed.run("/srv/clone/systemd/install.sh").stdout
    installed.check(*APT, *REMOVE_ALL, UNIT)
    assert without_drop_ins(installed.shell(LISTING)) == without_drop_ins(installed.check("cat", "/srv/before"))
