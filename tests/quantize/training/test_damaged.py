"""What training reads of its own files when they are damaged: a line each, whatever byte is wrong."""

import contextlib
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import DataError
from quantize.training.distillation import read_scores
from quantize.training.facts import facts_path, training_facts

MODELS = Path(__file__).parents[3] / "models"
ROW = np.arange(4)


def scores(path, **changed):
    """A file of scores for four rows, some of its arrays others."""
    tables = {"row": ROW.astype(np.int32), "emotion": np.zeros((4, 7), np.float16)} | changed
    np.savez_compressed(path, **{name: table for name, table in tables.items() if table is not None})
    return path


def with_a(value):
    """Scores, one of which is this."""
    table = np.zeros((4, 7), np.float16)
    table[2, 5] = value
    return table


TEACHERS = {
    "NaN": ({"emotion": with_a(np.nan)}, "its 'emotion' scores of row 2 and 0 more are not finite numbers"),
    "infinity": ({"emotion": with_a(-np.inf)}, "its 'emotion' scores of row 2 and 0 more are not finite numbers"),
    "too short": ({"emotion": np.zeros((3, 7), np.float16)}, "'emotion' has scores for 3 rows, and there are 4"),
    "a number": ({"emotion": np.float16(3)}, "'emotion' has scores for 0 rows, and there are 4"),
    "texts": ({"emotion": np.full((4, 7), "x")}, "is damaged"),
    "no rows": ({"row": None}, "does not say of which rows they are"),
    "rows of text": ({"row": np.array(["a"] * 4)}, "does not say of which rows they are"),
    "other rows": ({"row": ROW + 1}, "has no scores for row 0 of the data and 0 more"),
}


@pytest.mark.parametrize(("changed", "complaint"), TEACHERS.values(), ids=TEACHERS.keys())
def test_a_teacher_that_cannot_teach_is_refused(tmp_path, changed, complaint):
    """By what is wrong with it."""
    with pytest.raises(DataError, match=complaint):
        read_scores(scores(tmp_path / "teacher.npz", **changed), ROW)


def test_a_teacher_with_wrong_bytes_is_refused_or_read(tmp_path):
    """An error of ours, wherever they stand, and where it ends too soon."""
    whole = scores(tmp_path / "teacher.npz").read_bytes()
    assert set(read_scores(tmp_path / "teacher.npz", ROW)) == {"emotion"}
    rng = np.random.default_rng(1)
    for number in range(100):
        content = bytearray(whole[: rng.integers(1, len(whole))] if number % 4 == 0 else whole)
        content[rng.integers(len(content))] ^= int(rng.integers(1, 256))
        (tmp_path / "teacher.npz").write_bytes(content)
        with contextlib.suppress(DataError):  # some bytes say nothing
            read_scores(tmp_path / "teacher.npz", ROW)


FACTS = {
    "a number": "5",
    "a recipe that is none": '{"recipe": 5}',
    "a seed that is none": '{"recipe": {"seed": "x"}}',
    "a seed of many digits": f'{{"recipe": {{"seed": {"9" * 5000}}}}}',
    "deep": "[" * 5000,
    "a list for a name": '{"recipe": {"seed": 1, "architecture": [1]}}',
    "another head": '{"recipe": {"seed": 1, "architecture": "lite", "heads": "three"}, "training_pictures": 5}',
    "a limit in words": '{"recipe": {"seed": 1, "architecture": "lite"}, "training_pictures": 5, "limit": "all"}',
    "no pictures": '{"recipe": {"seed": 1, "architecture": "lite"}}',
    "half": '{"recipe": {"seed": 1',
}


@pytest.mark.parametrize("text", FACTS.values(), ids=FACTS.keys())
def test_facts_that_are_damaged_are_named(tmp_path, text):
    """In one line, before anything is trained or converted."""
    model = tmp_path / "model.keras"
    model.write_bytes(b"")
    facts_path(model).write_text(text)
    with pytest.raises(DataError, match=r"model-facts\.json: ") as refused:
        training_facts(model)
    assert len(str(refused.value).splitlines()) == 1


