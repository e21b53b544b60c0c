"""The parts and the layout that all pages share."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from assistant.health.machine import Machine
from assistant.web.access.guard import Guard
from assistant.web.cameras.browser_cameras import BrowserCameras
from assistant.web.cameras.models import ModelWorker
from assistant.web.cameras.turns import Turns
from assistant.web.headset.controls import Headset
from assistant.web.headset.store import SettingsStore

FOLDER = Path(__file__).parent
PAGES = {"/live": "Live", "/try": "Try", "/headset": "Headset", "/settings": "Settings", "/health": "Health"}


@dataclass(slots=True)
class Site:
    """The parts that the pages use."""

    store: SettingsStore
    guard: Guard
    worker: ModelWorker
    browser_cameras: BrowserCameras
    machine: Machine
    headset: Headset | None = None
    config: Path | None = None
    upload_turns: Turns = field(init=False)
    refusal_turns: Turns = field(init=False)
    frame_turns: Turns = field(init=False)
    started_s: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        limits = self.guard.limits
        self.upload_turns = Turns(limits.uploads_at_once, limits.uploads_waiting, limits.uploads_timeout_s)
        self.refusal_turns = Turns(limits.refusals_at_once, limits.uploads_waiting, limits.uploads_timeout_s)
        self.frame_turns = Turns(limits.frames_at_once, limits.frames_waiting, limits.frames_timeout_s)


def site_of(request: Request) -> Site:
    """Return the site to which a request came."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """Return the page that a template makes of this context."""
    site = site_of(request)
    shared = {
        "pages": PAGES,
        "path": request.url.path,
        "csrf": site.guard.form_token(request),
        "has_headset": site.headset is not None,
        "may_log_out": site.guard.wants_token and site.guard.is_known(request),
    }
    return HTMLResponse(_templates().get_template(template).render(**shared, **context), status)


@lru_cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
