"""The documents agree with the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("assistant", "benchmarks", "debian", "docs", "locked", "models", "quantize", "script", "systemd", "tests")
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]


def test_the_debouncers_diagram_is_drawn_from_its_table():
    """The diagram is what `script/draw-debouncer` writes."""
    subprocess.run([sys.executable, ROOT / "script" / "draw-debouncer", "--check"], check=True)


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Every link to a file of the project leads to a file that exists."""
    for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_in_backticks_exist(page):
    """Every path of this project that a page names in backticks exists."""
    spans = re.findall(r"`([\w.*/-]+)`", page.read_text(encoding="utf-8"))
    assert [span for span in spans if is_own_path(span) and not exists(span)] == []


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("app/build.py", (True, True)),
        ("tests/project/test_docs.py", (True, True)),
        ("models/emotion-int8.*", (True, True)),
        ("speech/phrases/LANGUAGE.toml", (True, True)),
        ("player.py", (True, True)),
        ("tests/web/test_missing.py", (True, False)),
        ("app/missing.py", (True, False)),
        ("missing.py", (True, False)),
        ("/etc/emotion-assistant/settings.toml", (False, False)),
        ("debounce.hold_s", (False, False)),
    ],
)
def test_which_words_are_paths_of_the_project(span, expected):
    """A path begins with a folder of the project or of `assistant/`, or is the name of a Python file."""
    assert (is_own_path(span), exists(span)) == expected


def is_own_path(span: str) -> bool:
    """Return whether a word in backticks looks like a path of this project."""
    first, slash, _ = span.partition("/")
    if not slash:
        return span.endswith(".py")
    return bool(first) and (first in SOURCES or (ROOT / "assistant" / first).is_dir())


def exists(span: str) -> bool:
    """Return whether a path exists; a name without a folder may be in any, and a word in capitals stands for any."""
    pattern = re.sub(r"\b[A-Z]{2,}\b", "*", span).strip("/")
    if "/" not in span:
        return any(any((ROOT / folder).rglob(pattern)) for folder in SOURCES)
    return any(any(base.glob(pattern)) for base in (ROOT, ROOT / "assistant"))
