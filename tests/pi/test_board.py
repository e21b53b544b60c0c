"""The card's image on an emulated board: from the first boot to "ready", and what a card has to endure."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.ear import VOICE, phrases_in, recognise
from tests.pi import trees
from tests.pi.board import (
    FREE_THE_PIN,
    PI_3A,
    PIN,
    PROGRAM,
    REMOTE,
    VIRT,
    VIRT_USB,
    Board,
    called_a_pi,
    new_card,
    same_card,
    switched_on,
)
from tests.pi.booted import UNIT
from tests.pi.program import ROOT

ACTIVE = f"systemctl is-active --quiet {UNIT}"
SOUND_CARD = "test -e /proc/asound/card0"
FIRST_BOOT_DONE = "test -e /etc/cloud/cloud-init.disabled"
SETTINGS = f"/etc/{UNIT}/settings.toml"
DOCTOR = f"cd /var/lib/{UNIT} && runuser -u {UNIT} -- {PROGRAM} doctor --config {SETTINGS}"
CARD_SETTINGS = f'[voice]\nname = "{VOICE}"\n'
ON_THE_CARD = f"/boot/firmware/{UNIT}.toml"
WAV_HEADER = 44
HEARD_WITHIN_S = 90
A_SECOND_OF_SILENCE = "head -c 44100 /dev/zero | aplay -q -t raw -f S16_LE -r 22050"
MEMORY_LIMIT_MB = 150
GROWN_MB = 3000
"""The card has 4 GB, the image less than 2."""

BUTTON, PINS = 17, "/sys/kernel/debug/gpio"
RESOLVER = ("127.0.0.53", "127.0.0.54")
DHCP = ":68 "


@pytest.fixture(scope="session")
def image() -> Path:
    """Return the card's image: the one that TEST_PI_IMAGE names, or a new one from this checkout."""
    given = os.environ.get("TEST_PI_IMAGE")
    if given:
        return Path(given)
    folder = trees.FOLDER / "image"
    environment = os.environ | {"BUILD_FOLDER": str(trees.FOLDER / "build")}
    shutil.rmtree(folder, ignore_errors=True)
    build_deb = [ROOT / "script" / "build-deb", "--arch", "arm64", "--release", "13", folder]
    subprocess.run(build_deb, env=environment, check=True)
    (deb,) = folder.glob("*.deb")
    subprocess.run(
        [ROOT / "script" / "build-image", "--no-compress", "--deb", deb, folder], env=environment, check=True
    )
    return folder / "emotion-assistant.img"


@contextmanager
def a_folder() -> Iterator[Path]:
    """Yield an empty folder, and remove it afterwards."""
    trees.FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=trees.FOLDER, prefix="board-") as folder:
        yield Path(folder)


@pytest.fixture(scope="class")
def first_boot(image: Path) -> Iterator[Board]:
    """Yield the nearest to a Zero 2 W, whose first start with a new card is over; it is off again after the class."""
    with a_folder() as folder:
        new_card(image, folder, f"[button]\nlouder_gpio = {BUTTON}\n")
        with switched_on(called_a_pi(PI_3A, folder), folder) as board:
            board.wait_for(FIRST_BOOT_DONE, 600)
            yield board


