"""A Raspberry Pi, or QEMU's own machine, that is emulated as a whole and boots the card's image.

While it works, its time is counted in instructions (QEMU's icount). However slow this machine is, a second there is a
second of the emulated machine, so that neither its watchdogs nor its sound suffer. The Pi's own loader is not run: QEMU
is given the kernel, the initial RAM disk and the device tree of the card's boot partition, with the words of its
cmdline.txt.
"""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tests.pi import trees
from tests.pi.booted import UNIT, load, wait
from tests.pi.trees import Recipe

EMULATORS = Recipe(
    "trixie", "amd64", ("qemu-system-arm", "qemu-utils", "mtools", "device-tree-compiler"), purpose="board"
)
"""QEMU 10 has the boards."""

BOOT_AT = 4 * 1024 * 1024
"""Where card/genimage.cfg puts the boot partition, in bytes."""

PROGRAM = f"/usr/lib/{UNIT}/environment/bin/assistant"
CAMERA = "simulated:" + ", ".join(["happy 5, empty 3"] * 20)
DROP_IN = f"""[Service]
ExecStart=
ExecStart={PROGRAM} run --config /etc/{UNIT}/settings.toml --wait-for-camera --control --fps 5 --camera "{CAMERA}"
"""
"""The service's camera: none is emulated. With 15 frames a second the emulation would be three times as slow."""

ICOUNT = ("-icount", "shift=1")
"""Each instruction takes two nanoseconds: roughly what a processor of the Pi 3 does. While the machine waits, its time
is real time, which its disk needs: with "sleep=off" the clock leaps from timeout to timeout until the disk answers."""

LIMIT_S = 3600.0
PROMPT = b"# "
KERNEL, INITRD, CMDLINE, SETTINGS = "vmlinuz", "initrd.img", "cmdline.txt", f"{UNIT}.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A machine that QEMU emulates."""

    machine: tuple[str, ...]
    card: tuple[str, ...]
    console: str
    device_tree: str = ""
    words: tuple[str, ...] = ()
    """Further words for the kernel."""


PI_3A = Kind(
    ("-M", "raspi3ap", "-serial", "null"),
    ("-drive", "if=sd,format=qcow2,cache=unsafe,file=card.qcow2"),
    "ttyS1",
    "bcm2837-rpi-3-a-plus.dtb",
    # QEMU lacks the power manager's registers, and the kernel panics where it reads them.
    ("initcall_blacklist=bcm2835_pm_driver_init",),
)
"""The nearest to a Zero 2 W: the same processor and 512 MB. QEMU gives it no sound, no camera and no network."""


def _virt(*devices: str) -> Kind:
    """Return QEMU's own machine with a network, a keyboard and these devices."""
    machine = (
        *("-M", "virt", "-cpu", "cortex-a53", "-m", "512", "-qmp", "unix:control,server,nowait"),
        *("-audiodev", "wav,id=sound,path=sound.wav,out.frequency=22050,out.channels=1,out.format=s16"),
        *("-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile=", "-device", "virtio-keyboard-pci"),
        *(word for device in devices for word in ("-device", device)),
    )
    card = "if=none,id=card,format=qcow2,cache=unsafe,file=card.qcow2"
    return Kind(machine, ("-drive", card, "-device", "virtio-blk-pci,drive=card"), "ttyAMA0")


VIRT = _virt("intel-hda", "hda-output,audiodev=sound")
"""QEMU's own machine with the same image: it has the sound card, the network and the keys that the boards lack."""

VIRT_USB = _virt("qemu-xhci")
"""The same with USB sockets in the place of the sound card."""

REMOTE = "QEMU Virtio Keyboard"
"""What the kernel calls the device of `Board.press`."""

PIN, FREE_THE_PIN = 3, "echo gpio-keys >/sys/bus/platform/drivers/gpio-keys/unbind"
"""The line that `Board.set_pin` sets, and how the kernel's own driver lets it go."""

REVISION = "9020e0"
"""A Pi 3A+ (https://www.raspberrypi.com/documentation/computers/raspberry-pi.html, the table of revision codes)."""


