"""The application: the function that answers each request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from assistant.web.access.guard import Guarded
from assistant.web.pages import card, headset, health, live, login, settings, try_page
from assistant.web.site import FOLDER, Site, render

logger = logging.getLogger(__name__)

ROUTES: list[BaseRoute] = [
    Route("/", lambda _: RedirectResponse("/live", 303)),
    Route("/live", live.show),
    Route("/live/events", live.events),
    Route("/live/pictures", live.pictures),
    Route("/try", try_page.show, methods=["GET"]),
    Route("/try", try_page.classify, methods=["POST"]),
    Route("/try/frame", try_page.frame, methods=["POST"]),
    Route("/headset", headset.show, methods=["GET"]),
    Route("/headset", headset.command, methods=["POST"]),
    Route("/settings", settings.show, methods=["GET"]),
    Route("/settings", settings.save, methods=["POST"]),
    Route("/card", card.show),
    Route("/health", health.show),
    Route("/healthz", health.healthz),
    Route("/metrics", health.metrics),
    Route("/login", login.ask, methods=["GET"]),
    Route("/login", login.log_in, methods=["POST"]),
    Route("/logout", login.log_out, methods=["POST"]),
    Mount("/static", StaticFiles(directory=FOLDER / "static")),
]


def application(site: Site) -> Guarded:
    """Return the application with all pages of a site, behind its guard."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if site.headset is not None:
            site.headset.feed.begin(asyncio.get_running_loop())
        yield
        site.worker.close()

    app = Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        exception_handlers={HTTPException: _refused, ClientDisconnect: _gone, Exception: _failed},  # type: ignore[dict-item]
    )
    app.state.site = site
    return Guarded(app, site.guard)


async def _refused(request: Request, error: HTTPException) -> Response:
    """Answer with the reason, as a page when the browser asks for one, else as plain text."""
    text = {404: "There is no such page.", 405: "This address does not take this kind of request."}.get(
        error.status_code, error.detail
    )
    if error.status_code == 404 and error.detail != "Not Found":
        text = error.detail
    if "text/html" in request.headers.get("accept", ""):
        response = render(request, "error.html", error.status_code, text=text)
        response.headers.update(error.headers or {})
        return response
    return PlainTextResponse(f"{text}\n", error.status_code, error.headers)


async def _gone(_: Request, __: Exception) -> Response:
    """Answer a client that has gone; nobody reads the answer."""
    return PlainTextResponse("", 400)


async def _failed(_: Request, error: Exception) -> Response:
    logger.error("the page failed: %r", error)
    return PlainTextResponse("The page failed. The program's log says why. Load the page again.\n", 500)
