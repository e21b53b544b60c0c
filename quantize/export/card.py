"""Writes a model's card, for programs and for people; `assistant/emotion/model_card.py` reads it.

The source of the idea is M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.emotion.model_card import SCHEMA_VERSION, parse_card
from assistant.emotion.movements import MOVEMENTS
from assistant.emotion.preprocess import NORMALISATION
from assistant.errors import DataError
from assistant.files import replaced_atomically
from assistant.networks.cards import card_path
from quantize.networks.face_output import FACE_OUTPUT
from quantize.networks.keras_files import heads_of
from quantize.networks.movement_output import MOVEMENT_OUTPUT
from quantize.networks.tflite_files import output_details

DATA_LICENCE = (
    "FER-2013 (I. Goodfellow et al., 'Challenges in Representation Learning', 2013) is for research use; "
    "so are weights that come from it."
)
IMAGENET_LICENCE = " The training started from weights trained on ImageNet, whose pictures are for research use too."
FACE_LICENCE = (
    " What it knows of faces comes from FairFace (K. Karkkainen and J. Joo, WACV 2021), CC BY 4.0, and from scenes of "
    "COCO (T.-Y. Lin et al., 2014) and ImageNet (J. Deng et al., 2009), whose pictures are for research use."
)
INTENDED_USE = (
    "To say to a visually impaired person which emotion a face in front of a worn camera seems to show. "
    "It is not made to find out what people feel, and not for use at work or at school. "
    "Three rules of the EU's AI Act concern it (as reported in 2026, no legal advice). "
    "Inferring emotions at work or at school is prohibited except for medical and safety reasons (Article 5(1)(f)). "
    "Since 2 August 2026, whoever uses the model tells the people whose faces it classifies (50(3)); a person's "
    "private use is exempt (2(10)). "
    "From 2 December 2027, the duties for high-risk systems apply to emotion recognition (Annex III, 1(c))."
)
KNOWN_LIMITS = [
    "What a face shows is not what the person feels; people who label FER-2013's pictures agree only in part.",
    "FER-2013's pictures come from a web search by words for emotions. It is not known which people they show, and how "
    "often, so it is not known how well the model works for people of each age, sex and skin colour.",
    "The model is trained on frontal faces, cropped as OpenCV's frontal Haar cascade finds them, at 48x48 gray pixels.",
]


def build_card(out: Path, content: bytes, model: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the card, without measures, of a TFLite file converted from a Keras model with these facts of training.

    `out` is where the file will be written; its name is in the card.
    """
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content)
    source, outputs = interpreter.get_input_details()[0], output_details(interpreter)
    return {
        "schema": SCHEMA_VERSION,
        "name": out.stem,
        "sha256": hashlib.sha256(content).hexdigest(),
        "input": {"size_px": int(source["shape"][1]), "normalisation": NORMALISATION, **_quantization(source)},
        "outputs": [
            {
                "name": head.name,
                "role": str(head.role),
                "labels": list(head.labels),
                **_quantization(outputs[head.name]),
            }
            for head in heads_of(model)
        ],
        **_further(outputs),
        "architecture": {"name": facts["recipe"]["architecture"], "parameters": int(model.count_params())},
        "training_data": _training_data(facts),
        "data_licence": _licence(facts, FACE_OUTPUT in outputs),
        "intended_use": INTENDED_USE,
        "known_limits": KNOWN_LIMITS,
        "recipe": facts["recipe"],
        **{key: facts[key] for key in ("limit", "validation_sha256") if key in facts},
        "measures": {},
    }


def _further(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the card's entries for the outputs beside those for emotions, where the file has them."""
    further: dict[str, Any] = {}
    if FACE_OUTPUT in outputs:
        further["face_output"] = {"name": FACE_OUTPUT, **_quantization(outputs[FACE_OUTPUT])}
    if MOVEMENT_OUTPUT in outputs:
        stored = _quantization(outputs[MOVEMENT_OUTPUT])
        further["movements"] = {"name": MOVEMENT_OUTPUT, "labels": list(MOVEMENTS), **stored}
    return further


def write_model(out: Path, content: bytes, card: dict[str, Any]) -> None:
    """Write the TFLite file and its card beside it.

    If only one of them is replaced, the hash in the card does not fit, and the headset refuses the pair.
    """
    parse_card(card)
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as model, replaced_atomically(card_path(out)) as beside:
        model.write_bytes(content)
        beside.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def card_as_markdown(card: dict[str, Any]) -> str:
    """Return the card as Markdown, for people; an entry that is missing or damaged raises DataError."""
    from jinja2 import Environment, PackageLoader, TemplateError

    environment = Environment(loader=PackageLoader("quantize"), trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - Markdown
    try:
        return str(environment.get_template("card.md").render(card=card))
    except (TemplateError, TypeError, ValueError, AttributeError) as error:
        raise DataError("the card's entries for people are damaged; make it again with `quantize convert`") from error


def _training_data(facts: dict[str, Any]) -> str:
    weights = _first_weights(facts)
    started = "" if weights == "none" else f"; the training started from weights from ImageNet ({weights})"
    return f"FER-2013, {facts['training_pictures']} pictures of Training, {_truth(facts['recipe'])}{started}"


def _truth(recipe: dict[str, Any]) -> str:
    share = recipe.get("crowd_weight", 0.0)
    if recipe.get("heads") == "both":
        return "by FER-2013's labels and by FER+'s votes, with an output for each"
    return f"by FER+'s votes ({share:.0%}) and FER-2013's labels" if share else "by FER-2013's labels"


def _licence(facts: dict[str, Any], has_face_output: bool) -> str:
    started = IMAGENET_LICENCE if _first_weights(facts) != "none" else ""
    has_seen_faces = has_face_output or facts["recipe"].get("learned_faces", False)
    return DATA_LICENCE + started + (FACE_LICENCE if has_seen_faces else "")


def _first_weights(facts: dict[str, Any]) -> str:
    return str(facts["recipe"].get("weights", "none"))


def _quantization(details: dict[str, Any]) -> dict[str, Any]:
    scale, zero_point = details["quantization"]
    return {"scale": float(scale), "zero_point": int(zero_point)}
