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
    arrivals_at_once: int = 1500
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
    uploads_at_once: int = 1
    """So many are taken in, into memory."""
    uploads_waiting: int = 30
    """So many more wait, unread; others are told to come back."""
    uploads_patience_s: float = 60.0
    bytes_a_second: float = 8e6
    """Of an upload that is taken in: what comes faster takes the headset's time."""
    refusals_at_once: int = 4
    """So many bodies are read only to be told to come back, each at half that speed; others wait, as uploads do."""
    frames_at_once: int = 16
    frames_waiting: int = 32
    frames_patience_s: float = 5.0
