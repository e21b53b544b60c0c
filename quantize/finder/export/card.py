"""Describes a finder's file: its card for programs, and a page for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.face.detectors.finder_card import OUTPUTS, SCHEMA_VERSION, parse_finder_card
from assistant.face.detectors.finder_input import FRAME_HEIGHT_PX, FRAME_WIDTH_PX, NORMALISATION
from assistant.files import replaced_atomically
from assistant.networks.cards import card_path

INPUT_NAME = "picture"
NAME = "face-int8"

INTENDED_USE = (
    "Finding the faces of people before a worn camera, for a visually impaired person: where they are and how they "
    "are turned. It does not distinguish between people."
)
DATA_LICENCE = (
    "Faces: FairFace (K. Karkkainen and J. Joo, WACV 2021), CC BY 4.0. Scenes: COCO (T.-Y. Lin et al., 2014) and "
    "ImageNet (J. Deng et al., 2009), whose pictures are for research use. Boxes and points were drawn by YuNet "
    "(W. Wu et al., 2023)."
)


def build_card(
    content: bytes, facts: dict[str, Any], thresholds: dict[str, float], measures: dict[str, Any]
) -> dict[str, Any]:
    """Return the card of a TFLite file whose network was trained with these facts."""
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


def _quantization(details: dict[str, Any]) -> dict[str, Any]:
    scale, zero_point = details["quantization"]
    return {"scale": float(scale), "zero_point": int(zero_point)}


def write_model(out: Path, content: bytes, card: dict[str, Any], page: Sequence[str]) -> None:
    """Write the TFLite file, its card and its page beside each other; the page is given as lines."""
    parse_finder_card(card)
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        replaced_atomically(out) as model,
        replaced_atomically(card_path(out)) as beside,
        replaced_atomically(out.with_suffix(".md")) as readable,
    ):
        model.write_bytes(content)
        beside.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
        readable.write_text("\n".join(page) + "\n", encoding="utf-8")


def card_as_markdown(card: dict[str, Any]) -> list[str]:
    """Return the card as lines of Markdown, for people."""
    measures = card["measures"]
    found = [_line(name, entry) for name, entry in measures.get("found", {}).items()]
    false_faces = [_line(name, entry) for name, entry in measures.get("false_face", {}).items()]
    errors = [f"- {name}: {value}" for name, value in measures.get("median_errors", {}).items()]
    return [
        *_description(card),
        "Found in frames of 640x480 with surroundings, of faces that training never saw, with 95% intervals:",
        "",
        "| faces | n | found | interval |",
        "| --- | --- | --- | --- |",
        *found,
        "",
        "False faces in pictures without people:",
        "",
        "| pictures | n | with a false face | interval |",
        "| --- | --- | --- | --- |",
        *false_faces,
        "",
        "Median errors, of upright faces and of faces that lean by 25 degrees (angles compared with YuNet's points):",
        "",
        *errors,
    ]


def _description(card: dict[str, Any]) -> list[str]:
    alone, near = (card["thresholds"][name] for name in ("alone", "near"))
    frames = sum(training["frames"] for training in card["recipe"])
    return [
        f"# {card['name']}",
        "",
        card["intended_use"],
        "",
        card["data_licence"],
        "",
        f"{card['architecture']['parameters']:,} parameters, trained on {frames:,} composed frames.",
        f"The finder alone counts a detection as a face from a score of {alone}; near a known face, from {near}.",
        "The emotion network, where it runs beside the finder, raises or lowers this limit by its own evidence.",
        "",
    ]


def _line(name: str, entry: dict[str, Any]) -> str:
    return f"| {name} | {entry['n']} | {entry['share']:.1%} | {entry['low']:.1%} to {entry['high']:.1%} |"


def summary(card: dict[str, Any]) -> str:
    """Return one line about a published finder."""
    found, empty = card["measures"]["found"]["all"], card["measures"]["false_face"]["scenes"]
    detected = f"found {found['share']:.1%} of {found['n']} faces"
    wrong = f"a false face in {empty['share']:.1%} of {empty['n']} scenes"
    return f"{detected}, {wrong}; thresholds: {card['thresholds']}"
