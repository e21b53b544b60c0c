"""How much the page puts up with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of requests, uploads and patience."""

    connections: int = 160
    """At a time; more are told to come back."""
    sockets: int = 200
    """The same before anything is said to them; more are hung up on."""
    strangers: int = 64
    """Of these, such as have not finished their TLS handshake; the oldest makes room."""
    arrivals_a_second: float = 50.0
    """Connections of one address; more are hung up on, and so are twice as many of all addresses."""
    arrivals_at_once: int = 200
    handshake_s: float = 10.0
    """So long a TLS handshake may take."""
    request_s: float = 10.0
    """A request's head must be there this long after its connection, or after the answer before."""
    body_s: float = 90.0
    """And its body this long after that: a picture over a weak radio."""
    read_s: float = 20.0
    """Who reads nothing for this long, while there is something to read, is hung up on."""
    requests_a_second: float = 25.0
    """Of one address, on average; a browser's camera sends about eight."""
    requests_at_once: int = 120
    all_requests_a_second: float = 50.0
    """Of all addresses together: the headset's loop comes first."""
    all_requests_at_once: int = 200
    form_bytes: int = 64_000
    picture_bytes: int = 15_000_000
    pictures_bytes: int = 32_000_000
    """Of all pictures of one upload."""
    pictures: int = 16
    pixels: int = 25_000_000
    frame_bytes: int = 1_000_000
    frame_pixels: int = 1920 * 1080
    waiting: int = 3
    """Uploads and frames that may wait while another is judged."""
    uploads_at_once: int = 2
    """So many are taken in, into memory."""
    uploads_waiting: int = 8
    """So many more wait, unread; others are told to come back."""
    uploads_patience_s: float = 30.0
    frames_at_once: int = 16
    frames_waiting: int = 32
    frames_patience_s: float = 5.0
