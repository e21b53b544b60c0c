"""Tests of reading fer2013.csv when some of its rows are wrong."""

import importlib.util

import pytest

from assistant.errors import DataError
from quantize.data.dataset import DataSet, read_samples

PIXELS = " ".join(["7"] * 2304)
BAD = {
    "short row": (f"emotion,pixels,Usage\n0,{PIXELS},Training\n3\n", r"line 3: has not as many fields"),
    "no usage": (f"emotion,pixels,Usage\n0,{PIXELS},\n", r"line 2: has no usage"),
    "few pixels": (f"emotion,pixels,Usage\n0,{PIXELS[:-2]},Training\n", r"line 2: 2303 pixels instead of 2304"),
    "wrong label": (
        f"emotion,pixels,Usage\n7,{PIXELS},Training\n",
        r"line 2: the emotion '7' is not a number from 0 to 6",
    ),
    "word for a label": (f"emotion,pixels,Usage\nsad,{PIXELS},Training\n", r"line 2: the emotion 'sad'"),
    "no number": (f"emotion,pixels,Usage\n0,{PIXELS[:-1]}x,Training\n", r"line 2: a pixel is not a whole number"),
    "many digits": (
        f"emotion,pixels,Usage\n0,{PIXELS[:-1]}{'9' * 25},Training\n",
        r"line 2: a pixel is not a whole number",
    ),
    "too bright": (f"emotion,pixels,Usage\n0,{PIXELS[:-1]}256,Training\n", r"line 2: a pixel lies outside 0 to 255"),
    "missing column": (f"emotion,Usage\n0,{PIXELS}\n", r"the column 'pixels' is missing; needed are"),
    "empty": ("", r"the column 'emotion' is missing"),
}


@pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="`quantize train` needs TensorFlow")
@pytest.mark.parametrize(("text", "complaint"), BAD.values(), ids=BAD.keys())
def test_bad_data_is_named_by_its_line(run, tmp_path, text, complaint):
    """A command that reads a wrong row prints one line with its number, exits with 1 and writes nothing."""
    data = tmp_path / "fer2013.csv"
    data.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        read_samples(DataSet(data), "Training")
    ran = run("train", "--data", data, "--out", tmp_path / "model.keras")
    assert (ran.code, ran.out) == (1, "")
    assert ran.complaint().startswith(f"quantize: {data}")
    assert [path.name for path in tmp_path.iterdir()] == ["fer2013.csv"]
