"""What strangers send to the control socket of a headset, and to its page with and without TLS."""

from __future__ import annotations

from pathlib import Path
from random import Random
from urllib.parse import quote_from_bytes, urlencode

from assistant.controls.protocol import REQUESTS
from tests.fuzz.bytewise import mutated
from tests.fuzz.case import Seeds, Talk
from tests.fuzz.media import picture
from tests.fuzz.words import ENCODINGS, NUMBERS, TEXTS

HOST, CSRF, TOKEN = b"@HOST@", b"CSRF" * 16, b"@TOKEN@"
"""What only the page that runs knows; put in when the bytes are sent."""
BOUNDARY = "fuzz"
PATHS = (
    "/",
    "/live",
    "/live/pictures",
    "/try",
    "/headset",
    "/settings",
    "/health",
    "/healthz",
    "/metrics",
    "/login",
    "/login?next=//x",
    "/static/page.css",
    "/static/../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/app.py",
    "/static/%00",
    "/%ff%fe",
    "//x/live",
    "http://x/live",
    "*",
    "/" + "a" * 9000,
    "/live?" + "a=b&" * 3000,
    "/%1b[2J",
)
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "get", "P\0ST", "", "A" * 3000)
OTHER_BYTES = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    b"GET /live\r\n",
    b"\r\n" * 5000,
    b"\0" * 5000,
    b"SSH-2.0-x\r\n",
    b"\x80\x2e\x01\x00\x02",
)
HEADER_TEXTS = tuple(text for text in TEXTS if text.isprintable() and len(text) < 5000)
COMMANDS = ("tell", "repeat", "status", "mode", "mute", "unmute", "louder", "quieter", "silence")


def socket_talk(rng: Random, folder: Path, seeds: Seeds) -> Talk:
    """Draw a line for the control socket, or bytes that are none."""
    requests = [words for words in REQUESTS if words != "stop"]
    line = rng.choice((*requests, *TEXTS, *NUMBERS)).encode("utf-8", errors="surrogatepass") + b"\n"
    if rng.random() < 0.7:
        line, _ = mutated(line, rng, other=rng.choice(requests).encode() + b"\n")
    if rng.random() < 0.2:
        line = b" ".join([line.strip()] * rng.choice((2, 100, 5000))) + rng.choice((b"\n", b"\r\n", b"", b"\0\n"))
    return _kept(folder, Talk(f"{line[:60]!r}", _pieces(line, rng), "socket"))


def page_talk(rng: Random, folder: Path, seeds: Seeds) -> Talk:
    """Draw a request for the page, or bytes that are none."""
    data = rng.choice(OTHER_BYTES) if rng.random() < 0.05 else _request(rng, seeds)
    if rng.random() < 0.1:
        data, _ = mutated(data, rng)
    return _kept(folder, Talk(f"{data[:60]!r}", _pieces(data, rng), "page"))


def tls_talk(rng: Random, folder: Path, seeds: Seeds) -> Talk:
    """Draw a request over TLS, or one without TLS to the port that needs it."""
    is_bare = rng.random() < 0.2
    data = rng.choice(OTHER_BYTES) if rng.random() < (0.5 if is_bare else 0.05) else _request(rng, seeds)
    if rng.random() < 0.1:
        data, _ = mutated(data, rng)
    return _kept(folder, Talk(f"{data[:60]!r}", _pieces(data, rng), "tls", is_bare))


def _kept(folder: Path, talk: Talk) -> Talk:
    (folder / "sent").write_bytes(b"".join(talk.pieces))
    return talk


def _pieces(data: bytes, rng: Random) -> tuple[bytes, ...]:
    if rng.random() < 0.8 or not data:
        return (data,)
    cut = rng.randrange(len(data))
    return (data[:cut], data[cut:])


