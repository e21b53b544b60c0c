"""The page that shows all settings and changes them, one section at a time. It needs no JavaScript."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assistant.app.configuration.settings import Settings
from assistant.errors import ConfigError
from assistant.web.forms import read_form
from assistant.web.headset.settings_form import changed_values, sections
from assistant.web.site import Site, render, site_of

SECTION = "section"


async def show(request: Request) -> Response:
    """Show all settings, or what is wrong with their file."""
    saved = request.query_params.get("saved", "")
    try:
        layers = site_of(request).store.load()
    except ConfigError as error:
        return _page(request, None, trouble=str(error))
    damage = (
        f"{layers.damage}. This file is ignored. Save a section here, and the file is written anew."
        if layers.damage
        else ""
    )
    return _page(request, layers.settings, saved=saved, opened=saved, trouble=damage)


async def save(request: Request) -> Response:
    """Check and save a section; show each error beside its field, and then save nothing."""
    site = site_of(request)
    typed = await read_form(request, site.guard)
    section = typed.pop(SECTION, "")
    settings = None
    try:
        settings = site.store.load().settings
        values, errors = changed_values(settings, section, typed)
        if not errors and values:
            tried = () if site.headset is None else (site.headset.try_device,)
            await asyncio.to_thread(site.store.save, values, *tried)
    except ConfigError as error:
        return _page(request, settings, typed=typed, trouble=str(error), opened=section, status=422)
    if errors:
        return _page(request, settings, typed=typed, errors=errors, opened=section, status=422)
    if values:
        _apply(site)
    return RedirectResponse(f"/settings?saved={section}#{section}", 303)


def _apply(site: Site) -> None:
    if site.headset is not None:
        site.headset.reload()


def _page(  # noqa: PLR0913 - what it shows
    request: Request,
    settings: Settings | None,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    saved: str = "",
    opened: str = "",
    trouble: str = "",
    status: int = 200,
) -> Response:
    shown = sections(settings, typed or {}, errors or {}) if settings else []
    names = {section.name for section in shown}
    return render(
        request,
        "settings.html",
        status,
        sections=shown,
        errors=errors or {},
        saved=saved if saved in names else "",
        opened=opened,
        trouble=trouble,
    )
