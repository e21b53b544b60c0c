"""How many pictures a second the headset takes, without clients and while a hundred browsers use its page.

    python benchmarks/page.py [--clients 100] [--seconds 20] [--rounds 3] [--nice -5]

The camera is simulated at 15 pictures a second. Each client has an address of its own, so that no limit on the requests
of one address helps. As many clients as there are seats watch pictures and events. Of the others, every fifth sends a
request byte by byte, and the rest load one page a second. The clients, which stand for other machines, run at a lower
priority than the headset.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator

from shared.command_line import benchmark_parser

SCRIPT = "happy 3600"
PAGES = ("/live", "/try", "/health", "/settings", "/static/page.css")
REFUSED_S = 10
"""The page asks a client without a seat to wait this many seconds."""
LIMIT = 0.9
"""The least share of the pictures a second without clients."""


@contextlib.contextmanager
def headset(niceness: int) -> Iterator[int]:
    """Run a headset with its page, and yield the port."""
    command = ["nice", "-n", str(niceness), sys.executable, "-m", "assistant", "web", "--port", "0", "--voice", "none"]
    with subprocess.Popen([*command, "--camera", f"simulated:{SCRIPT}"], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        found = (re.search(r"http://127.0.0.1:(\d+)", line) for line in running.stderr)
        try:
            yield next(int(match[1]) for match in found if match)
        finally:
            running.terminate()


def frames(port: int) -> tuple[float, int]:
    """Ask until the page answers; return the time and how many frames were taken since the start."""
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            match = re.search(r"^emotion_assistant_frames_total (\d+)", answer.read().decode(), re.MULTILINE)
            assert match is not None
            return time.monotonic(), int(match[1])
        time.sleep(0.05)


async def rate(port: int, seconds: float) -> float:
    """Measure the frames a second from now on."""
    began_s, before = await asyncio.to_thread(frames, port)
    await asyncio.sleep(seconds)
    ended_s, after = await asyncio.to_thread(frames, port)
    return (after - before) / (ended_s - began_s)


async def ask(port: int, number: int, path: str, statuses: Counter[str]) -> None:
    """Load one path to its end, from the client's own address, and count the status."""
    own = (f"127.0.{1 + number // 250}.{1 + number % 250}", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=own)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        status = (await reader.readline()).split()[1].decode()
        statuses[f"{path} {status}"] += 1
        while await reader.read(65536):
            pass
    finally:
        writer.close()


async def drip(port: int, number: int) -> None:
    """Send a request byte by byte, without an end."""
    _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.1.{1 + number % 250}", 0))
    try:
        while True:
            writer.write(b"G")
            await writer.drain()
            await asyncio.sleep(0.5)
    finally:
        writer.close()


async def client(port: int, number: int, statuses: Counter[str]) -> None:
    """Be one browser, as this file's docstring says."""
    await asyncio.sleep(number * 0.02)
    while True:
        with contextlib.suppress(OSError, IndexError):
            if number % 5 == 4:
                await drip(port, number)
            streams = (ask(port, number, path, statuses) for path in ("/live/pictures", "/live/events"))
            await asyncio.gather(*streams)
            for _ in range(REFUSED_S):
                await ask(port, number, PAGES[number % len(PAGES)], statuses)
                await asyncio.sleep(1.0)


async def measure(port: int, clients: int, seconds: float) -> tuple[float, float, Counter[str]]:
    """Return the frames a second without clients and with them, and how often each path had each status."""
    alone = await rate(port, seconds)
    statuses: Counter[str] = Counter()
    tasks = [asyncio.create_task(client(port, number, statuses)) for number in range(clients)]
    await asyncio.sleep(3.0)
    beside = await rate(port, seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(1.0)
    return alone, beside, statuses


def main() -> int:
    """Print the figures; return 1 when the median share is below the limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--clients", type=int, default=100, help="how many browsers (default: 100)")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each measurement (default: 20)")
    parser.add_argument("--rounds", type=int, default=3, help="how many measurements (default: 3)")
    parser.add_argument("--nice", type=int, default=0, help="niceness of the headset; its service has -5, as root only")
    arguments = parser.parse_args()
    shares = []
    with headset(arguments.nice) as port:
        os.nice(10)
        time.sleep(3.0)
        for _ in range(arguments.rounds):
            alone, beside, statuses = asyncio.run(measure(port, arguments.clients, arguments.seconds))
            shares.append(beside / alone)
            with_clients = f"with {arguments.clients} clients {beside:.2f}/s"
            print(f"without clients {alone:.2f}/s, {with_clients}: {beside / alone:.1%}")
    print(", ".join(f"{what}: {count}" for what, count in sorted(statuses.items())))
    share = statistics.median(shares)
    print(f"median {share:.1%} (limit: at least {LIMIT:.0%})")
    return int(share < LIMIT)


if __name__ == "__main__":
    sys.exit(main())
