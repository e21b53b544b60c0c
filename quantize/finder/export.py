"""From a trained finder to the headset's file: full int8, with its card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import DataError
from assistant.face.detectors.finder_card import OUTPUTS, SCHEMA_VERSION, parse_finder_card
from assistant.face.detectors.finder_input import FRAME_HEIGHT_PX, FRAME_WIDTH_PX, INPUT_SCALE, MIDDLE, NORMALISATION
from assistant.files import replaced_atomically
from assistant.networks.cards import card_path
from quantize.finder.compose import Composer
from quantize.finder.faces import unpack
from quantize.networks.tflite_files import Form, to_tflite

CALIBRATION_FRAMES = 400
INPUT_NAME = "picture"
NAME = "face-int8"

INTENDED_USE = (
    "Finding the faces of people before a worn camera, for a visually impaired person: where they are and how they "
    "are turned. It tells nobody from anybody else."
)
DATA_LICENCE = (
    "Faces: FairFace (K. Karkkainen and J. Joo, WACV 2021), CC BY 4.0. Scenes: COCO (T.-Y. Lin et al., 2014) and "
    "ImageNet (J. Deng et al., 2009), whose pictures are for research use. Boxes and points were drawn by YuNet "
    "(W. Wu et al., 2023)."
)


def to_int8(keras_model: Path, packed: Path, seed: int) -> bytes:
    """The network as a full int8 TFLite file; frames drawn by seed set the ranges. DataError when it is no finder."""
    from quantize.networks.keras_files import load
    from quantize.networks.quantization_aware import without_normalisation

    model = load(keras_model)
    if not isinstance(model.output, dict) or set(model.output) != set(OUTPUTS):
        raise DataError(f"{keras_model}: is no finder that `quantize finder train` wrote")
    composer = Composer(unpack(packed), np.random.default_rng(seed))
    frames = np.stack([composer.frame()[0] for _ in range(CALIBRATION_FRAMES)]).astype(np.float32)
    inputs = (frames - MIDDLE) * np.float32(INPUT_SCALE)
    return to_tflite(without_normalisation(model), Form.INT8, inputs[..., np.newaxis])


def card(
    content: bytes, facts: dict[str, Any], thresholds: dict[str, float], measures: dict[str, Any]
) -> dict[str, Any]:
    """The card of a file that was made from a network that training wrote with these facts."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    source, outputs = interpreter.get_input_details()[0], interpreter.get_signature_runner().get_output_details()
    return {
        "schema": SCHEMA_VERSION,
        "name": NAME,
        "sha256": hashlib.sha256(content).hexdigest(),
        "input": {
            "name": INPUT_NAME,
            "height_px": FRAME_HEIGHT_PX,
            "width_px": FRAME_WIDTH_PX,
            "normalisation": NORMALISATION,
            **_quantization(source),
        },
        "outputs": [{"name": name, **_quantization(outputs[name])} for name in OUTPUTS],
        "thresholds": thresholds,
        "architecture": facts["architecture"],
        "training_data": facts["training_data"],
        "data_licence": DATA_LICENCE,
        "intended_use": INTENDED_USE,
        "recipe": facts["trainings"],
        "measures": measures,
    }


def write(out: Path, content: bytes, described: dict[str, Any], page: Sequence[str]) -> None:
    """Put the file, its card and the card's page for people in place."""
    parse_finder_card(described)
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        replaced_atomically(out) as model,
        replaced_atomically(card_path(out)) as beside,
        replaced_atomically(out.with_suffix(".md")) as readable,
    ):
        model.write_bytes(content)
        beside.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
        readable.write_text("\n".join(page) + "\n", encoding="utf-8")


def _quantization(details: dict[str, Any]) -> dict[str, Any]:
    scale, zero_point = details["quantization"]
    return {"scale": float(scale), "zero_point": int(zero_point)}
