"""The page that classifies pictures from the disk and the browser's own camera, as the headset does."""

from __future__ import annotations

import base64
import contextlib
import csv
import io
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.emotion.classified_pictures import write_json
from assistant.emotion.observation import ClassifiedFace
from assistant.emotions import EMOTIONS
from assistant.errors import CameraError
from assistant.web.cameras.models import PreviewedPicture, TooBusyError
from assistant.web.cameras.turns import NoTurnError, Turns
from assistant.web.forms import HANG_UP, check_form_token, read_body, read_nothing, read_uploads, upload_bytes
from assistant.web.site import render, site_of

VISITOR = "x-visitor"
BUSY = {"retry-after": "2", **HANG_UP}
BUSY_TEXT = "The page is busy with other people's pictures. Wait a few seconds, then try again."


async def show(request: Request) -> Response:
    """Show the forms."""
    return _page(request)


async def classify(request: Request) -> Response:
    """Classify the pictures that were sent, and answer as a page, as CSV or as JSON."""
    site = site_of(request)
    async with _turn(site.upload_turns, request, upload_bytes(site.guard)):
        uploads, fields = await read_uploads(request, site.guard, "pictures")
        if not uploads:
            return _page(
                request,
                trouble="No picture was chosen. Choose one or several pictures, then press Classify.",
                status=422,
            )
        try:
            pictures = await site.worker.pictures(uploads)
        except TooBusyError as error:
            raise HTTPException(503, BUSY_TEXT, BUSY) from error
    return _answer(request, pictures, fields.get("as", ""))


def _answer(request: Request, pictures: Sequence[PreviewedPicture], kind: str) -> Response:
    match kind:
        case "csv":
            return _download(csv_of(pictures), "text/csv; charset=utf-8", "faces.csv")
        case "json":
            return _download(json_of(pictures), "application/json", "faces.json")
        case _:
            read = any(each.preview for each in pictures)
            return _page(request, results=[_result(each) for each in pictures], status=200 if read else 422)


async def frame(request: Request) -> Response:
    """Classify one frame of a browser's camera; answer 204 when a later frame has come."""
    site = site_of(request)
    check_form_token(request, site.guard)
    name = request.headers.get(VISITOR, "")
    if not re.fullmatch(r"[0-9a-f]{16,64}", name):
        raise HTTPException(400, "The header X-Visitor is missing. Load the page again.")
    most_bytes = site.guard.limits.frame_bytes
    try:
        async with _turn(site.frame_turns, request, most_bytes):
            data = await read_body(request, most_bytes)
            seen = await site.browser_cameras.frame(name, data, time.monotonic())
    except CameraError as error:
        raise HTTPException(422, f"The frame {error}.") from error
    except TooBusyError as error:
        raise HTTPException(503, BUSY_TEXT, BUSY) from error
    return Response(status_code=204) if seen is None else JSONResponse(seen)


@asynccontextmanager
async def _turn(turns: Turns, request: Request, most_bytes: int) -> AsyncIterator[None]:
    """Wait for a turn to read a body; answer 503 when there is none."""
    try:
        async with turns.turn():
            yield
    except NoTurnError as error:
        await _let_pass(request, most_bytes)
        raise HTTPException(503, BUSY_TEXT, BUSY) from error


async def _let_pass(request: Request, most_bytes: int) -> None:
    """Read a refused body to its end, so that the browser reads the answer; not when too many are refused."""
    site = site_of(request)
    with contextlib.suppress(NoTurnError):
        async with site.refusal_turns.turn():
            await read_nothing(request, most_bytes, site.guard.limits.bytes_a_second / 2)


def csv_of(pictures: Sequence[PreviewedPicture]) -> str:
    """Return a line for each face; a picture without a face, or one that could not be read, has a line too."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["picture", "face", "x", "y", "width", "height", "emotion", *EMOTIONS, "reason", "error"])
    for each in pictures:
        picture = each.classified
        name = plain_cell(picture.picture)
        if not picture.faces:
            error = plain_cell(picture.error or "")
            table.writerow([name, 0, *[""] * (5 + len(EMOTIONS)), "" if error else "no face", error])
        for number, face in enumerate(picture.faces, start=1):
            scores = face.scores.by_label() if face.scores else dict.fromkeys(map(str, EMOTIONS), "")
            best = face.scores.best if face.scores else ""
            table.writerow([name, number, *face.box.as_list(), best, *scores.values(), face.reason or "", ""])
    return out.getvalue()


def plain_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (owasp.org, "CSV Injection")."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def json_of(pictures: Sequence[PreviewedPicture]) -> str:
    """Return the JSON that `assistant look --json` prints."""
    out = io.StringIO()
    write_json([each.classified for each in pictures], out)
    return out.getvalue()


def _page(request: Request, *, results: Sequence[Any] = (), trouble: str = "", status: int = 200) -> Response:
    limits = site_of(request).guard.limits
    return render(request, "try.html", status, results=results, trouble=trouble, limits=limits, emotions=EMOTIONS)


def _result(picture: PreviewedPicture) -> dict[str, Any]:
    classified = picture.classified
    return {
        "name": classified.picture,
        "error": classified.error,
        "faces": [_face(face) for face in classified.faces],
        "preview": base64.b64encode(picture.preview).decode() if picture.preview else "",
    }


def _face(face: ClassifiedFace) -> dict[str, Any]:
    scores = face.scores
    return {
        "box": face.box.as_list(),
        "best": str(scores.best) if scores else "",
        "scores": scores.by_label() if scores else {},
        "reason": str(face.reason or ""),
    }


def _download(text: str, kind: str, name: str) -> Response:
    return Response(text, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
