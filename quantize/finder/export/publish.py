"""Converts a finder, chooses its thresholds, measures it, and puts the file where the headset looks for it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from assistant.emotion.tflite import TFLiteClassifier
from assistant.networks.shipped import shipped_model
from quantize.finder.data.packing import packed_file
from quantize.finder.export.card import NAME, build_card, card_as_markdown, write_model
from quantize.finder.export.convert import to_int8
from quantize.finder.export.measures import HeadsetDetector, measure
from quantize.finder.export.thresholds import Trial, choose_thresholds
from quantize.finder.export.validation import Validation
from quantize.finder.training.facts import read_facts


def publish(keras_model: Path, data: Path, faces: Path, out: Path, seed: int) -> dict[str, Any]:
    """Write `out`/face-int8.tflite, its card and the card's page; return the card.

    `data` is the folder that `pack` made, `faces` the folder of labelled pictures.
    """
    facts = read_facts(keras_model)
    validation = Validation(faces)
    content = to_int8(keras_model, packed_file(data), seed)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder) / f"{NAME}.tflite", content, facts, TFLiteClassifier(shipped_model()))
        thresholds = choose_thresholds(trial, validation)
        measures = measure(HeadsetDetector(trial.finder(thresholds), trial.classifier), validation, seed)
    card = build_card(content, facts, thresholds, measures)
    write_model(out / f"{NAME}.tflite", content, card, card_as_markdown(card))
    return card
