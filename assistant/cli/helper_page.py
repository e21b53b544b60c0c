"""The helper's page of a headset, where one is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.app.settings import Settings

if TYPE_CHECKING:
    from assistant.web.build import HeadsetPage


def helper_page(settings: Settings, config: Path | None, model: Path, remarks: list[str]) -> HeadsetPage | None:
    """The page, not served yet; None where the settings want none. That its packages are missing stops no headset."""
    if not settings.web.enabled:
        return None
    try:
        from assistant.web.build import HeadsetPage
    except ImportError as error:
        remarks.append(f"web.enabled: {error.name} is not installed, there is no page: install the extra 'web'")
        return None
    return HeadsetPage(settings, config, model)
