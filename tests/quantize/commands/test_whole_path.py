"""Tests of the whole path on drawn faces: train, convert, compare, evaluate, publish, and run in the headset."""

import json
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest

from quantize.cli import main
from quantize.data.dataset import DataSet, read_samples
from quantize.evaluation.corrupt import CORRUPTIONS
from tests.builders.datasets import write_fer2013, write_votes

pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.usefixtures("uncompiled"), pytest.mark.filterwarnings("ignore:Even though the .tf.config")]


@pytest.fixture(scope="module")
def made(tmp_path_factory, quantize, uncompiled):
    """The folder of a model that was trained for two epochs and converted."""
    folder = tmp_path_factory.mktemp("made")
    data = write_fer2013(folder / "fer2013.csv", per_emotion=35)
    assert main(["train", "--data", str(data), "--out", str(folder / "model.keras"), "--epochs", "2"]) == 0
    converted = quantize("convert", folder / "model.keras", "--data", data, "--out", folder / "model.tflite")
    assert converted.code == 0, converted.err
    assert "TensorSpec" not in converted.out, "Keras's list of variables stands before the result"
    return folder


def test_nothing_half_written_is_left(made):
    """Training and conversion leave the model, its facts, log and curves, the file and its card, and nothing else."""
    names = sorted(path.name for path in made.iterdir())
    expected = [
        "fer2013.csv",
        "model-facts.json",
        "model.json",
        "model.keras",
        "model.log.csv",
        "model.png",
        "model.tflite",
    ]
    assert names == expected


def test_the_card_says_how_it_was_made(made):
    """The card has the recipe, the calibration pictures, and the recall of each emotion as float and as int8."""
    card = json.loads((made / "model.json").read_text())
    assert card["recipe"]["epochs"] == 2
    assert card["measures"]["usage"] == "validation"
    assert len(set(card["calibration_rows"])) == len(card["calibration_rows"]) > 100
    assert len(card["measures"]["int8"]["recall"]) == len(card["measures"]["float"]["recall"]) == 7


def test_the_model_is_measured_through_the_headsets_adapter(made, quantize, tmp_path):
    """The .tflite file is measured on all pictures of the usage, and JSON, plots and a page are written."""
    votes = write_votes(made / "votes.csv", made / "fer2013.csv")
    report = made / "report.json"
    arguments = ("--data", made / "fer2013.csv", "--ferplus", votes, "--usage", "PublicTest", "--json", report)
    arguments += ("--out", tmp_path, "--corrupt")
    ran = quantize("evaluate", made / "model.tflite", *arguments)
    assert ran.code == 0, ran.err
    result = json.loads(report.read_text())
    votes.unlink()
    report.unlink()
    assert (result["n"], result["ferplus_n"]) == (35, 34)
    crowd = ["crowd_confusion.png", "crowd_reliability.png", "crowd_risk.png"]
    pictures = ["confusion.png", *crowd, "curves.png", "mistakes.png", "reliability.png", "risk.png"]
    assert sorted(path.name for path in tmp_path.glob("*.png")) == pictures
    assert (tmp_path / "evaluation.html").read_text(encoding="utf-8").count("data:image/png;base64,") == len(pictures)
    assert set(result["corruptions"]) == set(CORRUPTIONS)
    assert all(len(measures["recall"]) == 7 for measures in result["corruptions"].values())
    confusion = np.array(result["confusion"])
    assert confusion.sum() == 35
    assert confusion.trace() / 35 == pytest.approx(result["accuracy"], abs=1e-4)
    recalls = confusion.diagonal() / confusion.sum(axis=1)
    assert list(result["recall"].values()) == pytest.approx(recalls.tolist(), abs=1e-4)
    assert 0 <= result["macro_f1"] <= 1
    assert abs(result["accuracy"] - result["ferplus_accuracy"]) < 0.05


def test_a_missing_usage_is_an_error(made, run):
    """A usage without pictures gives one line that names the other usages."""
    ran = run("evaluate", made / "model.tflite", "--data", made / "fer2013.csv", "--usage", "PrivateTest")
    assert ran.code == 1
    assert "it has 'PublicTest', 'Training'" in ran.complaint()