class TestTheFirstBootOfABoard:
    """The card is put into a Pi without network, camera and sound card, and nobody does anything."""

    def test_it_ends_with_the_service_up(self, first_boot: Board, record_property) -> None:
        """The service runs without anybody's help, and nothing on the machine has failed."""
        first_boot.wait_for(ACTIVE, 300)
        record_property("up after, seconds of the board", first_boot.up_after_s())
        record_property("first boot done after", first_boot.up_after_s("cloud-final.service"))
        assert first_boot.check("systemctl --failed --no-legend --plain") == ""
        record_property("journal", first_boot.check(f"journalctl -b -u {UNIT} -o cat --no-pager | tail -n 3"))

    def test_it_has_enlarged_the_file_system_and_made_its_keys(self, first_boot: Board, record_property) -> None:
        """The card is used to its end; the machine has an identity of its own."""
        size_mb = int(first_boot.check("df --output=size -BM / | tail -n 1 | tr -dc 0-9"))
        record_property("size of the file system, MB", size_mb)
        assert size_mb > GROWN_MB
        assert len(first_boot.check("cat /etc/machine-id")) == len("0123456789abcdef0123456789abcdef")
        assert first_boot.check("ls /etc/ssh/ssh_host_*_key") == "/etc/ssh/ssh_host_ed25519_key"

    def test_the_doctor_finds_all_well_but_what_the_board_lacks(self, first_boot: Board, record_property) -> None:
        """No camera and no sound card are emulated; detector, model and voice work."""
        findings = first_boot.run(DOCTOR)[1]
        record_property("doctor", findings.replace("\n", "; "))
        failing = {line.split()[1].rstrip(":") for line in findings.splitlines() if line.startswith("FAIL")}
        assert failing == {"camera", "sound"}

    def test_it_has_opened_the_pin_of_a_button(self, first_boot: Board, record_property) -> None:
        """The kernel's driver of the Pi's pins says that lgpio has this one; QEMU lets nobody press it."""
        (pin,) = (line for line in first_boot.check(f"cat {PINS}").splitlines() if f"(GPIO{BUTTON} " in line)
        record_property("pin", " ".join(pin.split()))
        assert "|lg " in pin

    def test_memory_is_enough_and_zram_is_set(self, first_boot: Board, record_property) -> None:
        """The service needs less than its share of 512 MB; what is not used is compressed in memory."""
        used_mb = int(first_boot.check(f"systemctl show --value -p MemoryCurrent {UNIT}")) / 1e6
        record_property("memory of the service, MB", round(used_mb))
        record_property("free -m", first_boot.check("free -m | sed -n 2p"))
        assert used_mb < MEMORY_LIMIT_MB
        assert first_boot.check("swapon --noheadings --show=NAME") == "/dev/zram0"

    def test_nothing_listens(self, first_boot: Board) -> None:
        """Only the resolver of the machine itself, and the client that asks for an address."""
        sockets = first_boot.check("ss -Hlntu").splitlines()
        assert [each for each in sockets if not any(mark in each for mark in (*RESOLVER, DHCP))] == []


@pytest.fixture(scope="module")
def used_card(image: Path) -> Iterator[Path]:
    """Yield the folder of a card that was in the machine with sound and network once, and whose first start is over.

    The voice that its settings name is the one that is recognised.
    """
    with a_folder() as folder:
        new_card(image, folder, CARD_SETTINGS)
        with switched_on(VIRT, folder) as board:
            board.wait_for(ACTIVE, 300)
            board.wait_for(FIRST_BOOT_DONE, 600)
            board.switch_off()
        yield folder


@pytest.fixture
def card(used_card: Path) -> Iterator[Path]:
    """Yield the folder of a card like the used one, for one test."""
    with a_folder() as folder:
        same_card(used_card, folder)
        yield folder


