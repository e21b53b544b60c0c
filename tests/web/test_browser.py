"""The page in a real browser: its JavaScript, the keyboard alone, and the findings of axe-core."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest

from assistant.camera.drivers.simulated import SimulatedSource
from tests.running.browser import MISSING, chromium
from tests.running.headset import running_headset
from tests.web.client import Client

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
CHROMIUM = chromium()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)

SCRIPT = ", ".join(["happy 4, surprise 4"] * 200)
PAGES = ("live", "live?look=now", "try", "headset", "headset?aim=now", "settings", "health", "card", "login", "nothing")
CLIP_FRAMES = 40
PATIENCE_MS = 90_000


CARD_MM = (85.6, 54.0)
"""ISO/IEC 7810, ID-1: a bank card."""

CARD_TOLERANCE_MM = 0.5


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    """Return the headset's state folder, with a settings file written by hand."""
    folder = tmp_path_factory.mktemp("state")
    (folder / "settings.toml").write_text("# mine\n[voice]\nvolume = 0.5  # not so loud\n")
    return folder


@pytest.fixture(scope="module")
def url(state) -> Iterator[str]:
    """Yield the page of a headset that sees a smile and a surprise in turn."""
    with running_headset(SCRIPT, state) as address:
        yield address


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """Write the video that the browser's camera shows: a drawn face that smiles."""
    path = tmp_path_factory.mktemp("camera") / "smile.y4m"
    source = SimulatedSource("happy 60")
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420mpeg2\n")
        for _ in range(CLIP_FRAMES):
            frame = source.grab()
            assert frame is not None
            colours = cv2.cvtColor(frame.gray, cv2.COLOR_GRAY2BGR)
            file.write(b"FRAME\n" + cv2.cvtColor(colours, cv2.COLOR_BGR2YUV_I420).tobytes())
    return path


@pytest.fixture(scope="module")
def browser(clip) -> Iterator[object]:
    """Yield a Chromium whose camera is the clip."""
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *camera, f"--use-file-for-fake-video-capture={clip}"]
        )
        yield running
        running.close()