def _request(rng: Random, seeds: Seeds) -> bytes:
    """Draw a head and a body, each of which may be wrong."""
    make = rng.choice((_page, _page, _form, _form, _upload, _upload, _frame))
    method, path, headers, body = make(rng, seeds)
    if rng.random() < 0.1:
        method = rng.choice(METHODS)
    if rng.random() < 0.1:
        path = rng.choice(PATHS)
    headers = {"Host": HOST.decode(), "Accept": "text/html", "Authorization": f"Bearer {TOKEN.decode()}", **headers}
    if body:
        headers["Content-Length"] = str(len(body))
    _disturb(headers, rng)
    lines = [f"{method} {path} {rng.choice(('HTTP/1.1',) * 12 + ('HTTP/1.0', 'HTTP/9.9', ''))}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("utf-8", errors="replace") + b"\r\n\r\n" + body


def _disturb(headers: dict[str, str], rng: Random) -> None:
    """Make one header wrong in four of ten cases."""
    if rng.random() < 0.6:
        return
    name, values = rng.choice(
        (
            ("Host", ("x", "", "127.0.0.1", "[::1", "a:b:c", HOST.decode() + "0", "é", "x" * 5000)),
            ("Content-Length", (*NUMBERS, "5, 6", "1000000000000")),
            ("Transfer-Encoding", ("chunked", "gzip", "chunked, chunked", "\x0bchunked")),
            ("Content-Type", tuple(f"{kind}; charset={name}" for kind in KINDS_SENT for name in CHARSETS)),
            ("Cookie", ("assistant-session=" + "a" * 5000, "a=b; " * 900, "=;=;", "assistant-session=é.é", "\x7f")),
            ("Authorization", ("Bearer", "Bearer é", "Basic Og==", "Bearer " + "A" * 8000, "\t")),
            ("Expect", ("100-continue", "x")),
            ("Origin", ("null", "http://x", "é")),
            ("Accept", HEADER_TEXTS),
            ("X-Visitor", HEADER_TEXTS),
            ("X-Csrf-Token", (CSRF.decode(), "é", "a" * 9000)),
            ("Connection", ("Upgrade", "close", "keep-alive", "x")),
            ("Upgrade", ("websocket", "h2c")),
            ("Range", ("bytes=0-", "bytes=9-1", "bytes=" + "0-1," * 2000)),
            ("If-Modified-Since", ("x", "Mon, 99 Foo 99999 25:61:61 GMT")),
            ("X" * 300, HEADER_TEXTS),
        )
    )
    headers[name] = rng.choice(values)


KINDS_SENT = ("application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}", "text/plain")
CHARSETS = ("utf-8", "punycode", "unicode_escape", "idna", "undefined", "rot13", "zlib", "x", "", '"', *ENCODINGS)

Parts = tuple[str, str, dict[str, str], bytes]


def _page(rng: Random, seeds: Seeds) -> Parts:
    return "GET", rng.choice(PATHS), {}, b""


def _form(rng: Random, seeds: Seeds) -> Parts:
    path = rng.choice(("/settings", "/settings", "/headset", "/login", "/logout"))
    section = rng.choice(("debounce", "voice", "web", "camera", "button", "remote", "é"))
    fields = {"csrf": CSRF.decode(), "section": section, **dict(_field(rng) for _ in range(rng.choice((1, 1, 3, 400))))}
    body = urlencode(fields, errors="replace").encode()
    return "POST", path, {"Content-Type": KINDS_SENT[0]}, body


def _field(rng: Random) -> tuple[str, str]:
    names = ("hold_s", "language", "device", "wordings", "port", "gpio", "command", "names", "fps", "name")
    value = rng.choice((*TEXTS, *NUMBERS, *COMMANDS, "on", "de"))
    return rng.choice((*names, "token", "reset", "next", *TEXTS)), value


def _upload(rng: Random, seeds: Seeds) -> Parts:
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n'.encode() + CSRF + b"\r\n"]
    for _ in range(rng.choice((1, 1, 2, 20))):
        data, suffix, _ = picture(rng, seeds)
        name = rng.choice((f"a{suffix}", f"a{suffix}", *TEXTS)).replace('"', "%22")
        field = rng.choice(("pictures", "pictures", "pictures", "csrf", ""))
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name[:3000]}"\r\n'
        kind = rng.choice(
            ("", "Content-Type: image/png\r\n", "Content-Type: text/plain; charset=punycode\r\n", "\r\n:")
        )
        parts.append((head + kind + "\r\n").encode("utf-8", errors="replace") + data + b"\r\n")
    body = b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
    if rng.random() < 0.3:
        body, _ = mutated(body, rng)
    return "POST", "/try", {"Content-Type": KINDS_SENT[1]}, body


def _frame(rng: Random, seeds: Seeds) -> Parts:
    visitor = rng.choice(("0123456789abcdef", quote_from_bytes(rng.randbytes(8)), ""))
    return "POST", "/try/frame", {"X-Csrf-Token": CSRF.decode(), "X-Visitor": visitor}, picture(rng, seeds)[0]
