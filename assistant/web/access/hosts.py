"""The host names to which the page answers.

Another host could point its name to this machine and read the page in a visitor's browser (DNS rebinding). So a request
for any other name is refused.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE | re.ASCII)


def own_names(further: str = "") -> frozenset[str]:
    """Return this machine's names, and the further names of the settings, separated by spaces."""
    host = socket.gethostname().lower()
    return frozenset({"localhost", host, f"{host.partition('.')[0]}.local", *further.lower().split()} - {"", ".local"})


def is_own(header: str, names: Iterable[str], local_address: str) -> bool:
    """Return whether a Host header names this machine, or the address at which the request came."""
    match = HOST.fullmatch(header)
    if match is None:
        return False
    name = match["name"].lower().removesuffix(".")
    return name in names or plain_address(name.strip("[]")) == plain_address(local_address) is not None


def plain_address(text: str) -> str | None:
    """Return an IP address in its standard spelling, an IPv4 address also when IPv6 wraps it; None for other texts."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def is_loopback(text: str) -> bool:
    """Return whether only this machine reaches an address."""
    address = plain_address(text)
    return address is not None and ipaddress.ip_address(address).is_loopback