@dataclass(slots=True)
class Board:
    """An emulated machine that is on."""

    folder: Path
    process: subprocess.Popen[bytes]
    console: socket.socket
    number: int = 0

    def run(self, script: str, timeout_s: float = LIMIT_S) -> tuple[int, str]:
        """Run a script in the machine's root shell; return its exit code and its output."""
        self.number += 1
        packed = base64.b64encode(script.encode()).decode()
        mark = f"END-{self.number}-"
        # Into a file: what writes to a terminal adds colours.
        run = f"echo {packed} | base64 -d >/run/script; sh /run/script >/run/said 2>&1; CODE=$?; cat /run/said"
        self.send(f"{run}; echo END''-{self.number}-$CODE.\n")
        output = self.until(mark, timeout_s).removesuffix(mark)
        code = self.until(".", timeout_s).removesuffix(".")
        lines = output.replace("\r", "").splitlines()
        return int(code), "\n".join(line for line in lines if packed not in line and "END''" not in line).strip()

    def check(self, script: str, timeout_s: float = LIMIT_S) -> str:
        """Return the output of a script, which must succeed."""
        code, output = self.run(script, timeout_s)
        assert code == 0, f"{script}: exit code {code}\n{output}"
        return output.strip()

    def up_after_s(self, unit: str = UNIT) -> float:
        """Return after how many seconds of its own clock a unit was up."""
        return int(self.check(f"systemctl show --value -p ActiveEnterTimestampMonotonic {unit}")) / 1e6

    def wait_for(self, condition: str, timeout_s: int) -> None:
        """Wait until a condition of the shell holds, for so many of the machine's own seconds."""
        code, output = self.run(f"for _ in $(seq {timeout_s}); do {condition} && exit 0; sleep 1; done; exit 1")
        assert code == 0, f"{condition}: it did not happen in {timeout_s} s\n{output}"

    def press(self, key: str) -> None:
        """Press a key of the emulated keyboard, by QEMU's name for it."""
        self._ask("send-key", keys=[{"type": "qcode", "data": key}])

    def set_pin(self) -> None:
        """Set line 3 of the machine's GPIO for a tenth of a second, as the button of QEMU's `virt` does."""
        self._ask("system_powerdown")

    def plug_in(self, device: str, **properties: str) -> None:
        """Plug one of QEMU's devices in while the machine is on."""
        self._ask("device_add", driver=device, **properties)

    def _ask(self, command: str, **arguments: object) -> None:
        """Give QEMU a command (https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html)."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.folder / "control"))
            answers = control.makefile(encoding="utf-8")
            answers.readline()  # its greeting
            for each in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                control.sendall(json.dumps(each).encode())
                answer = next(line for line in answers if '"event"' not in line)
                assert '"return"' in answer, answer

    def switch_off(self) -> None:
        """Let the system end, and wait until the machine is off."""
        self.send("systemctl poweroff\n")
        end_s = time.monotonic() + LIMIT_S * load()
        while self.process.poll() is None:
            assert time.monotonic() < end_s, "the machine does not switch itself off"
            with suppress(TimeoutError):
                self.console.recv(1000)  # it stands still where nobody reads
        assert self.process.returncode == 0, f"QEMU: exit code {self.process.returncode}"

    def cut_power(self) -> None:
        """End the machine at once."""
        self.process.kill()
        self.process.wait()
        self.console.close()

    def send(self, text: str) -> None:
        """Type on the console; in small pieces, which an emulated serial port can take."""
        for begin in range(0, len(text), 8):
            self.console.sendall(text[begin : begin + 8].encode())
            time.sleep(0.01)

    def until(self, mark: str, timeout_s: float) -> str:
        """Return what the console shows up to a mark, with the mark."""
        shown, end_s = b"", time.monotonic() + timeout_s * load()
        while mark.encode() not in shown:
            assert time.monotonic() < end_s, f"{mark} was not shown: {shown[-2000:].decode(errors='replace')}"
            try:
                data = self.console.recv(1)
            except TimeoutError:
                continue
            assert data, f"QEMU has ended: {shown[-2000:].decode(errors='replace')}"
            with (self.folder / "console.log").open("ab") as log:
                log.write(data)
            shown += data
        return shown.decode(errors="replace")


def new_card(image: Path, folder: Path, settings: str = "", size: str = "4G") -> None:
    """Make a card of this size in `folder`, as if the image had been written onto it, and take out what QEMU boots.

    The `settings` are put onto the partition that every computer shows.
    """
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", image, folder / "card.img"], check=True)
    (folder / SETTINGS).write_text(settings, encoding="utf-8")
    script = f"""cd /carried
