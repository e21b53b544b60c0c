"""Reading fer2013.csv and fer2013new.csv."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.errors import DataError
from quantize.data.dataset import DataSet, entries, read_samples
from quantize.data.ferplus import majority, read_votes
from quantize.data.split import split_validation
from tests.quantize.drawn import write_fer2013, write_votes


@pytest.fixture(scope="module")
def csv_file(tmp_path_factory):
    """98 drawn pictures."""
    return write_fer2013(tmp_path_factory.mktemp("data") / "fer2013.csv")


def test_one_usage_is_read_with_its_rows(csv_file):
    """In the file's order, and only that usage."""
    samples = read_samples(DataSet(csv_file), "PublicTest")
    assert (samples.pixels.shape, samples.pixels.dtype) == ((14, 48, 48), np.uint8)
    assert samples.labels.tolist() == [*range(7)] * 2
    assert samples.row.tolist() == [*range(42, 49), *range(91, 98)]


def test_a_usage_that_is_not_there_is_named_with_those_that_are(csv_file):
    """PrivateTest, say."""
    with pytest.raises(DataError, match=r"nothing has the usage 'PrivateTest'; it has 'PublicTest', 'Training'"):
        read_samples(DataSet(csv_file), "PrivateTest")


def test_votes_are_joined_by_row(csv_file, tmp_path):
    """The majority is a single largest answer that is one of the seven."""
    samples = read_samples(DataSet(csv_file), "PublicTest")
    votes = read_votes(write_votes(tmp_path / "fer2013new.csv", csv_file), csv_file)[samples.row]
    assert majority(votes).tolist() == [*samples.labels.tolist()[:-1], -1]
    assert majority(np.array([[0, 0, 0, 0, 0, 0, 0, 6, 2, 0]], np.uint8)).tolist() == [-1], "contempt is none of them"


PIXELS = " ".join(["7"] * 2304)
BAD = {
    "short row": (f"emotion,pixels,Usage\n0,{PIXELS},Training\n3\n", r"line 3: not as many fields"),
    "no usage": (f"emotion,pixels,Usage\n0,{PIXELS},\n", r"line 2: has no usage"),
    "few pixels": (f"emotion,pixels,Usage\n0,{PIXELS[:-2]},Training\n", r"line 2: 2303 pixels instead of 2304"),
    "wrong label": (
        f"emotion,pixels,Usage\n7,{PIXELS},Training\n",
        r"line 2: the emotion '7' is no number from 0 to 6",
    ),
    "word for a label": (f"emotion,pixels,Usage\nsad,{PIXELS},Training\n", r"line 2: the emotion 'sad'"),
    "no number": (f"emotion,pixels,Usage\n0,{PIXELS[:-1]}x,Training\n", r"line 2: a pixel is no whole number"),
    "many digits": (
        f"emotion,pixels,Usage\n0,{PIXELS[:-1]}{'9' * 25},Training\n",
        r"line 2: a pixel is no whole number",
    ),
    "too bright": (f"emotion,pixels,Usage\n0,{PIXELS[:-1]}256,Training\n", r"line 2: a pixel lies outside 0 to 255"),
    "missing column": (f"emotion,Usage\n0,{PIXELS}\n", r"the column 'pixels' is missing; needed are"),
    "empty": ("", r"the column 'emotion' is missing"),
}


@pytest.mark.parametrize(("text", "complaint"), BAD.values(), ids=BAD.keys())
def test_bad_data_is_named_by_its_line(quantize, tmp_path, text, complaint):
    """Through the command line: one line, exit code 1, nothing written."""
    pytest.importorskip("tensorflow")
    data = tmp_path / "fer2013.csv"
    data.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        read_samples(DataSet(data), "Training")
    ran = quantize("train", "--data", data, "--out", tmp_path / "model.keras")
    assert (ran.code, ran.out) == (1, "")
    assert ran.complaint().startswith(f"quantize: {data}")
    assert [path.name for path in tmp_path.iterdir()] == ["fer2013.csv"]


def test_validation_is_cut_by_seed_with_equal_pictures_on_one_side(csv_file):
    """The same each time, another with another seed, every label in it, nothing in both."""
    once = read_samples(DataSet(csv_file), "Training")
    twice = once.take(np.concatenate([np.arange(len(once)), np.arange(len(once))]))
    training, validation = split_validation(twice, 1)
    shared = {each.tobytes() for each in training.pixels} & {each.tobytes() for each in validation.pixels}
    assert not shared
    assert set(validation.labels.tolist()) == set(range(7))
    assert len(training) + len(validation) == len(twice)
    assert split_validation(twice, 1)[1].row.tolist() == validation.row.tolist()
    assert split_validation(twice, 2)[1].row.tolist() != validation.row.tolist()


@pytest.fixture
def folders(csv_file, tmp_path):
    """The same pictures as folders, in the spellings that are met, one of them in colour, one larger."""
    words = ("Anger", "disgusted", "fear", "happiness", "sadness", "surprised", "neutral")
    for usage, name in (("Training", "train"), ("PublicTest", "test")):
        samples = read_samples(DataSet(csv_file), usage)
        for number, (picture, label) in enumerate(zip(samples.pixels, samples.labels, strict=True)):
            target = tmp_path / name / words[label] / f"{number:03d}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            shown = np.repeat(picture[..., np.newaxis], 3, axis=2) if number == 0 else picture
            shown = np.repeat(np.repeat(shown, 2, axis=0), 2, axis=1) if number == 1 else shown
            cv2.imwrite(str(target), shown)
    return tmp_path


def test_folders_hold_the_same_pictures_as_the_table(csv_file, folders):
    """Label for label, pixel for pixel."""
    for usage in ("Training", "PublicTest"):
        table, files = read_samples(DataSet(csv_file), usage), read_samples(DataSet(folders), usage)
        expected = sorted(
            (int(label), picture.tobytes()) for label, picture in zip(table.labels, table.pixels, strict=True)
        )
        found = sorted(
            (int(label), picture.tobytes()) for label, picture in zip(files.labels, files.pixels, strict=True)
        )
        assert found == expected


def test_a_bad_file_of_a_folder_is_named(folders):
    """Broken, of another kind, or under a label that is none."""
    broken = folders / "test" / "fear" / "999.png"
    broken.write_bytes(b"broken")
    with pytest.raises(DataError, match=r"fear/999\.png: is not a picture"):
        read_samples(DataSet(folders), "PublicTest")
    broken.unlink()
    (folders / "train" / "bored").mkdir()
    (folders / "train" / "bored" / "1.png").write_bytes(b"")
    with pytest.raises(DataError, match="the folder 'bored' is no emotion"):
        read_samples(DataSet(folders), "Training")
    assert len(list(entries(DataSet(folders)))) == 99
    with pytest.raises(DataError, match="has neither a folder 'train' nor a folder 'test'"):
        read_samples(DataSet(folders / "train"), "Training")


DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.skipif(not DATA.is_dir(), reason="FER-2013 is not here: it may not be part of the project")
def test_fer_plus_has_a_majority_where_it_is_known_to_have_one():
    """3,372 of PublicTest's 3,589 pictures."""
    votes = np.load(DATA / "fer2013_publictest.npz")["votes"]
    assert int((majority(votes) >= 0).sum()) == 3372
