"""The classifier's file and its card."""

import hashlib
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from assistant.camera.drivers.drawn.action_units import ActionUnits
from assistant.camera.drivers.drawn.face import Looks, draw_face
from assistant.emotion.bounds import MAYBE, Bounds, wald_bound
from assistant.emotion.joined import Role
from assistant.emotion.model_card import read_card
from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotion.preprocess import NORMALISATION
from assistant.emotion.tflite import TFLiteClassifier
from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import ModelError
from assistant.networks.cards import card_path
from assistant.networks.interpreter import named_outputs
from assistant.networks.shipped import shipped_model
from tests.builders.clips import astronaut_gray
from tests.builders.faces import FACE
from tests.builders.network_files import copied, edit, no_network

pytestmark = pytest.mark.runtime


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the shipped network and its card, which a test may damage."""
    return copied(shipped_model(), tmp_path)


def test_the_shipped_card_names_the_shipped_file():
    """The card has the hash, the labels, the preparation, the data and the measures of the shipped model."""
    card = read_card(card_path(shipped_model()))
    assert card.sha256 == hashlib.sha256(shipped_model().read_bytes()).hexdigest()
    assert set(map(str, EMOTIONS)) < set(card.by_role(Role.CROWD).labels)
    assert card.joined is not None
    assert card.bounds.plainly_from(Emotion.HAPPY) >= card.bounds.maybe_from(Emotion.HAPPY) >= wald_bound(MAYBE)
    assert card.normalisation == NORMALISATION
    measures = card.facts["measures"]
    assert set(measures["float"]["recall"]) == set(measures["int8"]["recall"]) == set(map(str, EMOTIONS))
    assert measures["float"]["accuracy"] - measures["int8"]["accuracy"] <= 0.005
    assert "research use" in card.facts["data_licence"]


@pytest.mark.parametrize("role", Role)
def test_scores_are_the_softmax_of_the_tempered_logits(role):
    """The scores of the seven emotions come from the logits through the card's temperature."""
    classifier = TFLiteClassifier(shipped_model())
    output = next(each for each in classifier.card.outputs if each.role is role)
    face = np.random.default_rng(3).integers(0, 256, (60, 50), dtype=np.uint8)
    logits = classifier.logits(face)[output.name][[output.labels.index(str(emotion)) for emotion in EMOTIONS]]
    weights = np.exp(logits / output.temperature)
    assert np.allclose(classifier.classify_by(role, face).values, weights / weights.sum(), atol=1e-5)


def test_the_headset_speaks_from_both_outputs():
    """Its scores are the softmax of the joined logits, with weight, shares and temperature of the card."""
    classifier = TFLiteClassifier(shipped_model())
    joined, face = classifier.card.joined, np.random.default_rng(3).integers(0, 256, (60, 50), dtype=np.uint8)
    labels, crowd = (np.log(classifier.classify_by(role, face).values) for role in (Role.LABELS, Role.CROWD))
    balanced = crowd - joined.shares_power * np.log(joined.shares)
    weights = np.exp((joined.labels_weight * labels + (1 - joined.labels_weight) * balanced) / joined.temperature)
    assert np.allclose(classifier.classify(face).scores.values, weights / weights.sum(), atol=1e-4)


def test_a_model_that_was_never_calibrated_says_nothing_plainly(copy):
    """Without the entry `joined`, the scores are those of the crowd's output, and every emotion is put in doubt."""
    card = json.loads(card_path(copy).read_text())
    del card["joined"]
    card_path(copy).write_text(json.dumps(card))
    classifier, face = TFLiteClassifier(copy), np.random.default_rng(3).integers(0, 256, (60, 50), dtype=np.uint8)
    assert classifier.classify(face).scores.values == pytest.approx(classifier.classify_by(Role.CROWD, face).values)
    assert classifier.bounds == Bounds()
    assert classifier.bounds.plainly_from(Emotion.HAPPY) is None


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("temperature",), 0.0, "joined: temperature: a number from 0.001"),
        (("labels_weight",), 2.0, "joined: labels_weight: a number from 0 to 1 is needed, not 2"),
        (("shares_power",), "much", "shares_power: 'much' is not a number"),
        (("shares", "angry"), 0.0, "joined: angry: a number from 1e-06"),
        (("shares",), {}, "angry: is missing"),
        (("thresholds", "plainly"), {}, "joined: plainly: angry: a number with a fraction, of at least 0, or null"),
        (("thresholds", "maybe", "sad"), -1.0, "joined: maybe: sad"),
        (("thresholds", "maybe", "happy"), None, "joined: maybe: happy: at most the threshold of plainly"),
        (("thresholds", "maybe", "sad"), 50.0, "joined: maybe: sad: at most the threshold of plainly"),
        (("thresholds",), {"plainly": {}}, "joined: plainly"),
        (("not_a_face", "threshold"), 7.0, "joined: threshold"),
    ],
)
def test_a_joined_output_that_cannot_be_is_refused(copy, path, value, complaint):
    """The error names the entry."""
    joined = json.loads(card_path(copy).read_text())["joined"]
    *way, last = path
    table = joined
    for key in way:
        table = table[key]
    table[last] = value
    edit(copy, joined=joined)
    with pytest.raises(ModelError, match=re.escape(complaint)):
        read_card(card_path(copy))


