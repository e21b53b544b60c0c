"""A booted Debian 13 with cloud-init, set as on Raspberry Pi OS 13, installs the headset from its boot partition."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.recording_device import Samples
from tests.pi.booted import CAMERA, UNIT, Machine, booted, load, new_tree, wait
from tests.pi.program import ROOT

LIKE_RASPBERRY_PI_OS = """datasource_list: [ NoCloud, None ]
datasource:
  NoCloud:
    seedfrom: file:///boot/firmware
"""
"""What its 99_raspberry-pi.cfg says of where the files are (github.com/RPi-Distro/pi-gen, stage2/04-cloud-init)."""

USER_DATA = "#cloud-config\nhostname: headset\nruncmd:\n- [touch, /srv/imager-was-here]\n"
"""As Raspberry Pi Imager writes it."""

NO_NETWORK = 'Acquire::http::Proxy "http://127.0.0.1:9";\nAcquire::Retries "0";\n'
NETWORK_OFF = "/etc/apt/apt.conf.d/99off"
SERVICE = "emotion-assistant-install.service"
ENVIRONMENT = f"/usr/lib/{UNIT}/environment"
START = f"{ENVIRONMENT}/bin/assistant run --config /etc/{UNIT}/settings.toml --wait-for-camera"
CAMERA_DROP_IN = f'[Service]\nExecStart=\nExecStart={START} --control --camera "{CAMERA}"\n'
BOOT = "boot/firmware"


@pytest.fixture(scope="module")
def prepared(package: Path) -> Path:
    """Return the tree of a machine as Imager and the boot folder leave it, which was never on since then."""
    path = new_tree("first-boot")
    with booted(path) as machine:
        machine.check("apt-get", "-q", "update")
        machine.check("apt-get", "-qy", "install", "--no-install-recommends", "alsa-utils", "cloud-init", "dhcpcd-base")
        machine.power_off()
    machine.write("etc/cloud/cloud.cfg.d/99_raspberry-pi.cfg", LIKE_RASPBERRY_PI_OS)
    machine.write(f"{BOOT}/meta-data", "instance_id: rpios-image\n")
    machine.write(f"{BOOT}/user-data", USER_DATA)
    machine.write(f"{BOOT}/network-config", "network: {version: 2, renderer: networkd}\n")
    machine.write(f"{BOOT}/emotion-assistant.toml", '[voice]\nlanguage = "de"\n')
    machine.write(NETWORK_OFF, NO_NETWORK)
    machine.write(f"etc/systemd/system/{UNIT}.service.d/camera.conf", CAMERA_DROP_IN)
    deb = path / "srv" / "packages" / package.name.replace("_amd64", "_arm64")
    deb.parent.mkdir()
    deb.write_bytes(package.read_bytes())
    subprocess.run([ROOT / "script" / "build-boot-folder", "--deb", deb, path / BOOT], check=True)
    deb = path / BOOT / UNIT / deb.name
    deb.rename(deb.with_name(package.name))  # the processor that these tests run on
    return path


@pytest.fixture(scope="module")
def machine(prepared: Path) -> Iterator[Machine]:
    """Switch it on for the first time."""
    with booted(prepared) as started:
        yield started


def recorded(machine: Machine, name: str) -> Samples:
    """Return the samples of a recorded phrase, in the language of the settings."""
    with wave.open(str(machine.path / BOOT / UNIT / "sounds" / "de" / f"{name}.wav")) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)


def was_played(machine: Machine, name: str) -> bool:
    """Whether the sound device has played this phrase, sample by sample."""
    wanted = recorded(machine, name).tobytes()
    return any(wanted in machine.samples(each).tobytes() for each in machine.sounds())


def test_without_a_network_it_says_so(machine: Machine) -> None:
    """First that it installs, then what is missing; what Imager asked for is done beside it."""
    wait(lambda: was_played(machine, "installing"), 120 * load())
    wait(lambda: was_played(machine, "needs_network"), 240 * load())
    wait(lambda: (machine.path / "srv" / "imager-was-here").exists(), 120 * load())
    assert not was_played(machine, "installed")


def test_a_damaged_package_is_said(machine: Machine) -> None:
    """The network is there, and half of the package is missing: as when the card was taken out too early."""
    (deb,) = (machine.path / BOOT / UNIT).glob("*.deb")
    whole = deb.read_bytes()
    deb.write_bytes(whole[: len(whole) // 2])
    (machine.path / NETWORK_OFF.removeprefix("/")).unlink()
    wait(lambda: was_played(machine, "failed"), 600 * load())
    assert not was_played(machine, "installed")
    deb.write_bytes(whole)


def test_with_a_network_it_installs_and_says_ready(machine: Machine) -> None:
    """It tries again by itself; the service that installed is gone afterwards."""
    wait(lambda: was_played(machine, "installed"), 900 * load())
    wait(lambda: machine.property("ActiveState") == "active", 120 * load())
    wait(lambda: machine.run("systemctl", "cat", SERVICE).returncode != 0, 60 * load())
    assert machine.run("dpkg", "--audit").stdout == ""
