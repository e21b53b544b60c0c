"""The pages that begin a session with the token, and end it."""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assistant.web.access.guard import SESSION_COOKIE, session_of, set_session
from assistant.web.access.sessions import LONGEST_S
from assistant.web.forms import read_form
from assistant.web.site import PAGES, render, site_of


async def ask(request: Request) -> Response:
    """Show the form."""
    return render(request, "login.html", wrong="", then=_own_path(request.query_params.get("next", "")))


async def log_in(request: Request) -> Response:
    """Begin a session when the token is right."""
    guard = site_of(request).guard
    fields = await read_form(request, guard)
    then = _own_path(fields.get("next", ""))
    if not guard.token.is_typed(fields.get("token", "")):
        return render(
            request,
            "login.html",
            403,
            wrong="This is not the token. Compare all twenty digits and try again.",
            then=then,
        )
    response = RedirectResponse(then, 303)
    secure = request.url.scheme == "https"
    set_session(response, guard.sessions.begin(time.time()), secure=secure, max_age_s=int(LONGEST_S))
    return response


async def log_out(request: Request) -> Response:
    """End the session, also for whoever may have copied it, and make the browser forget it."""
    guard = site_of(request).guard
    await read_form(request, guard)
    guard.sessions.end(session_of(request), time.time())
    response = RedirectResponse("/login", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _own_path(path: str) -> str:
    """Return the path when it is one of this site's pages; else the live page, never another site."""
    return path if path in PAGES else "/live"