@pytest.mark.parametrize(("calibration", "complaint"), [({"temperature": 0.0}, "temperature"), ({}, "temperature")])
def test_a_calibration_that_cannot_be_is_refused(copy, calibration, complaint):
    """The error names the entry."""
    outputs = json.loads(card_path(copy).read_text())["outputs"]
    edit(copy, outputs=[outputs[0] | {"calibration": calibration}])
    with pytest.raises(ModelError, match=complaint):
        read_card(card_path(copy))


def _empty(model):
    model.write_bytes(b"")


def _cut(model):
    model.write_bytes(model.read_bytes()[:20000])


def _swapped_byte(model):
    content = bytearray(model.read_bytes())
    content[5000] ^= 1
    model.write_bytes(content)


def _other_size(model):
    card = json.loads(card_path(model).read_text())
    edit(model, input=card["input"] | {"size_px": 64})


def _more_labels(model):
    output = json.loads(card_path(model).read_text())["outputs"][0]
    edit(model, outputs=[output | {"labels": [*output["labels"], "contempt"]}])


def _fewer_labels(model):
    output = json.loads(card_path(model).read_text())["outputs"][0]
    edit(model, outputs=[output | {"labels": output["labels"][:-1]}])


def _other_scale(model):
    output = json.loads(card_path(model).read_text())["outputs"][0]
    edit(model, outputs=[output | {"scale": 2 * output["scale"]}])


def _other_pictures(model):
    card = json.loads(card_path(model).read_text())
    edit(model, input=card["input"] | {"normalisation": "pixels / 255"})


def _broken_inside(model):
    """Make the first offsets of the file point nowhere, and the card fit the file."""
    content = bytearray(model.read_bytes())
    content[20:24] = bytes(4)
    model.write_bytes(content)
    edit(model, sha256=hashlib.sha256(content).hexdigest())


DAMAGES = [
    (lambda model: model.unlink(), "there is no such model file"),
    (lambda model: card_path(model).unlink(), "card is missing"),
    (lambda model: card_path(model).write_text("{"), "is not valid JSON"),
    (lambda model: edit(model, schema=9), "schema: 9 is not 1"),
    (lambda model: edit(model, sha256=7), "sha256: 7 is not a text"),
    (lambda model: edit(model, outputs=[]), "outputs: at least one is needed"),
    (_empty, "empty file"),
    (_cut, "SHA-256 differs"),
    (_swapped_byte, "SHA-256 differs"),
    (no_network, "not a TFLite model that can be run"),
    (_broken_inside, "damaged: it ends the program that runs it"),
    (_other_size, "its input is [1, 48, 48, 1], but the card says [1, 64, 64, 1]"),
    (_more_labels, "but the card has 8 labels"),
    (_fewer_labels, "labels: each of angry"),
    (_other_scale, "not as its card says"),
    (_other_pictures, "trained with other preprocessing (pixels / 255)"),
]


class Nameless:
    """An interpreter whose file has lost the names of its outputs."""

    def get_signature_runner(self):
        """Fail as the real interpreter does."""
        raise ValueError("None is only allowed when the model has 1 SignatureDef")


def test_outputs_without_names_are_refused_in_one_line():
    """The error names the model."""
    with pytest.raises(ModelError, match=r"lost.tflite: its outputs have no names"):
        named_outputs(Path("lost.tflite"), Nameless())


@pytest.mark.parametrize(("damage", "complaint"), DAMAGES)
def test_a_damaged_model_is_refused_in_one_line(copy, damage, complaint):
    """The error names the file and what is wrong with it."""
    damage(copy)
    with pytest.raises(ModelError) as caught:
        TFLiteClassifier(copy)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value).strip()
    assert str(copy.parent) in str(caught.value)


