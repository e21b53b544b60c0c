"""Makes the pictures for docs/page.md; `script/screenshots` runs it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import cv2
import skimage.data
from playwright.sync_api import expect, sync_playwright

from tests.running.browser import MISSING, chromium
from tests.running.headset import running_headset

SCRIPT = "neutral 4, happy 600"
WIDTH, HEIGHT = 1000, 760
PATIENCE_MS = 60_000


def main(folder: Path) -> None:
    """Write the pictures into this folder."""
    browser_path = chromium()
    if browser_path is None:
        sys.exit(MISSING)
    with (
        tempfile.TemporaryDirectory() as state,
        running_headset(SCRIPT, Path(state)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, (take, scheme) in PAGES.items():
            size = {"width": WIDTH, "height": HEIGHT}
            tab = browser.new_context(color_scheme=scheme, viewport=size).new_page()
            take(tab, url)
            tab.screenshot(path=folder / f"page-{name}.png")
        browser.close()


def live(tab: Any, url: str) -> None:
    """Show a drawn face that smiles."""
    tab.goto(f"{url}live?look=now")
    expect(tab.locator("#emotion")).to_have_text("happy", timeout=PATIENCE_MS)


def tried(tab: Any, url: str) -> None:
    """Show the result for a photograph."""
    tab.goto(f"{url}try")
    picture = cv2.imencode(".png", skimage.data.astronaut()[:, :, ::-1])[1].tobytes()
    file = {"name": "astronaut.png", "mimeType": "image/png", "buffer": picture}
    tab.get_by_label("One or several pictures").set_input_files([file])
    tab.get_by_role("button", name="Classify").click()
    tab.get_by_role("heading", name="Results").wait_for()


def settings(tab: Any, url: str) -> None:
    """Show an open section with a wrong value."""
    tab.goto(f"{url}settings")
    tab.locator("#debounce summary").click()
    tab.locator("#debounce-hold_s").fill("99")
    tab.get_by_role("button", name="Save debounce").click()
    tab.locator("#errors").wait_for()
    tab.locator("#errors").scroll_into_view_if_needed()


PAGES = {"live": (live, "light"), "try": (tried, "dark"), "settings": (settings, "light")}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
