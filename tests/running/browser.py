"""The browser for the tests of the page."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "there is no Chromium: sudo apt install chromium, or playwright install chromium"


def chromium() -> str | None:
    """Return the path of Debian's Chromium, of Chrome, or of the newest Chromium that Playwright has downloaded."""
    return next(filter(None, (*map(shutil.which, NAMES), *_downloaded())), None)


def _downloaded() -> list[str]:
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    found = Path(folder).glob("chromium-*/chrome-linux*/chrome")
    return [str(path) for path in sorted(found, reverse=True)]
