"""Tests of FER+'s votes, which belong to the rows of one table: they are joined to these rows or refused."""

import csv
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.cli import main
from quantize.data.ferplus import VOTE_COLUMNS, read_votes
from tests.builders.datasets import write_votes

MODELS = Path(__file__).parents[3] / "models"
LABELS_OF = {"anger": 0, "disgust": 1, "fear": 2, "happiness": 3, "sadness": 4, "surprise": 5, "neutral": 6}


@pytest.fixture
def votes(table, tmp_path):
    """The votes on the pictures of the table."""
    return write_votes(tmp_path / "fer2013new.csv", table)


def changed(path, change):
    """Change the lines of a file below its header; return its path."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *change(lines)]) + "\n", encoding="utf-8")
    return path


def test_a_row_less_is_refused_with_both_numbers(table, votes):
    """If a row of votes is missing, the message has both numbers of rows and the first line where the usages differ."""
    changed(votes, lambda lines: lines[:10] + lines[11:])
    with pytest.raises(
        DataError, match=r"it has 97 rows, .*fer2013\.csv has 98; .*new\.csv, line 43 has the usage 'PublicTest'"
    ):
        read_votes(votes, table)


def test_a_row_more_at_the_end_is_refused(table, votes):
    """If there is a row of votes too many, and all usages agree, the message has both numbers of rows."""
    changed(votes, lambda lines: [*lines, lines[0]])
    with pytest.raises(DataError, match=r"it has 99 rows, .*fer2013\.csv has 98: give the fer2013new\.csv"):
        read_votes(votes, table)


def test_as_many_rows_of_other_usages_are_refused(table, votes):
    """If one row is removed and another one is added, the message has the first line where the usages differ."""
    changed(votes, lambda lines: [*lines[1:], lines[0]])
    with pytest.raises(DataError, match=r"line 43 has the usage 'PublicTest', .*fer2013\.csv, line 43 has 'Training'"):
        read_votes(votes, table)


def test_rows_in_another_order_are_refused(table, votes):
    """Rows in another order are found by the numbers of the pictures, even if all usages agree."""
    changed(votes, lambda lines: [lines[1], lines[0], *lines[2:]])
    with pytest.raises(DataError, match=r"line 3: fer0000000\.png does not follow fer0000001\.png"):
        read_votes(votes, table)


def write_pair(folder, labels, moved):
    """Write votes and a table that agree, but with the votes shifted by some rows; there are no pixels and no names."""
    table, votes = folder / "table.csv", folder / "votes.csv"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([("emotion", "pixels", "Usage"), *((label, "0", "Training") for label in labels)])
    answers = [list(LABELS_OF.values()).index(label) for label in labels]
    names = list(LABELS_OF)
    with votes.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Usage", "Image name", *VOTE_COLUMNS))
        for answer in np.roll(answers, moved):
            writer.writerow(("Training", "", *(9 if column == names[answer] else 0 for column in VOTE_COLUMNS)))
    return votes, table


def test_votes_that_agree_no_better_than_by_chance_are_refused(tmp_path):
    """Votes that belong to other pictures are refused, even if the numbers of rows and all usages agree."""
    labels = np.random.default_rng(4).integers(0, 7, 250).tolist()
    assert len(read_votes(*write_pair(tmp_path, labels, 0))) == 250
    with pytest.raises(
        DataError, match=r"from .*line 2 to .*line 101 its majority is the label of 1\d% of the pictures"
    ):
        read_votes(*write_pair(tmp_path, labels, 1))


def test_rows_of_other_usages_are_compared_too(table, votes):
    """All rows are compared, whichever usage is read, because a missing row shifts the votes of all others."""
    changed(votes, lambda lines: lines[:-1])
    asked = ("evaluate", MODELS / "emotion-int8.tflite", "--data", table, "--ferplus", votes, "--usage", "Training")
    assert main([str(each) for each in asked]) == 1


COMMANDS = {
    "stats": (),
    "train": ("--heads", "both", "--out", "x.keras"),
    "score": ("none.keras", "--out", "x.npz"),
    "convert": (MODELS / "emotion.keras", "--out", "x.tflite"),
    "publish": (MODELS / "emotion-int8.tflite", "--out", "out"),
    "evaluate": (MODELS / "emotion-int8.tflite",),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_what_does_not_go_together(  # noqa: PLR0917 - fixtures
    table, votes, tmp_path, monkeypatch, capsys, command
):
    """Every command ends with 1 for votes on other rows and with 2 for votes on a folder, and writes nothing."""
    pytest.importorskip("tensorflow")
    monkeypatch.chdir(tmp_path)
    changed(votes, lambda lines: lines[:-1])
    before = sorted(tmp_path.iterdir())
    for data, code, complaint in ((table, 1, "does not belong to"), (tmp_path, 2, "is a folder of pictures")):
        named = (data,) if command == "stats" else ("--data", data)
        asked = [str(each) for each in (command, *COMMANDS[command], *named, "--ferplus", votes)]
        assert main(asked) == code
        (line,) = capsys.readouterr().err.splitlines()
        assert complaint in line
    assert sorted(tmp_path.iterdir()) == before


def test_a_usage_without_any_majority_is_reported(quantize, table, tmp_path):
    """If no picture has a majority, 0 pictures are printed, null is written, and there are still plots and a page."""
    pytest.importorskip("matplotlib")
    votes, out = write_votes(tmp_path / "votes.csv", table), tmp_path / "out"
    tie = ",".join(["5", "5", *["0"] * 8])
    changed(votes, lambda lines: [",".join(line.split(",")[:2]) + "," + tie for line in lines])
    report = tmp_path / "report.json"
    ran = quantize("stats", table, "--ferplus", votes, "--json", report, "--out", out)
    assert (ran.code, ran.err) == (0, "")
    assert "PublicTest: FER+'s majority of 0 labels" in ran.out
    assert '"agree": null' in report.read_text()
    model = MODELS / "emotion-int8.tflite"
    ran = quantize("evaluate", model, "--data", table, "--ferplus", votes, "--json", report, "--out", out, "--corrupt")
    assert (ran.code, ran.err) == (0, "")
    assert "agreement with FER+'s majority of 0 pictures" in ran.out
    assert '"ferplus_accuracy": null' in report.read_text()
    assert "NaN" not in report.read_text()
