"""The steps of `quantize movements` on drawn faces, with a made mesh and a small emotion network."""

import json

import numpy as np
import pytest

from assistant.emotion.movements import MOVEMENTS
from quantize.data.movements import MovingFaces, read_moving_faces, write_moving_faces
from quantize.networks.added_outputs import digest
from tests.builders.datasets import write_fer2013, write_votes
from tests.builders.small_network import write_small_network

pytest.importorskip("tensorflow")
from quantize.networks.keras_files import load


@pytest.fixture(scope="module")
def emotion(tmp_path_factory):
    """A small emotion network with random weights, and the facts of a training."""
    return write_small_network(tmp_path_factory.mktemp("emotion") / "emotion.keras")


@pytest.fixture(scope="module")
def labelled(emotion, mesh_file, faces_folder, tmp_path_factory):
    """What `label` makes of drawn faces."""
    from quantize.cli import main

    folder = tmp_path_factory.mktemp("labelled")
    data = write_fer2013(folder / "fer2013.csv", per_emotion=45)
    votes = write_votes(folder / "votes.csv", data)
    options = {"--data": data, "--ferplus": votes, "--faces": faces_folder, "--mesh": mesh_file}
    arguments = [str(each) for pair in options.items() for each in pair]
    assert main(["movements", "label", str(emotion), *arguments, "--out", str(folder / "movements.npz")]) == 0
    return folder / "movements.npz"


def test_the_faces_of_both_sources_are_labelled(labelled):
    """The parts for validation are those of the emotion network and of the finder; angry faces frown by the votes."""
    faces = read_moving_faces(labelled)
    own = faces.source == 0
    assert (own.sum(), (~own).sum()) == (7 * 39, 39)
    assert 0 < faces.validation[own].mean() < 0.3
    assert 0 < faces.validation[~own].mean() < 0.3
    assert faces.shown[:, MOVEMENTS.index("frown")].max() > 0.6


def test_an_output_is_trained_for_a_network(labelled, emotion, run, tmp_path):
    """The file belongs to the network whose hash its facts name; the validation faces are not learned from."""
    out = tmp_path / "moves.keras"
    ran = run("movements", "train", emotion, "--labels", labelled, "--epochs", 1, "--out", out)
    assert ran.code == 0, ran.err
    facts = json.loads((tmp_path / "moves-facts.json").read_text())
    assert facts["emotion_network"] == digest(emotion)
    assert facts["faces"] == (~read_moving_faces(labelled).validation).sum()
    assert load(out).output.shape == (None, len(MOVEMENTS))


def test_what_is_learned_is_seen(emotion, run, tmp_path):
    """After some epochs the logit of a movement follows what distinguishes the faces that show it."""
    rng, count = np.random.default_rng(2), 240
    crops = rng.integers(90, 120, (count, 48, 48)).astype(np.uint8)
    shown = np.zeros((count, len(MOVEMENTS)), np.float32)
    shown[: count // 2, 0] = 1
    crops[: count // 2, 28:] += 60
    faces = MovingFaces(crops, shown, np.arange(count) % 4 == 0, np.zeros(count, np.uint8))
    write_moving_faces(tmp_path / "bright.npz", faces)
    options = ("--epochs", 12, "--batch", 16, "--out", tmp_path / "moves.keras")
    assert run("movements", "train", emotion, "--labels", tmp_path / "bright.npz", *options).code == 0
    from quantize.training.added_output import features_of

    logits = load(tmp_path / "moves.keras").predict(features_of(load(emotion), crops, 0).astype(np.float32), verbose=0)
    assert ((logits[:, 0] > 0) == (shown[:, 0] > 0)).mean() > 0.9
    assert (logits[:, 1:] < 0).mean() > 0.9


def test_labels_need_the_votes(emotion, mesh_file, table, run, tmp_path):
    """Without FER+'s votes nothing says which measures change with an expression."""
    options = ("--data", table, "--faces", tmp_path, "--mesh", mesh_file, "--out", tmp_path / "made.npz")
    ran = run("movements", "label", emotion, *options)
    assert ran.code == 1
    assert "--ferplus is needed" in ran.complaint()
    assert not (tmp_path / "made.npz").exists()
