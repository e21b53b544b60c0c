"""How much memory the whole service takes with its page on, as for a Pi Zero 2 W with 512 MB.

    python benchmarks/memory.py [--seconds 30]

The service runs as its unit starts it (--wait-for-camera), with the page open to other machines over TLS, a simulated
camera of 15 frames a second, and the voice on ALSA's null device. Measured are, for this long each: the start, while
all phrases are rendered; somebody who watches the camera on the page; pictures of 12 megapixels that are tried on the
page, one after the other; and nobody on the page. Memory is that of the program with all its children (aplay, the
engine, the process that decodes pictures); pages that they share count once (Pss). The limit is 150 MB, at any moment.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from shared.command_line import benchmark_parser
from shared.footprint import descendants, whole_memory_mb
from shared.page_client import Client

LIMIT_MB = 150
EVERY_S = 0.1
ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "1048576"}
"""As in the service's unit."""

SETTINGS = '[web]\nenabled = true\nhost = "0.0.0.0"\nport = 0\n'
TIMELINE = "simulated:empty 3, neutral 4, happy 4, surprise 4, happy+other 5, again"


@contextlib.contextmanager
def service(folder: Path) -> Iterator[tuple[int, Callable[[], Client]]]:
    """Run the service; yield its process id, and what logs a client in once the page is there."""
    config = folder / "settings.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    (folder / "asound.conf").write_text("pcm.!default { type null }\n", encoding="ascii")
    assistant = [sys.executable, "-m", "assistant"]
    token = subprocess.run([*assistant, "web", "--token"], capture_output=True, text=True, check=True).stdout.strip()
    command = [*assistant, "run", "--wait-for-camera", "--camera", TIMELINE, "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        errors = running.stderr
        assert errors is not None
        ports: list[int] = []
        found = threading.Event()

        def read() -> None:
            for line in errors:
                if match := re.search(r"the page: https://\S+:(\d+)", line):
                    ports.append(int(match[1]))
                    found.set()

        threading.Thread(target=read, daemon=True).start()

        def client() -> Client:
            assert found.wait(60), "the service has no page"
            return Client(ports[0], token)

        try:
            yield running.pid, client
        finally:
            running.terminate()


def peak_mb(pid: int, seconds: float, do: Callable[[threading.Event], None]) -> tuple[float, float, int]:
    """Do something for this long; return the most memory, the memory at the end, and the most processes."""
    over = threading.Event()
    doing = threading.Thread(target=do, args=(over,), daemon=True)
    doing.start()
    ends_s, most, processes, last = time.monotonic() + seconds, 0.0, 0, 0.0
    while time.monotonic() < ends_s:
        last = whole_memory_mb(pid)
        most, processes = max(most, last), max(processes, 1 + len(list(descendants(pid))))
        time.sleep(EVERY_S)
    over.set()
    doing.join(30)
    return most, last, processes


def nothing(over: threading.Event) -> None:
    """Wait until the time is over."""
    over.wait()


def watching(client: Client) -> Callable[[threading.Event], None]:
    """Return what watches the camera's pictures on the page."""

    def do(over: threading.Event) -> None:
        for _ in client.watch("/live/pictures"):
            if over.is_set():
                return

    return do


def trying(client: Client) -> Callable[[threading.Event], None]:
    """Return what sends pictures of 12 megapixels to be classified."""
    noise = np.random.default_rng(1).integers(0, 255, (375, 500, 3), np.uint8)
    coded, jpeg = cv2.imencode(".jpg", cv2.resize(noise, (4000, 3000), interpolation=cv2.INTER_CUBIC))
    assert coded

    def do(over: threading.Event) -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):  # too many requests
                client.upload(jpeg.tobytes())

    return do


def main() -> int:
    """Print a line for each thing that is done; return 1 when the limit was missed."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each lasts (default: 30)")
    parser.add_argument("--plain", action="store_true", help="without the unit's settings of the allocator")
    parsed = parser.parse_args()
    seconds, highest = parsed.seconds, 0.0
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {f"{name}_DIRECTORY": f"{folder}/{name}" for name in ("STATE", "CACHE")}
        os.environ |= {} if parsed.plain else ALLOCATOR
        os.environ |= {"RUNTIME_DIRECTORY": folder, "ALSA_CONFIG_PATH": f"{folder}/asound.conf"}
        with service(Path(folder)) as (pid, log_in):
            todo: dict[str, Callable[[], Callable[[threading.Event], None]]] = {
                "the start, while phrases are rendered": lambda: nothing,
                "somebody watches on the page": lambda: watching(log_in()),
                "pictures of 12 megapixels are tried": lambda: trying(log_in()),
                "nobody is on the page": lambda: nothing,
            }
            for name, make in todo.items():
                most, last, processes = peak_mb(pid, seconds, make())
                highest = max(highest, most)
                print(f"{name}: at most {most:.0f} MB, at the end {last:.0f} MB, {processes} processes", flush=True)
    print(f"at most {highest:.0f} MB (limit {LIMIT_MB} MB)")
    return int(highest > LIMIT_MB)


if __name__ == "__main__":
    sys.exit(main())
