"""Tests of the options of `quantize train`, on drawn faces."""

import csv
import json

import numpy as np
import pytest

from assistant.emotion.joined import Role
from assistant.emotion.tflite import TFLiteClassifier
from quantize.cli import main
from quantize.data.candidates import Candidates, write_candidates
from quantize.data.dataset import DataSet, read_samples
from quantize.networks.keras_files import heads_of, load
from quantize.training.distillation import mean_scores
from quantize.training.recipe import Recipe
from quantize.training.sources import Sources
from quantize.training.training_set import build_training_set, training_and_validation
from tests.builders.datasets import write_fer2013, write_votes

pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.usefixtures("uncompiled"), pytest.mark.filterwarnings("ignore:Even though the .tf.config")]
SMALL = ("--architecture", "mini-xception", "--epochs", "1", "--batch-size", "32")


def run(*arguments):
    """Return the exit code of `quantize`."""
    return main([str(each) for each in arguments])


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """fer2013.csv with 140 pictures, and votes.csv beside it."""
    folder = tmp_path_factory.mktemp("data")
    table = write_fer2013(folder / "fer2013.csv", per_emotion=20)
    write_votes(folder / "votes.csv", table)
    return table


@pytest.fixture(scope="module")
def both(data, tmp_path_factory):
    """A network with two outputs, which was trained on pictures without a face too."""
    target = tmp_path_factory.mktemp("both") / "both.keras"
    votes = data.with_name("votes.csv")
    asked = ("--ferplus", votes, "--heads", "both", "--not-faces", 4, "--degrade", 0.5, "--mixup", 0.3)
    assert run("train", "--data", data, "--out", target, *SMALL, *asked) == 0
    return target


@pytest.fixture(scope="module")
def labels_only(data, tmp_path_factory):
    """A network with the labels' output alone."""
    target = tmp_path_factory.mktemp("labels") / "labels.keras"
    assert run("train", "--data", data, "--out", target, *SMALL) == 0
    return target


def test_two_outputs_come_to_the_headset(both, data, tmp_path, capsys):
    """A network with two outputs is converted, published and measured; the headset uses the crowd's output."""
    votes, file, card = data.with_name("votes.csv"), tmp_path / "both.tflite", tmp_path / "named.json"
    assert run("convert", both, "--data", data, "--ferplus", votes, "--out", file) == 0
    assert run("convert", both, "--data", data, "--out", file.with_stem("x")) == 1
    assert "--ferplus is needed to measure it" in capsys.readouterr().err
    other = write_fer2013(tmp_path / "other.csv", per_emotion=25)
    others = write_votes(tmp_path / "others.csv", other)
    assert run("publish", file, "--data", other, "--ferplus", others, "--out", tmp_path) == 1
    assert "is not what the model was trained and validated on" in capsys.readouterr().err
    assert run("evaluate", file, "--data", data, "--json", file.with_suffix(".json")) == 2
    assert "would overwrite a file that is read" in capsys.readouterr().err
    assert run("publish", file, "--data", data, "--out", tmp_path) == 1
    assert "--ferplus is needed" in capsys.readouterr().err
    published = ("--data", data, "--ferplus", votes, "--out", tmp_path, "--name", "named")
    assert run("publish", file, *published) == 0
    classifier = TFLiteClassifier(tmp_path / "named.tflite")
    assert {output.role for output in classifier.card.outputs} == set(Role)
    assert len(classifier.card.by_role(Role.CROWD).labels) == 10
    assert classifier.card.by_role(Role.CROWD).temperature != 1
    face = read_samples(DataSet(data), "PublicTest").pixels[0]
    assert classifier.classify_by(Role.CROWD, face) != classifier.classify_by(Role.LABELS, face)
    assert classifier.card.joined is not None
    page = (tmp_path / "named.md").read_text(encoding="utf-8")
    assert json.loads(card.read_text(encoding="utf-8"))["sha256"] in page
    assert "agreement with FER+'s majority" in page
    capsys.readouterr()
    report = tmp_path / "report.json"
    assert run("evaluate", tmp_path / "named.tflite", "--data", data, "--ferplus", votes, "--json", report) == 0
    as_int8 = json.loads(report.read_text(encoding="utf-8"))
    error = as_int8["ferplus_expected_calibration_error"]
    assert f"of 14 pictures, calibration error {error:.2%}\n  recall angry" in capsys.readouterr().out
    assert run("evaluate", both, "--data", data, "--ferplus", votes, "--json", report) == 0
    as_float = json.loads(report.read_text(encoding="utf-8"))
    assert as_int8["ferplus_n"] == as_float["ferplus_n"] == 14
    assert abs(as_int8["accuracy"] - as_float["accuracy"]) < 0.3


