"""Reads forms and uploads: within bounds, into memory alone, and only with the page's own form token."""

from __future__ import annotations

import asyncio
import hmac
import math
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from assistant.web.access.guard import CSRF, Guard

CSRF_HEADER = "x-csrf-token"
UTF_8 = (b"utf-8", b"utf8", b"us-ascii")
LONGEST_NAME = 120
LONGEST_LENGTH = 12
"""A content-length has at most this many digits."""

OVERHEAD_BYTES = 20_000
"""An upload may have this many bytes beside its pictures."""

SHORTEST_WAIT_S = 0.02
HANG_UP = {"connection": "close"}
"""The header of an answer to a request whose rest is not read."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a browser sent."""

    name: str
    data: bytes


class _InMemory(MultiPartParser):
    """A parser that writes nothing to a disk."""

    spool_max_size = 2**40


async def read_nothing(request: Request, most_bytes: int, bytes_a_second: float) -> None:
    """Read a body without keeping it, because a browser reads no answer before it has sent everything."""
    await _drop(_bounded(request, most_bytes, bytes_a_second))


async def read_body(request: Request, most_bytes: int) -> bytes:
    """Return the body; answer 413 when it is longer."""
    return b"".join([chunk async for chunk in _bounded(request, most_bytes)])


async def read_form(request: Request, guard: Guard) -> dict[str, str]:
    """Return the last value of each field of a form; answer 403 without the form token."""
    body = await read_body(request, guard.limits.form_bytes)
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=300))
    except ValueError as error:
        raise HTTPException(400, "This form cannot be read. Load the page again and send it once more.") from error
    check_form_token(request, guard, fields.pop(CSRF, ""))
    return fields


async def read_uploads(request: Request, guard: Guard, field: str) -> tuple[Sequence[Upload], dict[str, str]]:
    """Return the files of a field, and the other fields; answer 413 for too much, 403 without the form token."""
    limits = guard.limits
    body = _bounded(request, upload_bytes(guard), limits.bytes_a_second)
    await _check_kind(request, body)
    try:
        form = await _InMemory(request.headers, body, max_files=limits.pictures, max_fields=20).parse()
    except (MultiPartException, ValueError, LookupError) as error:
        await _drop(body)
        if "Too many files" in str(error):
            raise HTTPException(413, f"Choose at most {limits.pictures} pictures at once.", HANG_UP) from error
        raise HTTPException(400, "This upload cannot be read. Choose the pictures again.", HANG_UP) from error
    try:
        check_form_token(request, guard, str(form.get(CSRF, "")))
        uploads = await _uploads(form, field, limits.picture_bytes)
        return uploads, {name: value for name, value in form.items() if isinstance(value, str)}
    finally:
        await form.close()


def upload_bytes(guard: Guard) -> int:
    """Return how many bytes an upload may have."""
    return guard.limits.pictures_bytes + OVERHEAD_BYTES


async def _check_kind(request: Request, body: AsyncGenerator[bytes, None]) -> None:
    """Answer 415 when the upload is not of the kind that browsers send, or not in UTF-8.

    Some of the encodings that Python knows are none of text.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data":
        await _drop(body)
        raise HTTPException(415, "Send pictures as multipart/form-data.", HANG_UP)
    if options.get(b"charset", b"utf-8").lower() not in UTF_8:
        await _drop(body)
        raise HTTPException(415, "Send the form in UTF-8.", HANG_UP)


def check_form_token(request: Request, guard: Guard, given: str = "") -> None:
    """Answer 403 unless the form, or a header, has the form token that the page gave this browser."""
    given = given or request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), guard.form_token(request).encode()):
        raise HTTPException(403, "This form is too old, or it is not from this page. Load the page again.")


async def _bounded(request: Request, most_bytes: int, bytes_a_second: float = math.inf) -> AsyncGenerator[bytes, None]:
    """Yield the body, no faster than this; answer 413 when it is longer than `most_bytes`.

    A body that is at most twice as long is read to its end before, and dropped: to a browser that is still sending,
    a closed connection is an error without words.
    """
    too_much = HTTPException(413, f"This is too much: send at most {most_bytes / 1e6:g} MB.", HANG_UP)
    header = request.headers.get("content-length", "0")
    promised = int(header) if header.isdecimal() and len(header) <= LONGEST_LENGTH else math.inf
    if promised > 2 * most_bytes:
        raise too_much
    received = 0
    async for chunk in _paced(request.stream(), bytes_a_second):
        received += len(chunk)
        if received > 2 * most_bytes:
            break
        if max(promised, received) <= most_bytes:
            yield chunk
    if max(promised, received) > most_bytes:
        raise too_much


async def _drop(body: AsyncGenerator[bytes, None]) -> None:
    """Read what is left of a body, so that the browser reads the answer."""
    async for _ in body:
        pass


async def _uploads(form: FormData, field: str, most_bytes: int) -> list[Upload]:
    files = [each for each in form.getlist(field) if isinstance(each, UploadFile) and (each.filename or each.size)]
    return [await _upload(each, most_bytes) for each in files]


async def _paced(body: AsyncGenerator[bytes, None], bytes_a_second: float) -> AsyncGenerator[bytes, None]:
    """Yield the body at most this fast; the sender waits meanwhile."""
    began_s, received = time.monotonic(), 0
    async for chunk in body:
        yield chunk
        received += len(chunk)
        early_s = began_s + received / bytes_a_second - time.monotonic()
        if early_s > SHORTEST_WAIT_S:
            await asyncio.sleep(early_s)


async def _upload(file: UploadFile, most_bytes: int) -> Upload:
    """Read a file and close it, so that at most one picture is in memory twice.

    Of a file that is larger than a picture may be, one byte more is read, which shows that it is too large.
    """
    data = await file.read(most_bytes + 1)
    await file.close()
    return Upload(_plain_name(file.filename or ""), data)


def _plain_name(name: str) -> str:
    """Return a name that can be shown: without folders and control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter if letter.isprintable() else "?" for letter in last)[:LONGEST_NAME] or "picture"
