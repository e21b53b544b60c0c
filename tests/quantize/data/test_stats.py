"""Tests of `quantize stats`."""

import json
import re

import pytest

from quantize.data.dataset import DataSet, entries
from quantize.data.stats import gather
from tests.builders.datasets import write_votes

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def flawed(table, tmp_path_factory):
    """98 drawn pictures, then one of them as a test picture with another label, a blank picture, and a bad row."""
    path = tmp_path_factory.mktemp("flawed") / "fer2013.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    again = lines[1].replace("0,", "6,", 1).replace("Training", "PublicTest")
    blank = f"3,{' '.join(['9'] * 2304)},Training"
    path.write_text("\n".join([*lines, again, blank, "4,1 2 3,Training"]) + "\n", encoding="utf-8")
    return path


def test_everything_is_counted_and_named(quantize, flawed, tmp_path):
    """Numbers, doubles, blank and broken pictures are printed, written as JSON, and shown on a page with its plots."""
    votes = write_votes(tmp_path / "votes.csv", flawed)
    out, report = tmp_path / "out", tmp_path / "stats.json"
    ran = quantize("stats", flawed, "--ferplus", votes, "--out", out, "--json", report)
    assert ran.code == 0, ran.err
    summary = json.loads(report.read_text())
    assert {usage: sum(counts.values()) for usage, counts in summary["counts"].items()} == {
        "Training": 85,
        "PublicTest": 15,
    }
    assert summary["doubles"] == {"within": {"Training": 0, "PublicTest": 0}, "across": 1, "with_another_label": 1}
    assert summary["blank"] == [f"{flawed}, line 101"]
    assert summary["problems"] == [f"{flawed}, line 102: 3 pixels instead of 2304"]
    assert f"  {flawed}, line 102: 3 pixels" in ran.out
    assert summary["ferplus"]["shares"]["PublicTest"]["n"] == 15
    assert sorted(path.name for path in out.iterdir()) == ["agreement.png", "counts.png", "samples.png", "stats.html"]
    page = (out / "stats.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 3
    assert not re.search(r"(src|href)=\"(?!data:)", page), "nothing is fetched from elsewhere"


def test_strict_makes_a_bad_row_an_error(run, flawed):
    """With --strict, a bad row ends the command with exit code 1 and one line that names the row."""
    ran = run("stats", flawed, "--strict")
    assert (ran.code, ran.complaint()) == (1, f"quantize: {flawed}, line 102: 3 pixels instead of 2304")


def test_the_samples_are_drawn_by_seed(flawed):
    """A seed always draws the same pictures to show, another seed draws others."""

    def drawn(seed):
        gathered = gather(entries(DataSet(flawed)), seed, strict=False)
        return [picture.tobytes() for label in sorted(gathered.samples) for picture in gathered.samples[label]]

    assert drawn(1) == drawn(1) != drawn(2)