def test_a_network_learns_from_a_teacher(both, data, tmp_path, capsys):
    """A network learns from the scores of another one, in a file or from the network itself."""
    scores = tmp_path / "teacher.npz"
    assert run("score", both, "--data", data, "--out", scores) == 0
    with np.load(scores) as stored:
        assert (stored["emotion"].shape, stored["crowd"].shape, stored["crowd"].dtype) == (
            (126, 7),
            (126, 10),
            np.float16,
        )
    votes = data.with_name("votes.csv")
    for teacher in (scores, both):
        asked = ("--ferplus", votes, "--heads", "both", "--teacher", teacher, "--teacher-weight", 0.7)
        assert run("train", "--data", data, "--out", tmp_path / "pupil.keras", *SMALL, *asked) == 0
        facts = json.loads((tmp_path / "pupil-facts.json").read_text(encoding="utf-8"))
        assert facts["recipe"]["teacher"] == teacher.name
    other = write_fer2013(tmp_path / "other.csv", per_emotion=28)
    capsys.readouterr()
    assert run("train", "--data", other, "--out", tmp_path / "x.keras", *SMALL, "--teacher", scores) == 1
    assert "has no scores for row" in capsys.readouterr().err


def test_a_network_learns_from_live_teachers(both, labels_only, data, tmp_path, capsys):
    """The names of live teachers are in the facts; a network that lacks an output is refused as teacher."""
    target, asked = tmp_path / "pupil.keras", ("--ferplus", data.with_name("votes.csv"), "--heads", "both")
    live = ("--live-teachers", both, both, "--live-weight", 0.6)
    assert run("train", "--data", data, "--out", target, *SMALL, *asked, *live, "--not-faces", 4) == 0
    recipe = json.loads((tmp_path / "pupil-facts.json").read_text(encoding="utf-8"))["recipe"]
    assert (recipe["live_teachers"], recipe["live_weight"]) == (["both.keras", "both.keras"], 0.6)
    capsys.readouterr()
    assert run("train", "--data", data, "--out", target, *SMALL, *asked, "--live-teachers", labels_only) == 1
    assert "labels.keras: has no output 'crowd'" in capsys.readouterr().err


def test_a_network_is_trained_under_rounding(both, data, tmp_path):
    """A trained network is trained further under rounding; the written model has plain layers and can be converted."""
    from quantize.networks.keras_files import load

    target = tmp_path / "aware.keras"
    assert run("train", "--data", data, "--out", target, *SMALL, "--quantization-aware") == 2
    votes = data.with_name("votes.csv")
    asked = ("--start", both, "--ferplus", votes, "--quantization-aware", "--learning-rate", 1e-4)
    assert run("train", "--data", data, "--out", target, *SMALL, *asked, "--seed", 7) == 2
    assert run("train", "--data", data, "--out", target, *SMALL, *asked[:2]) == 2
    assert run("train", "--data", data, "--out", target, *SMALL, *asked) == 0
    assert not [layer.name for layer in load(target).layers if type(layer).__name__.startswith("Rounded")]
    assert run("convert", target, "--data", data, "--ferplus", votes, "--out", tmp_path / "aware.tflite") == 0


def test_the_moving_average_of_the_weights_is_kept(both, data, tmp_path):
    """The moving average lies between the first and the last weights; over a part of a step it is the last weights."""
    from quantize.networks.keras_files import load

    asked = ("--start", both, "--ferplus", data.with_name("votes.csv"), "--warmup-epochs", 0)
    kept = {}
    for epochs in (0, 0.01, 50):
        target = tmp_path / f"{epochs}.keras"
        assert run("train", "--data", data, "--out", target, *SMALL, *asked, "--average-epochs", epochs) == 0
        kept[epochs] = np.concatenate([np.ravel(each) for each in load(target).trainable_weights])
    start = np.concatenate([np.ravel(each) for each in load(both).trainable_weights])
    assert np.allclose(kept[0.01], kept[0], atol=1e-4)
    assert 0 < np.linalg.norm(kept[50] - start) < 0.7 * np.linalg.norm(kept[0] - start)


