"""Checks the host, rate, origin and token of every request, and says what a browser may do with the answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.access.hosts import is_own
from assistant.web.access.limits import Limits
from assistant.web.access.rates import Rates
from assistant.web.access.sessions import Sessions
from assistant.web.access.token import Token

SESSION_COOKIE = "assistant-session"
OPEN_PATHS = ("/login", "/healthz")
OPEN_FOLDER = "/static/"
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CSRF = "csrf"

SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
"""The headers of every answer. Because of `no-store` browsers never keep faces or settings."""


@dataclass(slots=True)
class Guard:
    """The conditions that every request must meet."""

    names: frozenset[str]
    token: Token
    sessions: Sessions
    wants_token: bool
    limits: Limits = field(default_factory=Limits)
    requests: Rates = field(init=False)
    all_requests: Rates = field(init=False)

    def __post_init__(self) -> None:
        self.requests = Rates(self.limits.requests_a_second, self.limits.requests_at_once)
        self.all_requests = Rates(self.limits.all_requests_a_second, self.limits.all_requests_at_once)

    def refusal(self, request: HTTPConnection, method: str) -> Response | None:
        """Return the answer to a request that is refused, None when the request may pass."""
        host, address = request.headers.get("host", ""), str(request.scope["server"][0])
        if not is_own(host, self.names, address):
            return _plain(
                "The page does not answer to this host name. Use its address, or add the name to web.names.", 421
            )
        if not self._is_moderate(request):
            return _plain("Too many requests came. Wait a few seconds, then try again.", 429, {"retry-after": "5"})
        if method in CHANGING and not is_same_origin(request.headers, request.url.scheme):
            return _plain("This request was sent by another site's page. Open this page and send it from there.", 403)
        if not self.lets_in(request) and not _is_open(request.url.path):
            return self._ask_for_token(request, method)
        return None

    def _is_moderate(self, request: HTTPConnection) -> bool:
        """Count the request; return whether its address, and all addresses together, are within their rates.

        A request that its address's rate refuses is not counted among all requests.
        """
        now = time.monotonic()
        address = request.client.host if request.client else ""
        return self.requests.take(address, now) and self.all_requests.take("", now)

    def lets_in(self, request: HTTPConnection) -> bool:
        """Return whether a request may see all pages; this can end while a stream is sent."""
        return not self.wants_token or self.is_known(request)

    def is_known(self, request: HTTPConnection) -> bool:
        """Return whether a request has the token, or a session that was begun with the token."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.token.is_typed(given)
        return self.sessions.is_open(session_of(request), time.time())

    def form_token(self, request: HTTPConnection) -> str:
        """Return the token that each form of this browser must send."""
        return self.token.signed(CSRF, session_of(request))

    def _ask_for_token(self, request: HTTPConnection, method: str) -> Response:
        wants_page = "text/html" in request.headers.get("accept", "")
        if method == "GET" and wants_page and "authorization" not in request.headers:
            return RedirectResponse(f"/login?next={quote(request.url.path)}", 303)
        return _plain(
            "This page needs the headset's token. Log in, or send the header Authorization: Bearer DIGITS.",
            401,
            {"www-authenticate": "Bearer"},
        )


class Guarded:
    """An application behind a guard."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or hand it to the application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._guard.refusal(HTTPConnection(scope), scope["method"])
        await (refusal or self._app)(scope, receive, send_with_headers)


def is_same_origin(headers: Headers, scheme: str) -> bool:
    """Return whether this page sent the request, by the headers in which browsers name the sender's origin."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin.lower() != f"{scheme}://{headers.get('host', '')}".lower():
        return False
    return site in (None, "same-origin", "none")


def session_of(request: HTTPConnection) -> str:
    """Return the session that the browser keeps, empty when it has none."""
    return request.cookies.get(SESSION_COOKIE, "")


def set_session(response: Response, session: str, *, secure: bool, max_age_s: int) -> None:
    """Make the browser keep a session for this page alone."""
    response.set_cookie(
        SESSION_COOKIE, session, max_age=max_age_s, path="/", secure=secure, httponly=True, samesite="strict"
    )


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDER)


def _plain(text: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(text + "\n", status, dict(headers or {}))
