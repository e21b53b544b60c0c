"""The finder's file and its card."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.face.detectors.finder_card import OUTPUTS, read_finder_card
from assistant.face.detectors.finder_file import FileNetwork, load_finder
from assistant.face.detectors.finder_input import NORMALISATION
from assistant.face.detectors.finder_output import LEVELS
from assistant.networks.cards import card_path
from assistant.networks.interpreter import Quantization
from assistant.networks.shipped import shipped_finder
from tests.builders.clips import astronaut_gray
from tests.builders.faces import FACE, frame_with, region, sure
from tests.builders.network_files import copied, edit, no_network

pytestmark = pytest.mark.runtime


@pytest.fixture(scope="module")
def finder():
    """Return the shipped finder."""
    return load_finder(shipped_finder())


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the shipped network and its card, which a test may damage."""
    return copied(shipped_finder(), tmp_path)


def test_the_shipped_card_names_the_shipped_file():
    """The card has the hash, the preparation and the thresholds, and the file is small enough."""
    card = read_finder_card(card_path(shipped_finder()))
    assert card.sha256 == hashlib.sha256(shipped_finder().read_bytes()).hexdigest()
    assert card.normalisation == NORMALISATION
    assert card.thresholds.near < card.thresholds.alone
    assert shipped_finder().stat().st_size <= 300 * 1024


