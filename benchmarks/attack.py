"""How a headset does while its page is attacked: frames a second, memory, and answers of the control socket.

    python benchmarks/attack.py [--seconds 20]

The page is open to other machines, so it uses TLS and a token. One after the other, for this long each, come 1,100
silent connections, 150 that are silent after the TLS handshake, and, with the right token, 20 uploads of 31 MB at once,
animated PNGs, and sound devices that are commands. The camera is simulated at 15 frames a second. The attackers stand
for other machines, so they run at a lower priority. Memory is that of the headset with the process that decodes
pictures.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shared.command_line import benchmark_parser
from shared.footprint import whole_memory_mb
from shared.page_client import Client

from assistant.controls.commands import Command
from assistant.controls.drivers.client import send
from assistant.controls.drivers.control_socket import socket_path

FPS = 15
SILENT, SHAKEN, UPLOADS, UPLOAD_BYTES = 1100, 150, 20, 31_000_000
PAUSE_S = 0.02
COMMANDS = ("default; touch {0}", "$(touch {0})", "|touch {0}", "default\ntouch {0}", "exec:touch {0}")
SETTINGS = '[web]\nenabled = true\nhost = "0.0.0.0"\nport = 0\n'
LEAST_SHARE, MOST_MB, SLOWEST_S = 0.9, 200, 0.2


@dataclass(slots=True)
class Seen:
    """What was measured while one attack lasted."""

    answers_s: list[float] = field(default_factory=list)
    fps: list[float] = field(default_factory=list)
    memory_mb: float = 0.0


@contextlib.contextmanager
def headset(folder: Path) -> Iterator[tuple[int, Client]]:
    """Run a headset with its page; yield its process id and a client that has logged in."""
    config = folder / "settings.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    assistant = [sys.executable, "-m", "assistant"]
    token = subprocess.run([*assistant, "web", "--token"], capture_output=True, text=True, check=True).stdout.strip()
    camera = ("--camera", "simulated:happy 3600", "--voice", "none")
    command = [*assistant, "run", *camera, "--control", "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        found = (re.search(r"the page: https://\S+:(\d+)", line) for line in running.stderr)
        try:
            port = next(int(match[1]) for match in found if match)
            threading.Thread(target=running.stderr.read, daemon=True).start()
            yield running.pid, Client(port, token)
        finally:
            running.terminate()


def watch(pid: int, until: threading.Event, seen: Seen) -> None:
    """Ask the control socket again and again, and measure the memory, until the event is set."""
    while not until.is_set():
        began_s = time.monotonic()
        answer = send(Command.STATUS)
        seen.answers_s.append(time.monotonic() - began_s)
        seen.fps.append(answer["pictures_a_second"])
        seen.memory_mb = max(seen.memory_mb, whole_memory_mb(pid))
        time.sleep(PAUSE_S)


def silent(client: Client, seconds: float) -> None:
    """Open connections and say nothing."""
    with contextlib.ExitStack() as opened:
        for _ in range(SILENT):
            opened.enter_context(socket.create_connection(("127.0.0.1", client.port), timeout=20))
        time.sleep(seconds)


def silent_after_handshake(client: Client, seconds: float) -> None:
    """Finish the TLS handshake on each connection, then say nothing."""
    with contextlib.ExitStack() as opened:
        for _ in range(SHAKEN):
            with contextlib.suppress(OSError):  # hung up on
                plain = socket.create_connection(("127.0.0.1", client.port), timeout=20)
                opened.enter_context(client.tls.wrap_socket(plain))
        time.sleep(seconds)


def uploads(client: Client, seconds: float) -> None:
    """Send large pictures that are damaged, all at once, again until the time is over."""
    picture, ends_s = b"\xff\xd8\xff" + os.urandom(UPLOAD_BYTES), time.monotonic() + seconds

    def upload() -> None:
        attempt(lambda: client.upload(picture), seconds)

    senders = [threading.Thread(target=upload, daemon=True) for _ in range(UPLOADS)]
    for each in senders:
        each.start()
    for each in senders:
        each.join(max(0.0, ends_s - time.monotonic()))


def animated_pngs(client: Client, seconds: float) -> None:
    """Send PNGs of several frames, which end the process that decodes them with OpenCV 4.10 and 4.11."""
    head, pixels = struct.pack(">IIBBBBB", 96, 96, 8, 2, 0, 0, 0), zlib.compress(bytes(96 * (1 + 3 * 96)))
    frame = struct.pack(">IIIIIHHBB", 0, 96, 96, 0, 0, 1, 1, 0, 0)
    parts = {b"IHDR": head, b"acTL": struct.pack(">II", 3, 0), b"fcTL": frame, b"IDAT": pixels, b"IEND": b""}
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts.items()
    ]
    attempt(lambda: client.upload(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)), seconds)


def commands_as_devices(client: Client, seconds: float) -> None:
    """Set sound devices that would run a command when they were given to a shell or to ALSA as they are."""
    made = Path(os.environ["RUNTIME_DIRECTORY"], "made-by-a-command")
    for device in COMMANDS:
        attempt(partial(client.set_device, device.format(made)), seconds / len(COMMANDS))
    assert not made.exists(), "a command was run"


def attempt(request: Callable[[], None], seconds: float) -> None:
    """Make a request again and again for this long, whether it is refused or not."""
    ends_s = time.monotonic() + seconds
    while time.monotonic() < ends_s:
        with contextlib.suppress(OSError):
            request()


ATTACKS: dict[str, Callable[[Client, float], None]] = {
    f"{SILENT:,} silent connections": silent,
    f"{SHAKEN} silent after the handshake": silent_after_handshake,
    f"{UPLOADS} uploads of 31 MB": uploads,
    "animated PNGs": animated_pngs,
    "sound devices that are commands": commands_as_devices,
    "nobody, for comparison": lambda _, seconds: time.sleep(seconds),
}


def measure(pid: int, client: Client, attack: Callable[[Client, float], None], seconds: float) -> Seen:
    """Attack for this long, in a process of lower priority, and return what was measured meanwhile."""
    seen, until = Seen(), threading.Event()
    watcher = threading.Thread(target=watch, args=(pid, until, seen))
    child = os.fork()
    if child == 0:
        os.nice(10)
        try:
            attack(client, seconds)
        except AssertionError:
            os._exit(1)
        except OSError:  # hung up on, as it should be
            pass
        os._exit(0)
    watcher.start()
    _, status = os.waitpid(child, 0)
    until.set()
    watcher.join()
    assert status == 0, "the attack succeeded"
    return seen


def main() -> int:
    """Print a line for each attack; return 1 when a limit was missed under one of them."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each attack lasts (default: 20)")
    seconds, missed = parser.parse_args().seconds, False
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"STATE_DIRECTORY": f"{folder}/state", "RUNTIME_DIRECTORY": folder}
        with headset(Path(folder)) as (pid, client):
            assert socket_path().exists()
            time.sleep(5)
            for name, attack in ATTACKS.items():
                seen = measure(pid, client, attack, seconds)
                ranked = sorted(seen.answers_s)
                print(
                    f"{name}: {min(seen.fps):.1f} to {max(seen.fps):.1f} frames a second "
                    f"(limit at least {LEAST_SHARE * FPS:.1f}), {seen.memory_mb:.0f} MB (limit {MOST_MB} MB), "
                    f"{len(ranked)} answers: median {1000 * statistics.median(ranked):.0f} ms, 95 of 100 within "
                    f"{1000 * ranked[int(0.95 * len(ranked))]:.0f} ms, the slowest {1000 * ranked[-1]:.0f} ms "
                    f"(limit {1000 * SLOWEST_S:.0f} ms)",
                    flush=True,
                )
                missed |= min(seen.fps) < LEAST_SHARE * FPS or seen.memory_mb > MOST_MB or ranked[-1] > SLOWEST_S
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
