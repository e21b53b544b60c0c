"""The page's limits: how many connections, requests and pictures, how large, and how long it waits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of connections, requests, uploads and waiting."""

    connections: int = 160
    """At most this many connections are served at a time; others are asked to come back."""

    sockets: int = 200
    """At most this many connections are open; others are closed before TLS begins."""

    strangers: int = 64
    """At most this many of the open connections are in their TLS handshake; for one more the oldest is closed."""

    arrivals_a_second: float = 50.0
    """At most this many connections of one address are accepted, and twice as many of all; others are closed."""

    arrivals_at_once: int = 1500
    handshake_s: float = 10.0
    """A TLS handshake may take this long."""

    request_s: float = 10.0
    """A request's head must come within this time after its connection began, or after the answer before it."""

    body_s: float = 90.0
    """A request's body must come within this time after its head: enough for a picture over a weak radio."""

    read_s: float = 20.0
    """A client that reads nothing for this long, while there is something to read, is disconnected."""

    requests_a_second: float = 25.0
    """At most this many requests of one address are answered, on average; a browser's camera sends about eight."""

    requests_at_once: int = 120
    all_requests_a_second: float = 50.0
    """At most this many requests of all addresses together are answered, because the headset's loop comes first."""

    all_requests_at_once: int = 200
    form_bytes: int = 64_000
    picture_bytes: int = 15_000_000
    pictures_bytes: int = 32_000_000
    """The pictures of one upload may have this many bytes together."""

    pictures: int = 16
    pixels: int = 25_000_000
    frame_bytes: int = 1_000_000
    frame_pixels: int = 1920 * 1080
    waiting: int = 3
    """This many uploads and frames may wait while another is classified."""

    uploads_at_once: int = 1
    """At most this many uploads are read into memory at a time."""

    uploads_waiting: int = 30
    """At most this many more uploads wait unread; others are asked to come back."""

    uploads_timeout_s: float = 60.0
    """An upload waits at most this long."""

    bytes_a_second: float = 8e6
    """An upload is read at most this fast, because reading takes time from the headset."""

    refusals_at_once: int = 4
    """At most this many refused bodies are read to their end at a time, each at half that speed."""

    frames_at_once: int = 16
    frames_waiting: int = 32
    frames_timeout_s: float = 5.0
