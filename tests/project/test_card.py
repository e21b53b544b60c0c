"""What makes the memory card, as far as nothing of it need be made to check it."""

import hashlib
import json
import lzma
import os
import re
import shutil
import struct
import subprocess
import tomllib
import wave
from pathlib import Path

import numpy as np
import pytest

from assistant.speech.boards import BOARDS
from assistant.speech.phrases import languages
from tests.fakes.ear import VOICE, as_words, recognise

ROOT = Path(__file__).parents[2]
CODECS = ("wm8960", "respeaker-2mic", "voice-bonnet")
CARD = ROOT / "card"
WORDS = tomllib.loads((CARD / "first-boot" / "words.toml").read_text(encoding="utf-8"))
INSTALL = (CARD / "first-boot" / "install").read_text(encoding="utf-8")


def ran(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the project to its end."""
    variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **environment}
    return subprocess.run([str(each) for each in command], env=variables, capture_output=True, text=True, check=False)


def package(
    folder: Path, version: str = "0.1.0+deb13", architecture: str = "arm64", name: str = "emotion-assistant"
) -> Path:
    """Make a package with nothing in it."""
    control = folder / name / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    fields = {
        "Package": name,
        "Version": version,
        "Architecture": architecture,
        "Maintainer": "nobody",
        "Description": "none",
    }
    control.write_text("".join(f"{key}: {value}\n" for key, value in fields.items()), encoding="utf-8")
    subprocess.run(["dpkg-deb", "-b", folder / name, folder], check=True, capture_output=True)
    (made,) = folder.glob(f"{name}_*.deb")
    return made


def test_what_is_said_before_the_program_is_there_is_in_each_language():
    """No language lacks a phrase, and no phrase is empty."""
    assert sorted(WORDS) == languages()
    for phrases in WORDS.values():
        assert phrases.keys() == WORDS["en"].keys()
        assert all(text.strip() for text in phrases.values())


@pytest.mark.parametrize("name", WORDS["en"])
def test_what_is_said_is_understood(tmp_path, name):
    """A recogniser tells each phrase from the others and from all that the headset says."""
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")
    sound = tmp_path / "said.wav"
    subprocess.run(["espeak-ng", "-v", VOICE, "-w", sound, WORDS["en"][name]], check=True)
    with wave.open(str(sound)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    assert recognise(samples, *WORDS["en"].values()) == as_words(WORDS["en"][name])


def test_each_phrase_is_said_and_each_that_is_said_is_there():
    """The script of the first boot knows no other phrase, and leaves none out."""
    said = {
        line.split()[1] for line in INSTALL.replace("; do say", "\nsay").splitlines() if line.strip().startswith("say ")
    }
    left = {line.split("leave ")[1].split()[0] for line in INSTALL.splitlines() if "leave " in line and "#" not in line}
    assert {each.rstrip(";") for each in said | left} - {'"$1"'} == WORDS["en"].keys()


@pytest.mark.parametrize(
    ("lines", "output"),
    [
        ("", "default"),
        ('board = "usb"', "plughw:2"),
        ('board = "headphones"', f"plughw:CARD={BOARDS['headphones'].cards[0]}"),
        *((f'board = "{name}"', f"plughw:CARD={BOARDS[name].cards[0]}") for name in CODECS),
        ('device = "plughw:CARD=Device"', "plughw:CARD=Device"),
        ('device = "hw:1"\nboard = "usb"', "hw:1"),
        ('device = "x; reboot"', "default"),
    ],
)
def test_the_installation_speaks_through_the_board_of_the_settings(tmp_path, lines, output):
    """Card 0 is no USB card, card 1 only records, and card 2 is the USB adapter."""
    for folder in ("card0/pcm0p", "card1/pcm0c", "card2/pcm0p"):
        (tmp_path / folder).mkdir(parents=True)
    for card in ("card1", "card2"):
        (tmp_path / card / "usbid").write_text("0d8c:0014\n", encoding="utf-8")
    (tmp_path / "settings").write_text(f"[voice]\n{lines}\n", encoding="utf-8")
    functions = re.findall(r"^(?:setting|output)\(\) \{.*?^\}", INSTALL, re.MULTILINE | re.DOTALL)
    ended = ran("bash", "-c", "\n".join([*functions, "output"]), settings=tmp_path / "settings", asound=tmp_path)
    assert (ended.returncode, ended.stdout) == (0, f"{output}\n"), ended.stderr


@pytest.mark.parametrize(
    ("script", "arguments", "words"),
    [
        ("build-deb", ["--arch", "sparc"], "--arch sparc: the packages are for arm64 or for this machine's"),
        ("build-deb", ["--release"], "--release: a value is needed; see --help"),
        ("build-image", ["--fast"], "--fast: no such option; see --help"),
        ("build-image", [], "--deb: the package is needed: make it with script/build-deb --arch arm64"),
        ("build-image", ["--deb", "/none.deb"], "/none.deb: there is no such file"),
        ("build-boot-folder", [], "--deb: the package is needed"),
        (
            "build-boot-folder",
            ["--deb", "/etc/hostname"],
            "/etc/hostname: this is not the headset's package for Debian 13",
        ),
        ("build-repo", [], "the folder of the repository is needed; see --help"),
        ("build-repo", ["folder"], "--url: the address at which the folder will be found is needed"),
        ("build-repo", ["--url", "example.org", "folder"], "--url example.org: an address begins with https://"),
    ],
)
def test_what_a_script_cannot_do_it_says_in_a_line(script, arguments, words):
    """The exit code is 2, and nothing is made."""
    ended = ran(ROOT / "script" / script, *arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"{script}: {words}")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("script", ["build-deb", "build-image", "build-boot-folder", "build-repo"])
def test_it_explains_itself(script):
    """--help prints the beginning of the script."""
    ended = ran(ROOT / "script" / script, "--help")
    assert ended.returncode == 0
    assert ended.stdout.startswith(f"{script} ")


def test_the_boot_folder_has_all_that_its_script_names(tmp_path):
    """The package, the service, the script and the sounds lie where the first boot looks for them."""
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")
    deb = package(tmp_path)
    ended = ran(ROOT / "script" / "build-boot-folder", "--deb", deb, tmp_path / "bootfs")
    assert ended.returncode == 0, ended.stderr
    folder = tmp_path / "bootfs" / "emotion-assistant"
    sample = (ROOT / "systemd" / "card.toml").read_bytes()
    assert (tmp_path / "bootfs" / "emotion-assistant.toml").read_bytes() == sample
    assert (tmp_path / "bootfs" / "vendor-data").read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert {each.name for each in folder.iterdir()} == {
        "install",
        "emotion-assistant-install.service",
        deb.name,
        "sounds",
    }
    for language in languages():
        for name in WORDS["en"]:
            assert (folder / "sounds" / language / f"{name}.wav").stat().st_size > 10000


@pytest.mark.parametrize("script", ["build-boot-folder", "build-image"])
def test_of_two_packages_one_is_asked_for(tmp_path, script):
    """A pattern for the package may find two; the second is not taken for the folder to write to."""
    if script == "build-image" and not all(map(shutil.which, ("mmdebstrap", "genimage", "mcopy", "mkfs.vfat"))):
        pytest.skip("what makes images is not installed")
    first, second = package(tmp_path), tmp_path / "emotion-assistant_9+deb13_arm64.deb"
    second.touch()
    ended = ran(ROOT / "script" / script, "--deb", first, second)
    assert ended.returncode == 2
    assert f"{second}: this is a file, and a folder is needed; of several packages, name one" in ended.stderr


def test_a_stock_image_gets_it_in_one_file(tmp_path):
    """The first partition of a copy of the image has the folder, and Imager's manifest lies beside it."""
    if not all(map(shutil.which, ("espeak-ng", "mcopy", "mkfs.vfat"))):
        pytest.skip("espeak-ng, mtools or dosfstools is not installed")
    stock = tmp_path / "stock.img"
    begin, size = 8192, 40 * 2048  # sectors
    table = struct.pack("<B3xB3xII", 0x80, 0x0C, begin, size)
    stock.write_bytes(bytes(446) + table + bytes(48) + b"\x55\xaa")
    os.truncate(stock, (begin + size) * 512)
    subprocess.run(["mkfs.vfat", f"--offset={begin}", stock, str(size // 2)], check=True, capture_output=True)
    command = [ROOT / "script" / "build-boot-folder", "--deb", package(tmp_path), "--image", stock, tmp_path / "bootfs"]
    ended = ran(*command)
    assert ended.returncode == 0, ended.stderr
    image = tmp_path / "emotion-assistant-raspberry-pi-os.img"
    listed = subprocess.check_output(["mdir", "-/", "-b", "-i", f"{image}@@{begin * 512}", "::"], text=True)
    assert "::/vendor-data\n" in listed
    assert "::/emotion-assistant/sounds/de/installing.wav\n" in listed
    (entry,) = json.loads(image.with_suffix(".rpi-imager-manifest").read_text(encoding="utf-8"))["os_list"]
    assert "pi5-64bit" in entry["devices"]
    stock.write_bytes(b"no image" * 100)
    refused = ran(*command)
    assert refused.returncode == 2
    assert "is it an image of Raspberry Pi OS?" in refused.stderr


def test_the_manifest_describes_the_image(tmp_path):
    """Imager checks sizes and hashes, and offers Wi-Fi, name and key for this format only."""
    image = tmp_path / "card.img"
    image.write_bytes(b"card" * 1000)
    packed = tmp_path / "card.img.xz"
    packed.write_bytes(lzma.compress(image.read_bytes()))
    ended = ran(
        "/usr/bin/python3", ROOT / "script" / "write-manifest", image, "https://example.org/card.img.xz", "pi3-64bit"
    )
    assert ended.returncode == 0, ended.stderr
    manifest = json.loads((tmp_path / "card.rpi-imager-manifest").read_text(encoding="utf-8"))
    assert [each["name"] for each in manifest["imager"]["devices"]] == ["Raspberry Pi Zero 2 W", "Raspberry Pi 3"]
    (entry,) = manifest["os_list"]
    assert entry["devices"] == ["pi3-64bit"]
    assert entry["init_format"] == "cloudinit-rpi"
    assert entry["url"] == "https://example.org/card.img.xz"
    assert (entry["extract_size"], entry["image_download_size"]) == (4000, packed.stat().st_size)
    assert entry["extract_sha256"] == hashlib.sha256(image.read_bytes()).hexdigest()
    assert entry["image_download_sha256"] == hashlib.sha256(packed.read_bytes()).hexdigest()


def test_a_repository_takes_only_the_headsets_packages(tmp_path):
    """Another package is refused by its name, before anything is written."""
    if not (shutil.which("apt-ftparchive") and shutil.which("gpg")):
        pytest.skip("apt-utils or gpg is not installed")
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    make_key = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "owner@example.org"]
    subprocess.run(make_key, env={"GNUPGHOME": str(home), "PATH": "/usr/bin:/bin"}, check=True, capture_output=True)
    command = [
        ROOT / "script" / "build-repo",
        "--url",
        "https://example.org",
        "--key",
        "owner@example.org",
        tmp_path / "repo",
    ]
    refused = ran(*command, package(tmp_path, name="other"), GNUPGHOME=str(home))
    assert refused.returncode == 2
    assert refused.stderr.endswith("other_0.1.0+deb13_arm64.deb: this is not a package of the headset\n")
    assert not (tmp_path / "repo").exists()
    (tmp_path / "renamed.deb").write_bytes(package(tmp_path).read_bytes())
    made = ran(*command, tmp_path / "renamed.deb", GNUPGHOME=str(home))
    assert made.returncode == 0, made.stderr
    release = (tmp_path / "repo/dists/trixie/InRelease").read_text(encoding="utf-8")
    assert release.startswith("-----BEGIN PGP SIGNED MESSAGE-----")
    listed = (tmp_path / "repo/dists/trixie/main/binary-arm64/Packages").read_text(encoding="utf-8")
    assert "Filename: pool/trixie/emotion-assistant_0.1.0+deb13_arm64.deb" in listed
    ran("gpgconf", "--kill", "all", GNUPGHOME=str(home))


def test_the_card_has_what_the_package_needs():
    """The image is made without recommended packages: what the headset needs is named, where Debian has it."""
    named = {line.split("#")[0].strip() for line in (CARD / "packages").read_text(encoding="utf-8").splitlines()}
    control = (ROOT / "debian" / "control.in").read_text(encoding="utf-8")
    (depends,) = [line.removeprefix("Depends: ") for line in control.splitlines() if line.startswith("Depends: ")]
    assert {each for each in depends.split(", ") if each[0] not in "$@"} <= named