def test_the_headset_runs_what_is_published(made, quantize, assistant, tmp_path):
    """A published model is calibrated, has a page for people, and classifies a face in `assistant look --model`."""
    data, published = made / "fer2013.csv", tmp_path / "drawn.tflite"
    ran = quantize("publish", made / "model.tflite", "--data", data, "--name", "drawn", "--out", tmp_path)
    assert ran.code == 0, ran.err
    card = json.loads(published.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["name"] == "drawn"
    assert set(card["joined"]["thresholds"]["plainly"]) == set(card["outputs"][0]["labels"])
    page = published.with_suffix(".md").read_text(encoding="utf-8")
    assert all(words in page for words in (card["sha256"], card["intended_use"], *card["known_limits"]))
    pixels = read_samples(DataSet(data), "PublicTest").pixels[3]
    framed = cv2.copyMakeBorder(cv2.resize(pixels, (200, 200)), 40, 40, 40, 40, cv2.BORDER_REPLICATE)
    cv2.imwrite(str(tmp_path / "face.png"), framed)
    ran = assistant("look", "--json", "--model", published, tmp_path / "face.png")
    assert ran.code == 0
    assert len(json.loads(ran.out)[0]["faces"]) == 1


def test_other_programs_get_onnx(made, run, tmp_path):
    """The file has the two outputs' logits; another ending is refused, and so is an option of int8 alone."""
    onnxruntime = pytest.importorskip("onnxruntime")
    data, target, report = made / "fer2013.csv", tmp_path / "model.onnx", tmp_path / "result.json"
    asked = ("convert", made / "model.keras", "--data", data, "--form", "onnx")
    ran = run(*asked, "--out", target, "--json", report)
    assert ran.code == 0, ran.err
    result = json.loads(report.read_text())
    assert result["bytes"] == target.stat().st_size
    assert result["difference"] < 1e-3
    session = onnxruntime.InferenceSession(target, providers=["CPUExecutionProvider"])
    (only,) = session.get_inputs()
    assert only.shape[1:] == [48, 48, 1]
    assert run(*asked, "--out", tmp_path / "model.tflite").code == 2
    assert run(*asked, "--out", target, "--max-drop", 1).code == 2


def test_the_forms_are_compared(made, quantize, run, tmp_path):
    """Three forms of a network are smaller than float32, and agree with it on most pictures."""
    data, forms = made / "fer2013.csv", ("float32", "float16", "dynamic", "int8")
    for form in forms:
        target = tmp_path / f"{form}.tflite"
        assert run("convert", made / "model.keras", "--data", data, "--form", form, "--out", target).code == 0
    report, plot = tmp_path / "compare.json", tmp_path / "compare.png"
    files = [tmp_path / f"{form}.tflite" for form in forms]
    ran = quantize("compare", *files, "--data", data, "--json", report, "--plot", plot)
    assert ran.code == 0, ran.err
    result = json.loads(report.read_text())
    assert [row["model"] for row in result["models"]] == [file.name for file in files]
    sizes = [row["bytes"] for row in result["models"]]
    assert sizes[0] > 1.8 * sizes[1] > 3 * sizes[2]
    assert all(row["agreement_with_first"] > 0.8 for row in result["models"])
    assert all(0 <= row["expected_calibration_error"] <= 1 for row in result["models"])
    assert [row["arena_bytes"] for row in result["models"]][::3] == [4 * 73_728, 73_728]  # two of 48x48x16
    assert cv2.imread(str(plot)) is not None
    assert "int8.tflite" in ran.out
    broken = tmp_path / "broken.tflite"
    broken.write_bytes(b"nothing")
    ran = run("compare", broken, "--data", data)
    assert (ran.code, "is not a TFLite model that can be run" in ran.complaint()) == (1, True)


def test_a_form_that_loses_too_much_is_refused(made, run, tmp_path):
    """If int8 loses more than allowed, the message has the recalls, and nothing is written."""
    target = tmp_path / "int8.tflite"
    arguments = ("--data", made / "fer2013.csv", "--max-drop", "-100", "--out", target)
    ran = run("convert", made / "model.keras", *arguments)
    assert ran.code == 1
    assert "points of accuracy, more than -100; recall: angry" in ran.err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_converted_or_trained_is_named(made, run, tmp_path):
    """A missing model, missing facts, a wrong ending and too few pictures give one line each; nothing is written."""
    ran = run("convert", tmp_path / "no.keras", "--data", made / "fer2013.csv", "--out", tmp_path / "x.tflite")
    assert (ran.code, "no.keras: there is no such model" in ran.complaint()) == (1, True)
    orphan = tmp_path / "orphan.keras"
    orphan.write_bytes(b"")
    ran = run("convert", orphan, "--data", made / "fer2013.csv", "--out", tmp_path / "x.tflite")
    assert (ran.code, "orphan-facts.json" in ran.complaint()) == (1, True)
    ran = run("train", "--data", made / "fer2013.csv", "--out", tmp_path / "x.h5")
    assert (ran.code, "must end in .keras" in ran.complaint()) == (2, True)
    ran = run("train", "--data", made / "fer2013.csv", "--out", tmp_path / "x.keras", "--limit", "5")
    assert (ran.code, "5 pictures are too few" in ran.complaint()) == (1, True)
    assert list(tmp_path.iterdir()) == [orphan]


def started(command):
    """Start a process that takes Ctrl-C as in a terminal, even if the tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_interrupted_training_goes_on(made, run, tmp_path):
    """Ctrl-C leaves a checkpoint, and --resume trains only the remaining epochs, with all ways of balancing at once."""
    votes = write_votes(tmp_path / "votes.csv", made / "fer2013.csv")
    command = [sys.executable, "-m", "quantize", "train", "--data", made / "fer2013.csv", "--out", tmp_path / "m.keras"]
    command += [
        "--architecture",
        "mini-xception",
        "--epochs",
        "3",
        "--balance",
        "class-weights",
        "oversample",
        "focal",
        "--mixup",
        "0.2",
    ]
    command += ["--ferplus", votes, "--crowd-weight", "1", "--average-epochs", "1"]
    child = started(command)
    log = tmp_path / "m-checkpoint" / "log.csv"
    while child.poll() is None and not (log.is_file() and len(log.read_text().splitlines()) >= 2):
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    error = child.communicate(timeout=60)[1]
    assert child.returncode == 130, error
    assert "Traceback" not in error
    assert not (tmp_path / "m.keras").exists()
    epochs_before = len(log.read_text().splitlines()) - 1
    ran = run(*command[3:], "--resume")
    assert ran.code == 0, ran.err
    assert f"Epoch {epochs_before + 1}/3" in ran.out
    assert "of the validation pictures" in ran.out.splitlines()[-1]
    assert "Epoch 1/3" not in ran.out
    assert len((tmp_path / "m.log.csv").read_text().splitlines()) == 4
    recipe = json.loads((tmp_path / "m-facts.json").read_text())["recipe"]
    assert (recipe["balance"], recipe["crowd_weight"]) == (["class-weights", "oversample", "focal"], 1.0)
    assert not (tmp_path / "m-checkpoint").exists()
    again = run(*command[3:], "--resume")
    assert (again.code, "there is no checkpoint to go on from" in again.complaint()) == (1, True)