@pytest.fixture
def visit(browser, url) -> Iterator[Callable[..., object]]:
    """Yield a function that opens a page; a script error or a refusal of the content policy fails the test."""
    troubles: list[str] = []
    contexts = []

    def open_page(path: str, **context: object):
        contexts.append(browser.new_context(permissions=["camera"], **context))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("console", lambda message: troubles.append(message.text) if "Content Security" in message.text else None)
        tab.goto(url + path)
        return tab

    yield open_page
    for each in contexts:
        each.close()
    assert not troubles


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, scheme):
    """axe-core finds no violation on any page, in both colour schemes."""
    tab = visit("live", color_scheme=scheme)
    for path in PAGES:
        tab.goto(_beside(tab.url, path))
        found = axe.Axe().run(tab)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_axe_finds_nothing_in_results_and_errors(visit, portrait):
    """axe-core finds no violation in results and in errors."""
    tab = visit("try")
    files = [{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": portrait} for name in "ab"]
    tab.get_by_label("One or several pictures").set_input_files(files)
    tab.get_by_role("button", name="Classify").click()
    tab.get_by_role("heading", name="Results").wait_for()
    assert axe.Axe().run(tab).violations_count == 0
    tab.goto(_beside(tab.url, "settings"))
    tab.locator("#camera-width_px").fill("1")
    tab.get_by_role("button", name="Save camera").click()
    tab.get_by_text("Nothing was saved.").wait_for()
    assert axe.Axe().run(tab).violations_count == 0


def test_the_live_view_follows_the_emotion(visit):
    """Words and bars follow the emotion, the picture is shown, and changes are read out on request."""
    tab = visit("live")
    tab.get_by_role("button", name="Look through the camera").click()
    for emotion in ("happy", "surprise", "happy"):
        sync_api.expect(tab.locator("#emotion")).to_have_text(emotion, timeout=PATIENCE_MS)
        sync_api.expect(tab.locator(f"tr[data-emotion={emotion}] .number")).to_have_text(re.compile(r"[5-9]\d %|100 %"))
    sync_api.expect(tab.locator("img.picture")).to_have_js_property("naturalWidth", 640, timeout=PATIENCE_MS)
    sync_api.expect(tab.locator("#announcer")).to_be_empty()
    tab.get_by_label(re.compile("Read out when")).check()
    sync_api.expect(tab.locator("#announcer")).to_have_attribute("aria-live", "polite")
    sync_api.expect(tab.locator("#announcer")).to_have_text(re.compile("happy|surprise"), timeout=PATIENCE_MS)
    tab.get_by_role("link", name="Stop looking").click()
    sync_api.expect(tab.get_by_role("button", name="Look through the camera")).to_be_visible()


def test_the_browsers_own_camera_is_judged(visit):
    """The emotion in the browser's camera is shown until the camera is stopped."""
    tab = visit("try")
    tab.get_by_role("button", name="Start the camera").click()
    sync_api.expect(tab.locator("#camera-emotion")).to_have_text("happy", timeout=PATIENCE_MS)
    tab.get_by_role("button", name="Stop the camera").click()
    sync_api.expect(tab.locator("#camera-view")).to_be_hidden()
    sync_api.expect(tab.get_by_role("button", name="Start the camera")).to_be_focused()


def test_too_many_pictures_are_refused_before_they_are_sent(visit, portrait):
    """The error names the limit, and its field has the focus."""
    tab = visit("try")
    files = [{"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": portrait} for number in range(17)]
    tab.get_by_label("One or several pictures").set_input_files(files)
    tab.get_by_role("button", name="Classify").click()
    sync_api.expect(tab.get_by_role("alert")).to_have_text("Choose at most 16 pictures at once.")
    sync_api.expect(tab.get_by_label("One or several pictures")).to_be_focused()


def test_settings_are_changed_by_keyboard_alone(visit, state):
    """A wrong value is refused with a link to its field; the right one is saved, and comments stay."""
    tab = visit("settings")
    focus_on(tab, "#voice summary")
    tab.keyboard.press("Enter")
    focus_on(tab, "#voice-volume")
    tab.keyboard.press("Control+a")
    tab.keyboard.type("7")
    tab.keyboard.press("Enter")
    tab.get_by_text("Nothing was saved.").wait_for()
    focus_on(tab, "#errors a")
    tab.keyboard.press("Enter")
    sync_api.expect(tab.locator("#voice-volume")).to_have_attribute("aria-invalid", "true")
    focus_on(tab, "#voice-volume")
    tab.keyboard.press("Control+a")
    tab.keyboard.type("0.7")
    tab.keyboard.press("Enter")
    tab.get_by_text("Saved: voice.").wait_for()
    assert (state / "settings.toml").read_text() == "# mine\n[voice]\nvolume = 0.7  # not so loud\n"


@pytest.mark.parametrize("path", PAGES[:8])
def test_everything_is_reached_by_the_keyboard_and_seen_where_one_is(visit, path):
    """Each link, button and field has its turn and an outline; the first link skips to the content."""
    tab = visit(path)
    wanted = tab.locator("a[href], button, input:not([type=hidden]), select, summary").evaluate_all(
        "all => all.filter(each => each.checkVisibility() && !each.matches('[type=radio]:not(:checked)')).length"
    )
    seen = []
    for _ in range(wanted):
        tab.keyboard.press("Tab")
        seen.append(tab.evaluate(_FOCUSED))
    assert seen[0]["text"] == "Skip to the content"
    assert all(each["outline"] for each in seen), seen
    assert len({each["number"] for each in seen}) == wanted


def focus_on(tab, selector: str, most: int = 120) -> None:
    """Press the tabulator until the element has the focus."""
    for _ in range(most):
        tab.keyboard.press("Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


_FOCUSED = """() => {
  const each = document.activeElement, style = getComputedStyle(each);
  const number = [...document.querySelectorAll("*")].indexOf(each);
  const outline = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle != "none";
  return {number, text: each.textContent.trim(), outline};
}"""


@pytest.mark.parametrize("path", PAGES[:8])
def test_nothing_is_cut_off_when_enlarged(visit, path):
    """At 320 CSS pixels, which is 1280 pixels at 400%, nothing scrolls sideways."""
    tab = visit(path, viewport={"width": 320, "height": 600})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_works_without_javascript(visit, state, portrait):
    """Settings can be saved and pictures sent."""
    tab = visit("settings#debounce", java_script_enabled=False)
    tab.locator("#debounce summary").click()
    tab.get_by_label("Hold debounce.hold_s").fill("0.4")
    tab.get_by_role("button", name="Save debounce").click()
    tab.get_by_text("Saved: debounce.").wait_for()
    assert "hold_s = 0.4" in (state / "settings.toml").read_text()
    tab.goto(_beside(tab.url, "try"))
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": portrait}
    tab.get_by_label("One or several pictures").set_input_files([picture])
    tab.get_by_role("button", name="Classify").click()
    tab.get_by_text("looks happy").wait_for()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("path", ["card", "card?language=ar"])
def test_cards_are_printed_on_one_sheet(visit, path, paper):
    """Without JavaScript, only the cards are printed, on one sheet, each of a bank card's size; no text is cut off."""
    tab = visit(path, java_script_enabled=False)
    printed = tab.pdf(format=paper, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    tab.emulate_media(media="print")
    for card in tab.locator(".card").all():
        box = card.bounding_box()
        for size_px, size_mm in zip((box["width"], box["height"]), CARD_MM, strict=True):
            assert size_px / 96 * 25.4 == pytest.approx(size_mm, abs=CARD_TOLERANCE_MM)
    for hidden in ("header", "footer", "h1", "nav"):
        assert not tab.locator(hidden).first.is_visible()


def test_who_looks_is_gone_when_the_page_is_left(visit, url):
    """Leaving the page ends its stream."""
    tab = visit("live?look=now")
    sync_api.expect(tab.locator("#connection")).to_have_text("Connected.")
    tab.goto("about:blank")
    client = Client(url)
    for _ in range(100):
        if "emotion_assistant_streams 0" in client.get("/metrics").text:
            return
        tab.wait_for_timeout(100)
    raise AssertionError("somebody still looks")


def _beside(url: str, path: str) -> str:
    return "/".join([*url.split("/")[:3], path])