def heard(folder: Path, since: int = WAV_HEADER) -> list[str]:
    """Return the phrases that the sound card has played since this byte of its file; a lasting one has no text yet."""
    file = folder / "sound.wav"  # made with the first sound card
    data = file.read_bytes()[since:] if file.exists() else b""
    sounds = np.frombuffer(data[: len(data) // 2 * 2], np.int16)
    return list(filter(None, (_recognised(each.tobytes()) for each in phrases_in(sounds))))


@cache
def _recognised(sound: bytes) -> str:
    return recognise(np.frombuffer(sound, dtype=np.int16))


def silence(board: Board) -> int:
    """Let a second of silence be played while nothing else plays, and return the byte of the file where it begins.

    The file has no time: without this, a phrase would be joined to one that was cut off long before.
    """
    begins = (board.folder / "sound.wav").stat().st_size
    board.check(A_SECOND_OF_SILENCE)
    return begins


def restart(board: Board, before: str = "") -> int:
    """Start the service anew, after a script of the shell; return the byte of the file where its sound begins."""
    board.wait_for(SOUND_CARD, 120)
    board.check(f"systemctl stop {UNIT}")
    since = silence(board)
    board.check(f"{before}\nsystemctl start {UNIT}")
    return since


def until_heard(board: Board, phrase: str, since: int = WAV_HEADER) -> list[str]:
    """Wait until a phrase is heard, and return all that was heard since this byte of the sound card's file.

    The machine does the waiting: it stands still where nobody reads what it writes to its console.
    """
    for _ in range(HEARD_WITHIN_S):
        said = heard(board.folder, since)
        if phrase in said:
            return said
        board.check("sleep 1")
    journal = board.run(f"journalctl -b -u {UNIT} -o cat --no-pager | tail -n 20")[1]
    raise AssertionError(f"{phrase} was not heard, but {said}\n{journal}")


def test_it_says_ready_and_looks_happy(image: Path, record_property) -> None:
    """The first words of a new card are heard from the emulated sound card, with the settings that were put there."""
    with a_folder() as folder:
        new_card(image, folder, CARD_SETTINGS)
        with switched_on(VIRT, folder) as board:
            board.wait_for(ACTIVE, 300)
            record_property("up after, seconds of the machine", board.up_after_s())
            until_heard(board, "ready")
            record_property("heard", ", ".join(until_heard(board, "looks happy")))


def test_wrong_settings_on_a_new_card_are_said(image: Path, record_property) -> None:
    """All other lines of the file count: the voice is still the one that is recognised."""
    with a_folder() as folder:
        new_card(image, folder, f"{CARD_SETTINGS}[button]\ngpio = 99\n")
        with switched_on(VIRT, folder) as board:
            board.wait_for(ACTIVE, 300)
            record_property("heard", ", ".join(until_heard(board, "the settings on the card are wrong")))
            findings = board.run(DOCTOR)[1].splitlines()
            (of_the_card,) = (line for line in findings if line.startswith("FAIL card"))
            record_property("doctor", of_the_card)
            assert "line 4" in of_the_card


def test_a_missing_camera_is_said(card: Path, record_property) -> None:
    """The service looks for a real camera, as it does on everybody's card, and waits for it."""
    with switched_on(VIRT, card, drop_in="") as board:
        board.wait_for(ACTIVE, 300)
        record_property("heard", ", ".join(until_heard(board, "the camera is gone")))
        board.check(ACTIVE)


def test_a_sound_adapter_that_comes_later_says_what_was_not_heard(image: Path, record_property) -> None:
    """The first start is silent, and its settings are wrong; then a USB adapter is plugged in."""
    with a_folder() as folder:
        new_card(image, folder, f'{CARD_SETTINGS}board = "usb"\n[button]\ngpio = 99\n')
        with switched_on(VIRT_USB, folder) as board:
            board.wait_for(ACTIVE, 300)
            board.wait_for(FIRST_BOOT_DONE, 600)
            assert heard(folder) == []
            board.plug_in("usb-audio", audiodev="sound", id="adapter")
            until_heard(board, "the sound is back")
            record_property("heard", ", ".join(until_heard(board, "the settings on the card are wrong")))


def test_a_key_of_a_remote_is_answered(card: Path, record_property) -> None:
    """One key chooses the mode in which only answers are said; then the other is answered."""
    with switched_on(VIRT, card) as board:
        board.wait_for(ACTIVE, 300)
        since = restart(board, f"printf '[remote]\\ndevice = \"{REMOTE}\"\\n' >>{SETTINGS}")
        until_heard(board, "ready", since)
        board.press("audionext")
        chosen = until_heard(board, "i speak when you ask", since)
        board.check("sleep 10")
        asked = len(heard(card, since))
        board.press("audioplay")
        board.check("sleep 10")
        said = heard(card, since)
        record_property("heard", ", ".join(said))
        assert len(said) > asked >= len(chosen)


def test_a_button_on_a_pin_is_answered(card: Path, record_property) -> None:
    """QEMU sets a line of the machine's GPIO; the program reads it through gpiozero and lgpio, as it would a Pi's."""
    with switched_on(called_a_pi(VIRT, card), card) as board:
        board.wait_for(ACTIVE, 300)
        since = restart(board, f"{FREE_THE_PIN}; printf '[button]\\nquieter_gpio = {PIN}\\n' >>{SETTINGS}")
        until_heard(board, "ready", since)
        board.set_pin()
        record_property("heard", ", ".join(until_heard(board, "quieter", since)))
        board.check(ACTIVE)


def test_after_a_power_cut_it_starts_again(card: Path, record_property) -> None:
    """The power goes while settings are written; the machine starts with whole settings and says ready."""
    with switched_on(VIRT, card) as board:
        board.wait_for(ACTIVE, 300)
        board.send("while :; do emotion-assistant ctl louder; emotion-assistant ctl quieter; done >/dev/null 2>&1 &\n")
        board.wait_for("sleep 5", 10)
        board.cut_power()
    with switched_on(VIRT, card) as board:
        board.wait_for(ACTIVE, 300)
        record_property("up after, seconds of the machine", board.up_after_s())
        assert int(board.check("journalctl --quiet --list-boots --no-pager | wc -l")) > 1
        assert board.check(f"cat {ON_THE_CARD}") == CARD_SETTINGS.strip()
        record_property("heard", ", ".join(until_heard(board, "ready")))


def test_a_full_card_does_not_silence_it(card: Path, record_property) -> None:
    """With no room left, the service starts and says so."""
    with switched_on(VIRT, card) as board:
        board.wait_for(ACTIVE, 300)
        board.run("fallocate -l $(df --output=avail -B1 / | tail -n 1) /filled; cat /dev/zero >>/filled; sync")
        since = restart(board)
        record_property("df", board.check("df -h / | tail -n 1"))
        record_property("heard", ", ".join(until_heard(board, "the memory card is full", since)))
        board.check(f"{ACTIVE}; rm /filled; sync")


def test_a_card_that_cannot_be_written_does_not_silence_it(card: Path, record_property) -> None:
    """Cards end their life read-only: the service starts and speaks."""
    with switched_on(VIRT, card) as board:
        board.wait_for(ACTIVE, 300)
        board.check("sync; echo u >/proc/sysrq-trigger; sleep 2; ! touch /written")
        since = restart(board)
        record_property("heard", ", ".join(until_heard(board, "ready", since)))
        board.check(ACTIVE)


NEWER = """
cd "$1"
dpkg-deb -R "$2" files/version
sed -i 's/^Version: .*/&+1/' files/version/DEBIAN/control
dpkg-deb -Znone -b files/version files/newer.deb
rm -r files/version
mke2fs -q -t ext4 -L newer -d files newer.ext4 400M
"""
NEWER_DRIVE = ("-drive", "if=none,id=newer,format=raw,file=newer.ext4", "-device", "virtio-blk-pci,drive=newer")


def test_an_upgrade_says_ready_again(image: Path, card: Path, record_property) -> None:
    """A newer version of the package is installed by apt; it is up afterwards, and the version before is gone."""
    deb = next(image.parent.glob(f"{UNIT}_*+deb13_arm64.deb"), None)
    if deb is None:
        pytest.skip(f"beside {image} there is no package")
    (card / "files").mkdir()
    subprocess.run(["sh", "-ec", NEWER, "sh", card, deb], check=True)
    with switched_on(VIRT, card, *NEWER_DRIVE) as board:
        board.wait_for(ACTIVE, 300)
        until_heard(board, "ready")
        before = (card / "sound.wav").stat().st_size
        board.check("mount -o ro LABEL=newer /mnt")
        printed = board.check("apt-get -q -y install /mnt/newer.deb")
        record_property("apt", printed.splitlines()[-1])
        assert board.check(f"dpkg-query -W -f '${{Version}}' {UNIT}").endswith("+1")
        record_property("heard", ", ".join(until_heard(board, "ready", before)))
        board.check(f"{ACTIVE}; ! test -e /var/lib/{UNIT}-before")
