"""The page's limits for connections, requests and pictures: their number, their size and their time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of connections, requests, uploads and waiting."""

    connections: int = 160
    """At most this many connections are served at a time; the page asks the others to try again later."""

    sockets: int = 200
    """At most this many connections are open; any further connection is closed before TLS begins."""

    unfinished_handshakes: int = 64
    """At most this many connections are in their TLS handshake; when another one comes, the oldest is closed."""

    arrivals_a_second: float = 50.0
    """From one address, at most this many connections a second are accepted, and from all addresses twice as many."""

    arrivals_at_once: int = 1500
    """This many connections from one address, and twice as many from all, may come at once after a pause."""

    handshake_s: float = 10.0
    """A TLS handshake may take at most this long."""

    request_s: float = 10.0
    """A request's head must come within this time after the connection began or the previous answer ended."""

    body_s: float = 90.0
    """A request's body must come within this time after its head: enough for a picture over a weak radio link."""

    read_s: float = 20.0
    """A client that does not read the data sent to it for this long is disconnected."""

    requests_a_second: float = 25.0
    """One address gets at most this many answers a second on average; a browser's camera sends about eight."""

    requests_at_once: int = 120
    """One address may send this many requests at once after a pause."""

    all_requests_a_second: float = 50.0
    """All addresses together get at most this many answers a second, because the headset's loop comes first."""

    all_requests_at_once: int = 200
    form_bytes: int = 64_000
    picture_bytes: int = 15_000_000
    pictures_bytes: int = 32_000_000
    """The pictures of one upload may have at most this many bytes in total."""

    pictures: int = 16
    pixels: int = 25_000_000
    frame_bytes: int = 1_000_000
    frame_pixels: int = 1920 * 1080
    waiting: int = 3
    """At most this many uploads and frames wait while another is classified."""

    uploads_at_once: int = 1
    """At most this many uploads are read into memory at a time."""

    uploads_waiting: int = 30
    """At most this many further uploads wait unread; the page asks the others to try again later."""

    uploads_timeout_s: float = 60.0
    """An upload waits at most this long."""

    bytes_a_second: float = 8e6
    """Uploads are read at this rate at most, because reading takes processor time from the headset."""

    refusals_at_once: int = 4
    """At most this many refused uploads are read to their end at a time, each at half of `bytes_a_second`."""

    frames_at_once: int = 16
    frames_waiting: int = 32
    frames_timeout_s: float = 5.0