def test_a_checkpoint_that_is_damaged_is_named(tmp_path):
    """Its facts and its log."""
    from quantize.training.checkpoint import Checkpoint

    facts = {"recipe": {"seed": 1}}
    checkpoint = Checkpoint.beside(tmp_path / "model.keras")
    checkpoint.begin(facts)
    checkpoint.log.write_text("epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,1,0.5,1\n")
    checkpoint.check_resumable(facts)
    checkpoint.log.write_text("epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,1,0.5\n")
    with pytest.raises(DataError, match=r"log\.csv: a loss or an accuracy is missing or damaged"):
        checkpoint.check_resumable(facts)
    checkpoint.log.write_text("epoch,accuracy\n0,x\n")
    with pytest.raises(DataError, match=r"log\.csv: epoch 1 is damaged"):
        checkpoint.accuracies()
    (checkpoint.folder / "facts.json").write_text("5")
    with pytest.raises(DataError, match=r"facts\.json: "):
        checkpoint.check_resumable(facts)


def test_a_keras_file_with_a_wrong_byte_is_one_line(tmp_path):
    """In its parts, in its configuration, and where it ends too soon; without the words of what reads it."""
    pytest.importorskip("tensorflow")
    from quantize.networks.keras_files import load

    model = tmp_path / "model.keras"
    whole = (MODELS / "emotion.keras").read_bytes()
    wrong = bytearray(whole)
    wrong[len(whole) // 2] ^= 1
    with zipfile.ZipFile(MODELS / "emotion.keras") as parts:
        config = json.loads(parts.read("config.json"))
        texts = (bytes(wrong), whole[: len(whole) // 2], b"", rebuilt(parts, tmp_path, "5"))
        texts += (rebuilt(parts, tmp_path, json.dumps(config | {"config": 5})), rebuilt(parts, tmp_path, "[" * 9000))
    for content in texts:
        model.write_bytes(content)
        with pytest.raises(DataError, match=r"model\.keras: is no Keras model: it is ") as refused:
            load(model)
        assert len(str(refused.value).splitlines()) == 1
        assert "object" not in str(refused.value)


def rebuilt(parts, folder, config):
    """The same .keras file with another configuration."""
    path = folder / "rebuilt.keras"
    with zipfile.ZipFile(path, "w") as target:
        for name in parts.namelist():
            target.writestr(name, config if name == "config.json" else parts.read(name))
    return path.read_bytes()


def test_a_loss_that_is_not_finite_ends_the_training(tmp_path):
    """With what to lower, before the epoch is kept."""
    keras = pytest.importorskip("keras")
    from quantize.training.checkpoint import Checkpoint
    from quantize.training.compile import callbacks, stages
    from quantize.training.recipe import Recipe

    recipe = Recipe(epochs=2, learning_rate=3.0)
    checkpoint = Checkpoint.beside(tmp_path / "model.keras")
    checkpoint.begin({})
    (stage,) = stages(recipe)
    wrong, right = np.full((8, 1), np.nan, np.float32), np.zeros((8, 1), np.float32)
    for targets, validated, name in ((wrong, right, "loss"), (right, wrong, "val_loss")):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse", metrics=["accuracy"])
        chosen = callbacks(checkpoint, recipe, stage, None)
        with pytest.raises(DataError, match=rf"the {name} is nan in epoch 1: .* lower --learning-rate \(3\)"):
            model.fit(right, targets, validation_data=(right, validated), epochs=2, callbacks=chosen, verbose=0)
        next(each for each in chosen if isinstance(each, keras.callbacks.CSVLogger)).csv_file.close()
    assert not checkpoint.accuracies()
    assert not checkpoint.best.exists()
