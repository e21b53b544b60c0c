"""Notifies systemd by lines in a datagram: see sd_notify(3) and sd_watchdog_enabled(3)."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Mapping

from assistant.app.reporting.notifier import NoSupervisor, Supervisor

FED_THRICE = 3
"""The program notifies systemd this often within the watchdog's time, so that one late turn does not end it."""


class Systemd:
    """Sends to the socket that systemd named; a failure to send is ignored."""

    def __init__(self, address: str, watchdog_s: float = float("inf")) -> None:
        """`address` is a path, or the name of an abstract socket with @ in front."""
        self.alive_every_s = watchdog_s / FED_THRICE
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    def ready(self) -> None:
        """Send READY, after the start or a reload."""
        self._send("READY=1")

    def status(self, words: str) -> None:
        """Send STATUS, which `systemctl status` shows."""
        self._send(f"STATUS={' '.join(words.split())}")

    def alive(self) -> None:
        """Send WATCHDOG, when systemd watches."""
        if self.alive_every_s < float("inf"):
            self._send("WATCHDOG=1")

    def reloading(self) -> None:
        """Send RELOADING with the present time, which Type=notify-reload demands."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Send STOPPING."""
        self._send("STOPPING=1")

    def _send(self, *lines: str) -> None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto("\n".join(lines).encode(), self._address)


def supervisor_of(environment: Mapping[str, str] = os.environ) -> Supervisor:
    """Return systemd when it has started this program and listens, else a supervisor that does nothing."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return NoSupervisor()
    return Systemd(address, _watchdog_s(environment))


def _watchdog_s(environment: Mapping[str, str]) -> float:
    """Return the watchdog's time; infinite when there is none, or when it watches another program."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    whose = environment.get("WATCHDOG_PID") or str(os.getpid())
    watches = microseconds.isdecimal() and int(microseconds) and whose == str(os.getpid())
    return int(microseconds) / 1e6 if watches else float("inf")
