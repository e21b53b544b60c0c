"""The lists in locked/ hold what setup.cfg asks for, in an allowed release, with hashes."""

import configparser
import itertools
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKED = ROOT / "locked"
LISTS = tomllib.loads((LOCKED / "lists.toml").read_text(encoding="utf-8"))
INSTALLED_BY_ROOT = ("raspberry-pi-os-12", "raspberry-pi-os-13", "deb", "image")

HOLES = {"h11": "0.16", "jinja2": "3.1.6", "keras": "3.12", "python-multipart": "0.0.22"}
"""Releases below these have known holes."""


def asked_for(part):
    """Return the requirements of a part of setup.cfg, or of the build system in pyproject.toml."""
    if part == "build-system":
        lines = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    else:
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(ROOT / "setup.cfg", encoding="utf-8")
        lines = settings["options" if part == "install_requires" else "options.extras_require"][part].splitlines()
    return [Requirement(line) for line in lines if line]


def entries(name):
    """Return the requirements of a list, each with its hashes."""
    blocks = re.split(r"\n(?=\S)", (LOCKED / f"{name}.txt").read_text(encoding="utf-8"))
    listed = [block.split("\\\n") for block in blocks if not block.startswith(("#", "--"))]
    return [(Requirement(first), [line.strip() for line in hashes]) for first, *hashes in listed]


def environments(name):
    """Return the environments in which the list is installed, as markers see them."""
    for python, platform in itertools.product(LISTS[name]["pythons"], LISTS[name]["platforms"]):
        machine = platform.split("-")[0]
        yield {
            "python_version": python,
            "python_full_version": f"{python}.9",
            "platform_machine": machine,
            "sys_platform": "linux",
        }


def installed_in(name, environment):
    """Return the release of each package that pip would install there; fail if a package has two."""
    found = {}
    for requirement, _ in entries(name):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            assert canonicalize_name(requirement.name) not in found
            found[canonicalize_name(requirement.name)] = Version(pin.version)
    return found


def test_each_list_that_is_described_is_there():
    """The lists that are described exist, and no other list does."""
    assert {path.stem for path in LOCKED.glob("*.txt")} == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_what_is_asked_for(name):
    """Each list has the packages of its parts, on each Python and processor; otherwise run script/lock."""
    wanted = [requirement for part in LISTS[name]["parts"] for requirement in asked_for(part)]
    for environment in environments(name):
        found = installed_in(name, environment)
        for requirement in wanted:
            if requirement.marker is None or requirement.marker.evaluate(environment):
                release = found.get(canonicalize_name(requirement.name))
                assert release is not None, f"{requirement.name} is not in {name}.txt"
                assert release in requirement.specifier, f"{requirement}: {name}.txt has {release}"


@pytest.mark.parametrize("name", LISTS)
def test_each_release_has_the_hashes_of_its_files(name):
    """Every package has hashes, so that no other file can take its place."""
    for requirement, hashes in entries(name):
        assert hashes, requirement.name
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), requirement.name


@pytest.mark.parametrize("name", INSTALLED_BY_ROOT)
def test_what_root_installs_comes_as_wheels(name):
    """Root installs no source distribution, which would run its own code with packages that no list names."""
    assert "built" not in LISTS[name]
    assert "\n--only-binary :all:\n" in (LOCKED / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LISTS)
def test_no_list_has_a_release_with_a_known_hole(name):
    """No list has a release with a known vulnerability, or an OpenCV that a picture can end."""
    for environment in environments(name):
        found = installed_in(name, environment)
        assert all(found[package] >= Version(least) for package, least in HOLES.items() if package in found)
        opencv = found.get("opencv-python-headless", Version("4.14"))
        assert opencv.release[:2] not in ((4, 10), (4, 11))