def test_a_trunk_trained_elsewhere_is_frozen_first(data, tmp_path, capsys):
    """The trunk's weights come from a file, and in the first epochs only the layers above the trunk are trained."""
    import keras

    from quantize.networks.keras_files import load

    trunk = keras.applications.MobileNetV3Small(
        include_top=False, weights=None, input_shape=(48, 48, 3), include_preprocessing=False
    )
    weights = tmp_path / "trunk.weights.h5"
    trunk.save_weights(weights)
    asked = ("--architecture", "mobilenetv3-small", "--weights", weights, "--frozen-epochs", 1, "--epochs", 2)
    still = tmp_path / "still.keras"
    # the second stage has a learning rate of 0, so all changes are from the first stage
    assert run("train", "--data", data, "--out", still, *asked, "--fine-tuning", 0, "--weight-decay", 0) == 0
    network = load(still)
    inside = next(layer for layer in network.layers if isinstance(layer, keras.Model))
    kernels = zip(trunk.trainable_weights, [each for each in inside.weights if "moving" not in each.name], strict=True)
    assert all((np.asarray(one) == np.asarray(other)).all() for one, other in kernels)
    assert np.abs(np.asarray(network.get_layer("emotion").bias)).max() > 0
    further, converted = tmp_path / "further.keras", tmp_path / "further.tflite"
    assert run("train", "--data", data, "--out", further, "--start", still, "--epochs", 1) == 0
    assert run("convert", further, "--data", data, "--out", converted) == 0
    card = json.loads(converted.with_suffix(".json").read_text(encoding="utf-8"))
    assert "weights from ImageNet (trunk.weights.h5)" in card["training_data"]
    assert "ImageNet" in card["data_licence"]
    capsys.readouterr()
    weights.write_bytes(b"nothing")
    assert run("train", "--data", data, "--out", still, *asked) == 1
    assert "no weights for the trunk of mobilenetv3-small" in capsys.readouterr().err


def test_the_test_part_is_never_read(labels_only, data, tmp_path):
    """A training gives the same network if the rows of PublicTest cannot be read."""
    from quantize.networks.keras_files import load, logits

    broken = tmp_path / "broken.csv"
    with data.open(newline="") as source, broken.open("w", newline="") as target:
        writer = csv.writer(target)
        for row in csv.reader(source):
            writer.writerow(["?", "no pixels", row[2]] if row[2] == "PublicTest" else row)
    without_test = tmp_path / "without-test.keras"
    assert run("train", "--data", broken, "--out", without_test, *SMALL) == 0
    pixels = read_samples(DataSet(data), "PublicTest").pixels
    assert len(pixels) > 0
    whole, part = (logits(path, load(path), pixels)["emotion"] for path in (labels_only, without_test))
    assert whole == pytest.approx(part, abs=1e-3)


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (("--heads", "both"), "--heads both: needs the votes"),
        (("--not-faces", "3"), "--not-faces: needs the crowd's output"),
        (("--processes", "2"), "--coordinator"),
        (("--weights", "imagenet"), "--weights: only lite, efficientnet-lite0, vgg16"),
        (("--architecture", "lite", "--weights", "w.npz", "--frozen-epochs", "1"), "--frozen-epochs: only for vgg16"),
        (("--frozen-epochs", "1"), "--frozen-epochs: needs"),
        (("--ferplus", "votes.csv"), "--ferplus: is of no use"),
        (("--erase-smallest", "0.9"), "--erase-smallest: 0.9 is above"),
    ],
)
def test_what_does_not_go_together_is_refused(data, tmp_path, capsys, asked, complaint):
    """Options that exclude each other are refused by name, and nothing is written."""
    assert run("train", "--data", data, "--out", tmp_path / "x.keras", *SMALL, *asked) == 2
    assert complaint in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_it_ends_early_and_is_logged_for_tensorboard(data, tmp_path):
    """A training without a better epoch ends early, keeps the last one as asked, and TensorBoard's log is written."""
    pytest.importorskip("tensorboard")
    asked = ("--architecture", "mini-xception", "--epochs", 9, "--learning-rate", 0, "--patience", 2)
    asked += ("--schedule", "plateau", "--plateau-epochs", 1, "--keep", "last", "--tensorboard", tmp_path / "board")
    target = tmp_path / "early.keras"
    assert run("train", "--data", data, "--out", target, *asked) == 0
    assert len(target.with_suffix(".log.csv").read_text().splitlines()) == 4
    assert json.loads((tmp_path / "early-facts.json").read_text(encoding="utf-8"))["kept_epoch"] == 3
    assert list((tmp_path / "board").rglob("events*"))