qemu-img create -q -f qcow2 -b card.img -F raw card.qcow2 {size}
export MTOOLS_SKIP_CHECK=1
mcopy -n -i card.img@@{BOOT_AT} '::vmlinuz-*' {KERNEL}
mcopy -n -i card.img@@{BOOT_AT} '::initrd.img-*' {INITRD}
mcopy -n -i card.img@@{BOOT_AT} ::{CMDLINE} ::{PI_3A.device_tree} .
[ ! -s {SETTINGS} ] || mcopy -o -i card.img@@{BOOT_AT} {SETTINGS} ::
"""
    trees.made(EMULATORS).check(["sh", "-ec", script], folder)


def same_card(card: Path, folder: Path) -> None:
    """Make a card in `folder` that has all that the one in `card` has; neither changes the other."""
    for name in ("card.img", KERNEL, INITRD, CMDLINE):
        (folder / name).hardlink_to(card / name)
    (folder / "before.qcow2").hardlink_to(card / "card.qcow2")
    create = ["qemu-img", "create", "-q", "-f", "qcow2", "-b", "before.qcow2", "-F", "qcow2", "/carried/card.qcow2"]
    trees.made(EMULATORS).check(create, folder)


def called_a_pi(kind: Kind, folder: Path) -> Kind:
    """Return a machine whose device tree says which Pi it is, as a Pi's firmware writes it: gpiozero asks for that."""
    tree = kind.device_tree or "pi.dtb"
    script = f"""cd /carried
[ -e {tree} ] || "$@" -machine dumpdtb={tree} -display none
fdtput -c {tree} /system
fdtput -t x {tree} /system linux,revision {REVISION}
"""
    trees.made(EMULATORS).check(["sh", "-ec", script, "sh", "qemu-system-aarch64", *kind.machine], folder)
    return replace(kind, device_tree=tree)


@contextmanager
def switched_on(kind: Kind, folder: Path, *options: str, drop_in: str = DROP_IN) -> Iterator[Board]:
    """Switch a machine with the card in `folder` on, and yield it when it has a root shell; end it afterwards."""
    (folder / "console").unlink(missing_ok=True)
    boot = ["-kernel", KERNEL, "-initrd", INITRD, "-append", _words(kind, folder, drop_in)]
    tree = ["-dtb", kind.device_tree] if kind.device_tree else []
    serial = ["-serial", "unix:console,server", "-display", "none", "-monitor", "none"]
    qemu = ["qemu-system-aarch64", *kind.machine, *serial, *kind.card, *boot, *tree, *ICOUNT, *options]
    inside = trees.made(EMULATORS).command(["sh", "-c", 'cd /carried; exec "$@"', "sh", *qemu], folder)
    command = ["setpriv", "--pdeathsig", "KILL", *inside]  # it ends with the tests, also when they are killed
    with (folder / "qemu.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        wait(lambda: (folder / "console").exists() or process.poll() is not None, 60 * load())
        with socket.socket(socket.AF_UNIX) as console:
            console.connect(str(folder / "console"))
            yield _with_shell(Board(folder, process, console))
    finally:
        process.kill()
        process.wait()


def _with_shell(board: Board) -> Board:
    """Wait for the root shell, and make it one that shows neither a prompt nor what is typed.

    Nothing is typed before it asks: a serial port that is not open yet may never hear anything again.
    """
    board.console.setblocking(False)
    shown, end_s = b"", time.monotonic() + LIMIT_S * load()
    while b"SHELL-IS-HERE" not in shown:
        assert time.monotonic() < end_s, f"no shell came: {shown[-2000:].decode(errors='replace')}"
        if PROMPT in shown:
            board.send("echo SHELL''-IS-HERE\n")
        time.sleep(1)
        with suppress(BlockingIOError):
            shown += board.console.recv(1_000_000)
    board.console.settimeout(5)
    board.send("PS1= exec sh\nstty -echo\ndmesg -n 1\n")
    assert board.run("true")[0] == 0
    return board


def _words(kind: Kind, folder: Path, drop_in: str) -> str:
    """Return the kernel's words: those of the card, a root shell on the console, and the simulated camera."""
    own = [word for word in (folder / CMDLINE).read_text("ascii").split() if not word.startswith("console=")]
    packed = base64.b64encode(drop_in.encode()).decode()
    shell = [f"console={kind.console},115200", f"systemd.debug_shell={kind.console}", "systemd.show_status=no", "quiet"]
    getty = [f"systemd.mask=serial-getty@{kind.console}.service"]
    camera = [f"systemd.set_credential_binary=systemd.unit-dropin.{UNIT}.service:{packed}"] if drop_in else []
    return " ".join([*own, *kind.words, *shell, *getty, *camera])
