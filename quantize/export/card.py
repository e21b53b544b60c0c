"""Writes a model's card, for programs and for people.

After M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.

`assistant/emotion/model_card.py` reads it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from assistant.emotion.model_card import SCHEMA_VERSION, parse_card
from assistant.emotion.preprocess import NORMALISATION
from assistant.errors import DataError
from assistant.files import replaced_atomically
from assistant.networks.cards import card_path
from quantize.networks.keras_files import heads_of
from quantize.networks.tflite_files import output_details

DATA_LICENCE = (
    "FER-2013 (I. Goodfellow et al., 'Challenges in Representation Learning', 2013) is for research use; "
    "so are weights that come from it."
)
IMAGENET_LICENCE = " Its trunk began with weights trained on ImageNet, whose pictures are for research use too."
INTENDED_USE = (
    "Naming, for a visually impaired person, the emotion that a face in front of a worn camera seems to show. "
    "Not for judging what people feel, nor for use at work or school, where inferring emotions is prohibited in "
    "the EU but for medical and safety reasons (AI Act, article 5(1)(f))."
)
KNOWN_LIMITS = [
    "What a face shows is not what its owner feels; people agree on FER-2013's pictures only in part themselves.",
    "FER-2013's pictures come from a web search by words for emotions: whom they show, and how often, is not known, "
    "so neither is how well the model does for people of each age, sex and skin colour.",
    "It knows frontal faces, cut as OpenCV's frontal Haar cascade cuts them, at 48x48 gray pixels.",
]


def written_card(out: Path, content: bytes, model: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """The card of `content`, converted from a Keras model that training wrote with these facts; no measures yet."""
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
        "architecture": {"name": facts["recipe"]["architecture"], "parameters": int(model.count_params())},
        "training_data": _learned_from(facts),
        "data_licence": DATA_LICENCE + (IMAGENET_LICENCE if _first_weights(facts) != "none" else ""),
        "intended_use": INTENDED_USE,
        "known_limits": KNOWN_LIMITS,
        "recipe": facts["recipe"],
        **{key: facts[key] for key in ("limit", "validation_sha256") if key in facts},
        "measures": {},
    }


def write_model(out: Path, content: bytes, card: dict[str, Any]) -> None:
    """Put both files in place; until both are there the old pair, or none, is refused by its hash."""
    parse_card(card)
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_atomically(out) as model, replaced_atomically(card_path(out)) as beside:
        model.write_bytes(content)
        beside.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def readable(card: dict[str, Any]) -> str:
    """The card as Markdown, for people; DataError when a fact for them is missing or is not as `convert` wrote it."""
    from jinja2 import Environment, PackageLoader, TemplateError

    environment = Environment(loader=PackageLoader("quantize"), trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - Markdown
    try:
        return str(environment.get_template("card.md").render(card=card))
    except (TemplateError, TypeError, ValueError, AttributeError) as error:
        raise DataError("the card's facts for people are damaged; make it again with `quantize convert`") from error


def _learned_from(facts: dict[str, Any]) -> str:
    weights = _first_weights(facts)
    begun = "" if weights == "none" else f"; its trunk began with weights from ImageNet ({weights})"
    return f"FER-2013, {facts['training_pictures']} pictures of Training, {_truth(facts['recipe'])}{begun}"


def _truth(recipe: dict[str, Any]) -> str:
    share = recipe.get("crowd_weight", 0.0)
    if recipe.get("heads") == "both":
        return "by FER-2013's labels and by FER+'s votes, each by an output of its own"
    return f"by FER+'s votes ({share:.0%}) and FER-2013's labels" if share else "by FER-2013's labels"


def _first_weights(facts: dict[str, Any]) -> str:
    return str(facts["recipe"].get("weights", "none"))


def _quantization(details: dict[str, Any]) -> dict[str, Any]:
    scale, zero_point = details["quantization"]
    return {"scale": float(scale), "zero_point": int(zero_point)}