def test_an_interrupted_training_goes_on_only_as_it_was_begun(data, tmp_path, capsys):
    """A training is resumed only with the recipe of its checkpoint; wrong arguments do not remove the checkpoint."""
    from quantize.training.checkpoint import Checkpoint

    target = tmp_path / "x.keras"
    checkpoint = Checkpoint.beside(target)
    checkpoint.begin({"recipe": {"seed": 2013, "epochs": 1}, "validation_sha256": "another"})
    checkpoint.log.write_text("epoch,val_accuracy\n0,0.5\n")
    assert run("train", "--data", data, "--out", target, *SMALL, "--resume", "--seed", 5) == 2
    assert "--resume: the training was begun with" in capsys.readouterr().err
    assert run("train", "--data", data, "--out", target, *SMALL, "--teacher", tmp_path / "none.npz") == 1
    assert checkpoint.accuracies() == [0.5]


@pytest.mark.parametrize("asked", [("--mixup", "-1"), ("--epochs", "0"), ("--shift", "nan"), ("--schedule", "steps")])
def test_a_setting_out_of_its_bounds_is_refused(asked, capsys):
    """A value outside the bounds of its option is refused, and the message names the option."""
    with pytest.raises(SystemExit) as refused:
        run("train", "--data", "x.csv", "--out", "x.keras", *asked)
    assert refused.value.code == 2
    assert asked[0] in capsys.readouterr().err


def test_the_trunk_learns_what_a_face_is(both, data, tmp_path, capsys):
    """With candidates the trunk changes; the network keeps its two outputs, and a head can be trained for it."""
    rng = np.random.default_rng(3)
    crops = rng.integers(0, 256, (40, 48, 48), dtype=np.uint8)
    file, trained, head = tmp_path / "c.npz", tmp_path / "trained.keras", tmp_path / "head.keras"
    write_candidates(file, Candidates(crops, np.arange(len(crops)) < len(crops) // 2))
    asked = ("--data", data, "--ferplus", data.with_name("votes.csv"), "--heads", "both", "--epochs", 1)
    asked = (*asked, "--batch-size", 32, "--candidates", file, "--candidates-shown", 20)
    assert run("train", *asked, "--start", both, "--quantization-aware", "--out", trained) == 0
    model = load(trained)
    assert {head.role for head in heads_of(model)} == set(Role)
    assert set(model.output) == {head.name for head in heads_of(model)}
    assert run("finder", "head", trained, "--candidates", file, "--epochs", 1, "--batch", 8, "--out", head) == 0
    capsys.readouterr()
    assert run("train", "--data", data, "--candidates", file, *SMALL, "--out", tmp_path / "one.keras") == 2
    assert "--candidates: needs two outputs" in capsys.readouterr().err


def test_the_emotions_of_candidates_are_those_that_the_network_sees_in_them(both, data, tmp_path, capsys):
    """Each candidate, of both files, that is a face has the scores of the network of --start; the others teach none."""
    rng = np.random.default_rng(4)
    crops, is_face = rng.integers(0, 256, (6, 48, 48), dtype=np.uint8), np.arange(6) < 3
    file = tmp_path / "c.npz"
    write_candidates(file, Candidates(crops, is_face))
    source = DataSet(data, data.with_name("votes.csv"))
    recipe = Recipe(heads="both", candidate_emotions=0.5)
    training, _ = training_and_validation(source, recipe.seed)
    sources = Sources(source, start=both, candidates=(file, file))
    targets = build_training_set(training, sources, recipe, source.votes()).targets
    for name, scores in mean_scores([both], crops[:3]).items():
        assert np.array_equal(targets.by_head[name][[-12, -11, -10, -6, -5, -4]], np.concatenate([scores, scores]))
        assert targets.weights[name][-12:].tolist() == [0.5, 0.5, 0.5, 0, 0, 0] * 2
    asked = ("--data", data, "--ferplus", source.ferplus, "--heads", "both", "--candidate-emotions", 0.5, *SMALL)
    assert run("train", *asked, "--out", tmp_path / "one.keras") == 2
    assert "--candidate-emotions: needs --candidates FILE.npz and --start FILE.keras" in capsys.readouterr().err
