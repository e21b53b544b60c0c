"""The answers of the shipped networks, recorded with one interpreter, to compare another one with it.

`python -m tests.builders.network_outputs` records the answers anew, which is needed after a network was exchanged.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from assistant.emotion.joined import Role
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detectors.finder_file import load_finder
from assistant.face.evidence import log_odds
from assistant.networks.shipped import shipped_finder, shipped_model
from tests.builders.clips import astronaut_gray

RECORDED = Path(__file__).parents[1] / "networks" / "recorded.json"
FACES = 20


def sha256s() -> dict[str, str]:
    """Return the hash of each shipped network."""
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (shipped_model(), shipped_finder())}


def emotion_steps() -> list[list[int]]:
    """Return the logits of random pictures, as numbers of the output's quantization steps."""
    classifier, rng = TFLiteClassifier(shipped_model()), np.random.default_rng(4)
    output = classifier.card.by_role(Role.CROWD)
    faces = [rng.integers(0, 256, (48, 48), dtype=np.uint8) for _ in range(FACES)]
    logits = [classifier.logits(face)[output.name] for face in faces]
    return [np.round(each / output.quantization.scale).astype(int).tolist() for each in logits]


def finder_face() -> dict[str, Any]:
    """Return the points, in pixels, and the log-odds of the astronaut's face."""
    found = max(load_finder(shipped_finder()).detect(astronaut_gray()), key=lambda each: each.score)
    points = [[round(float(x), 2), round(float(y), 2)] for x, y in found.points]
    return {"points_px": points, "log_odds": round(float(log_odds(found.score)), 3)}


def main() -> None:
    """Record the answers of the interpreter that is installed."""
    recorded = {"sha256": sha256s(), "emotion_steps": emotion_steps(), "finder_face": finder_face()}
    text = re.sub(r"\n   +| *\n  +(?=])", " ", json.dumps(recorded, indent=1)).replace("[ ", "[").replace(" ]", "]")
    RECORDED.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