class MadeUpInterpreter:
    """An interpreter that answers the same to every picture: at each level zeros, except in one cell."""

    def __init__(self, size, cells):
        self.size, self.cells, self.shown = size, cells, None
        self.names = dict(enumerate(OUTPUTS))

    def get_input_details(self):
        """Return an input from -1 to 1 in steps of 1/128."""
        return [{"index": 0, "quantization": (1 / 128, 0), "dtype": np.int8}]

    def get_signature_runner(self):
        """Return this interpreter."""
        return self

    def get_output_details(self):
        """Return logits in steps of a quarter and numbers in steps of a sixteenth, both from 8 on."""
        return {name: self._details(index, name) for index, name in self.names.items()}

    def _details(self, index, name):
        scale = 0.25 if name.startswith("score") else 0.0625
        return {"index": index, "shape": self._shape(name), "quantization": (scale, 8), "dtype": np.int8}

    def _shape(self, name):
        kind, level = name.split("_")
        return (1, self.size[0] // int(level), self.size[1] // int(level), 1 if kind == "score" else 14)

    def set_tensor(self, index, picture):
        """Keep the picture."""
        self.shown = picture

    def invoke(self):
        """Do nothing."""

    def get_tensor(self, index):
        """Return the lowest value everywhere, except in the cell of this level."""
        name = self.names[index]
        answer = np.full(self._shape(name), -128, np.int8)
        if name in self.cells:
            (row, column), stored = self.cells[name]
            answer[0, row, column] = stored
        return answer


def test_what_the_file_answers_becomes_pixels():
    """The cell in row 2, column 3 of the middle level has its centre at (56, 40)."""
    stored = [8 + 8, 8 - 4, 8, 8 + 16, *[8 + 4, 8 - 16] * 5]
    cells = {"score_16": ((2, 3), 8 + 12), "shape_16": ((2, 3), stored)}
    interpreter = MadeUpInterpreter((96, 128), cells)
    quantizations = {
        name: Quantization(*each["quantization"]) for name, each in interpreter.get_output_details().items()
    }
    card = replace(
        read_finder_card(card_path(shipped_finder())),
        input_quantization=Quantization(1 / 128, 0),
        outputs=quantizations,
    )
    network = FileNetwork(shipped_finder(), card, interpreter, (96, 128))
    picture = np.arange(96 * 128).reshape(96, 128).astype(np.uint8)
    (found,) = network.candidates(picture, 2.9)
    assert found == pytest.approx([3.0, 64, 36, 64, 64 * np.e, *[60, 24] * 5])
    assert np.array_equal(interpreter.shown[0, ..., 0], picture.astype(int) - 128)
    assert network.candidates(picture, 3.1).shape == (0, 15)


def test_points_lie_on_the_face(finder):
    """The points lie as in an upright face that looks ahead, all of them on the face."""
    (found,) = sure(finder.detect(astronaut_gray()))
    right_eye, left_eye, nose, mouth_right, mouth_left = found.points
    assert right_eye[0] < nose[0] < left_eye[0]
    assert mouth_right[0] < mouth_left[0]
    assert max(right_eye[1], left_eye[1]) < nose[1] < min(mouth_right[1], mouth_left[1])
    assert all(FACE.x < x < FACE.x + FACE.width and FACE.y < y < FACE.y + FACE.height for x, y in found.points)
    assert abs(found.roll_deg) < 15
    assert abs(found.pose.yaw_deg) < 25


@pytest.mark.parametrize("roll_deg", [-20, 20])
def test_a_head_that_leans_is_found(finder, roll_deg):
    """A leaning head is found at about the place of the upright one."""
    (upright,) = sure(finder.detect(frame_with((320, 240))))
    (leaning,) = sure(finder.detect(frame_with((320, 240), roll_deg=roll_deg)))
    assert leaning.box.overlap(upright.box) > 0.6


@pytest.mark.parametrize("light", [0.15, 0.4])
def test_a_face_in_the_dark_is_found(finder, light):
    """A dark face with the noise of a sensor is found."""
    noise = np.random.default_rng(2).normal(0, 1, (480, 640))
    dark = np.clip(light * frame_with((320, 240)) + noise, 0, 255).astype(np.uint8)
    assert len(sure(finder.detect(dark))) == 1


def test_a_face_that_fills_the_frame_is_found(finder):
    """A face without anything around it is found."""
    face = astronaut_gray()[70:158, 181:269]
    (found,) = sure(finder.detect(np.asarray(cv2.resize(face, (640, 640)), np.uint8)))
    assert found.box.width > 400


def test_both_looks_agree(finder):
    """A scan of the whole frame and a scan from near give the same square and the same points."""
    frame = frame_with((300, 200))
    (whole,) = sure(finder.detect(frame))
    (near,) = finder.detect(frame, region(whole.box))
    assert near.box.overlap(whole.box) > 0.7
    assert np.abs(np.subtract(near.points, whole.points)).max() < 0.1 * whole.box.width


def _cut(model):
    model.write_bytes(model.read_bytes()[:20000])


def _changed(entry, **values):
    def change(model):
        card = json.loads(card_path(model).read_text())
        edit(model, **{entry: card[entry] | values})

    return change


def _one_output_less(model):
    edit(model, outputs=json.loads(card_path(model).read_text())["outputs"][1:])


def _other_scale(model):
    first, *others = json.loads(card_path(model).read_text())["outputs"]
    edit(model, outputs=[first | {"scale": 2 * first["scale"]}, *others])


DAMAGES = [
    (lambda model: model.unlink(), "there is no such model file"),
    (lambda model: card_path(model).unlink(), "card is missing"),
    (lambda model: card_path(model).write_text("{"), "is not valid JSON"),
    (lambda model: edit(model, schema=9), "schema: 9 is not 1"),
    (lambda model: edit(model, sha256=7), "sha256: 7 is not a text"),
    (lambda model: model.write_bytes(b""), "empty file"),
    (_cut, "SHA-256 differs"),
    (no_network, "not a TFLite model that can be run"),
    (_one_output_less, f"outputs: each of score_{LEVELS[0]}"),
    (_other_scale, "not as its card says"),
    (_changed("input", normalisation="pixels / 255"), "trained with other preprocessing (pixels / 255)"),
    (_changed("input", height_px=100), "multiples of 32"),
    (_changed("thresholds", near=1.5), "thresholds: near"),
    (_changed("thresholds", alone=1), "alone: 1 is not a number with a fraction"),
]


@pytest.mark.parametrize(("damage", "complaint"), DAMAGES)
def test_a_damaged_finder_is_refused_in_one_line(copy, damage, complaint):
    """The error names the file and what is wrong with it."""
    damage(copy)
    with pytest.raises(ModelError) as caught:
        load_finder(copy)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value).strip()
    assert str(copy.parent) in str(caught.value)
