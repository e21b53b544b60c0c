"""Tests of reading FER-2013's table in the forms that are in use, and of refusing other files."""

import os

import pytest

from assistant.errors import DataError
from quantize.data.dataset import DataSet, read_samples
from quantize.data.tables import LONGEST_LINE, rows

PIXELS = " ".join(["7"] * 2304)

FORMS = {
    "spaces, another order": f"emotion, Usage, pixels\n3,Training,{PIXELS}\n",
    "other case": f"Emotion,PIXELS,usage\n3,{PIXELS},training\n",
    "semicolons": f"emotion;pixels;Usage\n3;{PIXELS};Training\n",
    "tabs": f"emotion\tpixels\tUsage\n3\t{PIXELS}\tTraining\n",
    "byte order mark": f"\ufeffemotion,pixels,Usage\n3,{PIXELS},Training\n",
    "quotes and blank lines": f'"emotion","pixels","Usage"\n\n"3","{PIXELS}","Training"\n\n',
    "no usage": f"emotion,pixels\n3,{PIXELS}\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_forms_that_are_in_use_are_read(tmp_path, text):
    """Tables with other separators, column orders, spellings and encodings give the same happy picture."""
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    samples = read_samples(DataSet(path), "Training")
    assert (samples.labels.tolist(), samples.row.tolist(), int(samples.pixels.min())) == ([3], [0], 7)


def test_a_table_without_usage_is_taken_as_training(run, tmp_path):
    """A table without the column Usage, such as Kaggle's train.csv, gives one warning, and the command continues."""
    pytest.importorskip("matplotlib")
    path = tmp_path / "train.csv"
    path.write_text(FORMS["no usage"], encoding="utf-8")
    ran = run("stats", path)
    assert (ran.code, ran.complaint()) == (
        0,
        f"quantize: {path}: has no column 'Usage': all its rows are taken as Training",
    )


NO_TABLES = {
    "another header": (b"a,b\n1,2\n", "the column 'emotion' is missing; needed are .*; the header is 'a', 'b'"),
    "UTF-16": ("emotion,pixels,Usage\n".encode("utf-16"), "is not saved as UTF-8"),
    "a column twice": (b"emotion,pixels,Emotion\n", "the column 'emotion' is there twice"),
    "pixels for a usage": (
        f"emotion,pixels,Usage\n1,Training,{PIXELS}\n".encode(),
        r"nothing has the usage 'Training'; it has '7 7 [7 ]+\.\.\.$",
    ),
    "a line without end": (b"x" * (LONGEST_LINE + 2), "a line has more than"),
    "many digits": (
        f"emotion,pixels,Usage\n{'9' * 5000},{PIXELS},Training\n".encode(),
        r"line 2: the emotion '9{20,60}\.\.\. is not a number",
    ),
    "many digits in a pixel": (
        f"emotion,pixels,Usage\n1,{PIXELS}{'9' * 5000},Training\n".encode(),
        "line 2: a pixel is not a whole number",
    ),
}


@pytest.mark.parametrize(("content", "complaint"), NO_TABLES.values(), ids=NO_TABLES.keys())
def test_what_is_no_table_is_one_line(tmp_path, content, complaint):
    """A file that is not such a table is refused by a short message that shows what is there instead."""
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=complaint) as refused:
        read_samples(DataSet(path), "Training")
    assert len(str(refused.value)) < 400 + len(str(path))


def test_a_pipe_is_not_waited_for(tmp_path):
    """A named pipe is refused, because a program that writes to it may never come."""
    os.mkfifo(tmp_path / "data.csv")
    with pytest.raises(DataError, match="name a regular file"):
        next(rows(tmp_path / "data.csv", ("emotion",)))


def test_a_table_without_a_readable_row_says_why(run, tmp_path):
    """The message has the number of rows, and the first reason with its line."""
    pytest.importorskip("matplotlib")
    path = tmp_path / "data.csv"
    path.write_text("emotion,pixels,Usage\n0,1 2 3,Training\n9,1,Training\n", encoding="utf-8")
    ran = run("stats", path)
    assert ran.code == 1
    assert ran.complaint() == (
        f"quantize: {path}: none of its 2 pictures can be read; the first: {path}, line 2: 3 pixels instead of 2304"
    )
