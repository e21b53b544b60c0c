"""The documents agree with the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_debouncers_diagram_is_drawn_from_its_table():
    """The diagram is what `script/draw-debouncer` writes."""
    subprocess.run([sys.executable, ROOT / "script" / "draw-debouncer", "--check"], check=True)


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Every link to a file of the project leads to a file that exists."""
    for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
