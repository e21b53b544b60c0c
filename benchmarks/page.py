"""How many pictures a second the headset looks at, alone and while a hundred browsers are at its page.

    python benchmarks/page.py [--clients 100] [--seconds 20] [--rounds 3] [--nice -5]

The camera is simulated at 15 pictures a second. Each client has an address of its own, so that no limit on requests of
one address helps. Those who find a seat watch pictures and events; of the others every fifth sends a request byte by
byte, and the rest load a page a second. The clients, which would be other machines, step back behind the headset.
"""

from __future__ import annotations

import argparse
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

SCRIPT = "happy 3600"
PAGES = ("/live", "/try", "/health", "/settings", "/static/page.css")
REFUSED_S = 10
"""So long the page asks those to wait for whom there was no seat."""
LIMIT = 0.9
"""Of the pictures a second without clients."""


@contextlib.contextmanager
def headset(niceness: int) -> Iterator[int]:
    """A headset with its page; lends the port."""
    command = ["nice", "-n", str(niceness), sys.executable, "-m", "assistant", "web", "--port", "0", "--voice", "none"]
    with subprocess.Popen([*command, "--camera", f"simulated:{SCRIPT}"], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        found = (re.search(r"http://127.0.0.1:(\d+)", line) for line in running.stderr)
        try:
            yield next(int(match[1]) for match in found if match)
        finally:
            running.terminate()


def frames(port: int) -> tuple[float, int]:
    """When, and how many frames were looked at; asked until the page has time for the question."""
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            match = re.search(r"^emotion_assistant_frames_total (\d+)", answer.read().decode(), re.MULTILINE)
            assert match is not None
            return time.monotonic(), int(match[1])
        time.sleep(0.05)


async def rate(port: int, seconds: float) -> float:
    """Frames a second from now on."""
    began_s, before = await asyncio.to_thread(frames, port)
    await asyncio.sleep(seconds)
    ended_s, after = await asyncio.to_thread(frames, port)
    return (after - before) / (ended_s - began_s)


async def ask(port: int, number: int, path: str, statuses: Counter[str]) -> None:
    """Load one thing to its end, from an address of one's own."""
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
    """Send a request byte by byte."""
    _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.1.{1 + number % 250}", 0))
    try:
        while True:
            writer.write(b"G")
            await writer.drain()
            await asyncio.sleep(0.5)
    finally:
        writer.close()


async def client(port: int, number: int, statuses: Counter[str]) -> None:
    """One browser, as the module's docstring tells."""
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
    """Frames a second alone, and beside the clients; and what those were answered."""
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
    """Print the figures; 1 when the headset became too slow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nice", type=int, default=0, help="of the headset; -5 is what its unit has, and needs root")
    arguments = parser.parse_args()
    shares = []
    with headset(arguments.nice) as port:
        os.nice(10)
        time.sleep(3.0)
        for _ in range(arguments.rounds):
            alone, beside, statuses = asyncio.run(measure(port, arguments.clients, arguments.seconds))
            shares.append(beside / alone)
            print(f"alone {alone:.2f}/s, with {arguments.clients} clients {beside:.2f}/s: {beside / alone:.1%}")
    print(", ".join(f"{what}: {count}" for what, count in sorted(statuses.items())))
    share = statistics.median(shares)
    print(f"median {share:.1%} (limit {LIMIT:.0%})")
    return int(share < LIMIT)


if __name__ == "__main__":
    sys.exit(main())
