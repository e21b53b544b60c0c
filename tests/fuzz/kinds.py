"""The kinds of input, and the libraries that a worker loads once for them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable

from tests.fuzz import media, networks, texts, wire
from tests.fuzz.case import Group, Kind

ASSISTANT = (
    "assistant.cli.main",
    "assistant.camera.drivers.recording",
    "assistant.emotion.tflite",
    "assistant.app.build",
    "assistant.cli.doctor.checks",
    "assistant.emotion.classified_pictures",
    "ai_edge_litert.interpreter",
)
LIGHT = Group("light", (*ASSISTANT, "quantize.cli", "quantize.data.stats"), most_mb=1000)
KERAS = Group(
    "keras",
    (
        "quantize.cli",
        "keras",
        "quantize.evaluation.evaluate",
        "quantize.evaluation.compare",
        "quantize.training.train",
        "quantize.networks.keras_files",
    ),
    most_mb=2500,
    exits_early=True,
)
RUNNING = Group("running", ("assistant.cli.main",), most_mb=1000)

KINDS = {
    "pictures": Kind(media.pictures, LIGHT, 30),
    "videos": Kind(media.videos, LIGHT, 14),
    "folders": Kind(media.folders, LIGHT, 6, ("rich", "jinja2")),
    "models": Kind(networks.models, LIGHT, 8),
    "cards": Kind(networks.cards, LIGHT, 8),
    "settings": Kind(texts.settings, LIGHT, 10),
    "phrases": Kind(texts.phrases, LIGHT, 6),
    "scripts": Kind(texts.scripts, LIGHT, 4),
    "tables": Kind(texts.tables, LIGHT, 10, ("rich", "jinja2")),
    "keras": Kind(networks.keras_files, KERAS, 2, ("keras", "tensorflow", "sklearn", "rich")),
    "npz": Kind(networks.score_files, KERAS, 2, ("keras", "tensorflow", "sklearn", "rich")),
    "socket": Kind(wire.socket_talk, RUNNING, 10),
    "page": Kind(wire.page_talk, RUNNING, 10, ("starlette", "uvicorn")),
    "tls": Kind(wire.tls_talk, RUNNING, 5, ("starlette", "uvicorn")),
}


def missing(name: str) -> str:
    """Return the first library that a kind needs and this Python lacks, or an empty text."""
    return next((each for each in KINDS[name].needs if importlib.util.find_spec(each) is None), "")


def shared_out(count: int, names: Iterable[str]) -> dict[str, int]:
    """Divide this number of inputs among the kinds by their weights, with one each at least."""
    weights = {name: KINDS[name].weight for name in names}
    return {name: max(1, round(count * weight / sum(weights.values()))) for name, weight in weights.items()}
