"""Converts a trained finder to a TFLite file that is int8 throughout."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.errors import DataError
from assistant.face.detectors.finder_card import OUTPUTS
from assistant.face.detectors.finder_input import INPUT_SCALE, MIDDLE
from quantize.finder.data.packing import unpack
from quantize.finder.frames.compose import Composer
from quantize.networks.keras_files import load
from quantize.networks.quantization_aware import without_normalisation
from quantize.networks.tflite_files import Form, to_tflite

CALIBRATION_FRAMES = 400


def to_int8(keras_model: Path, packed: Path, seed: int) -> bytes:
    """Return the network as a full int8 TFLite file; frames drawn by `seed` set the ranges of the activations.

    A model that is not a finder raises DataError.
    """
    model = load(keras_model)
    if not isinstance(model.output, dict) or set(model.output) != set(OUTPUTS):
        raise DataError(f"{keras_model}: is not a finder that `quantize finder train` wrote")
    composer = Composer(unpack(packed), np.random.default_rng(seed))
    frames = np.stack([composer.frame()[0] for _ in range(CALIBRATION_FRAMES)]).astype(np.float32)
    inputs = (frames - MIDDLE) * np.float32(INPUT_SCALE)
    return to_tflite(without_normalisation(model), Form.INT8, inputs[..., np.newaxis])