def test_the_output_for_faces_distinguishes_a_face_from_a_curtain():
    """The astronaut's face has log odds above 0, and a picture of stripes has not."""
    classifier = TFLiteClassifier(shipped_model())
    gray = astronaut_gray()
    face = gray[FACE.y : FACE.y + FACE.height, FACE.x : FACE.x + FACE.width]
    stripes = np.tile(np.where(np.arange(48) % 8 < 4, 60, 190).astype(np.uint8), (48, 1))
    assert classifier.classify(face).face_log_odds > 0
    assert classifier.classify(stripes).face_log_odds < 0


def test_a_model_without_an_output_for_faces_gives_no_log_odds(copy):
    """A card may leave the output out; the emotions stay as they are."""
    card = json.loads(card_path(copy).read_text())
    del card["face_output"]
    card_path(copy).write_text(json.dumps(card))
    picture = np.random.default_rng(1).integers(0, 256, (48, 48)).astype(np.uint8)
    answer = TFLiteClassifier(copy).classify(picture)
    assert answer.face_log_odds is None
    assert answer.scores == TFLiteClassifier(shipped_model()).classify(picture).scores


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"name": "nose", "scale": 0.1, "zero_point": 0}, "has no output 'nose'"),
        ({"name": "crowd", "scale": 0.1, "zero_point": 0}, r"its output 'crowd' is \[1, 10\], not \[1, 1\]"),
        ({"name": "face", "scale": 0.1, "zero_point": 0}, "its face is quantized by"),
        ({"scale": 0.1, "zero_point": 0}, "name"),
    ],
)
def test_a_card_with_another_output_for_faces_is_refused(copy, entry, complaint):
    """The name, the shape and the quantization are compared with the file."""
    edit(copy, face_output=entry)
    with pytest.raises(ModelError, match=complaint):
        TFLiteClassifier(copy)


def drawn_face(**units):
    """A drawn face with these action units, cropped as the headset crops it."""
    gray, _ = draw_face(ActionUnits(**units), Looks())
    return gray[28:228, 28:228]


def test_the_output_for_movements_sees_a_smile():
    """A drawn face that smiles has more evidence for a smile than one at rest."""
    classifier = TFLiteClassifier(shipped_model())
    place = MOVEMENTS.index(Movement.SMILE)
    smiling = classifier.classify(drawn_face(lip_corner_puller=1.0)).movements
    calm = classifier.classify(drawn_face()).movements
    assert smiling is not None
    assert calm is not None
    assert smiling[place] > 0 > calm[place]


def test_a_movement_without_a_threshold_has_no_evidence(copy):
    """It is never said, whatever its logit is; a card without thresholds says nothing."""
    card = json.loads(card_path(copy).read_text())
    face = drawn_face(lip_corner_puller=1.0)
    card["movements"]["thresholds"]["smile"] = None
    card_path(copy).write_text(json.dumps(card))
    assert TFLiteClassifier(copy).classify(face).movements[0] == -math.inf
    assert TFLiteClassifier(copy).movements == MOVEMENTS[1:]
    del card["movements"]["thresholds"]
    card_path(copy).write_text(json.dumps(card))
    assert TFLiteClassifier(copy).classify(face).movements == (-math.inf,) * len(MOVEMENTS)
    assert TFLiteClassifier(copy).movements == ()
    del card["movements"]
    card_path(copy).write_text(json.dumps(card))
    assert TFLiteClassifier(copy).classify(face).movements is None
    assert TFLiteClassifier(copy).movements == ()
    assert TFLiteClassifier(shipped_model()).movements == MOVEMENTS
    assert TFLiteClassifier(copy).movement_logits() is None


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"name": "nose"}, "has no output 'nose'"),
        ({"name": "crowd"}, r"its output 'crowd' is \[1, 10\], not \[1, 4\]"),
        ({"scale": 9.0}, "its movements is quantized by"),
        ({"labels": ["smile"]}, "movements: labels: smile, frown, brows_raised, mouth_open are needed, in this order"),
        ({"thresholds": {"smile": 1}}, "movements: thresholds: smile: a number with a fraction, or null, is needed"),
        ({"thresholds": {}}, "movements: thresholds: smile: a number"),
        ({"thresholds": []}, "thresholds"),
    ],
)
def test_a_card_with_another_output_for_movements_is_refused(copy, entry, complaint):
    """The name, the shape, the quantization, the labels and the thresholds are checked."""
    card = json.loads(card_path(copy).read_text())
    edit(copy, movements=card["movements"] | entry)
    with pytest.raises(ModelError, match=complaint):
        TFLiteClassifier(copy)
