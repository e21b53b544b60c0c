"""Which names the page is called by: a page of another host that points its name here must not be served."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE | re.ASCII)


def own_names(further: str = "") -> frozenset[str]:
    """This machine's names, and those of the settings."""
    host = socket.gethostname().lower()
    return frozenset({"localhost", host, f"{host.partition('.')[0]}.local", *further.lower().split()} - {"", ".local"})


def is_own(header: str, names: Iterable[str], local_address: str) -> bool:
    """Whether a Host header names this machine, or the very address that the request came to."""
    match = HOST.fullmatch(header)
    if match is None:
        return False
    name = match["name"].lower().removesuffix(".")
    return name in names or plain_address(name.strip("[]")) == plain_address(local_address) is not None


def plain_address(text: str) -> str | None:
    """An IP address in its one spelling, None for what is none; an IPv4 address may be wrapped into an IPv6 one."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def is_loopback(text: str) -> bool:
    """Whether only this machine reaches the address."""
    address = plain_address(text)
    return address is not None and ipaddress.ip_address(address).is_loopback
