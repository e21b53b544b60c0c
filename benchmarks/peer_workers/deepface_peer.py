"""Measures DeepFace's emotions with its default settings: OpenCV's cascades and its own network.

DeepFace downloads the network's weights when it first needs them. Where it cannot, its search for faces is measured
alone. The file can also be put by hand into the folder `.deepface/weights` of its environment.
"""

from __future__ import annotations

import os
from pathlib import Path

from deepface import DeepFace
from deepface.modules import detection
from deepface.modules.exceptions import FaceNotDetected
from worker import Namer, Picture, SearchAlone, largest, work

WEIGHTS = Path(os.environ["DEEPFACE_HOME"]) / ".deepface" / "weights" / "facial_expression_model_weights.onnx"


def load() -> Namer:
    """Load DeepFace; raise SearchAlone where its weights can be neither found nor downloaded."""
    try:
        DeepFace.build_model("Emotion", task="facial_attribute")
    except ValueError as error:
        if WEIGHTS.exists():
            raise
        raise SearchAlone(_searched, f"{WEIGHTS.name} cannot be downloaded") from error

    def name(picture: Picture) -> str | None:
        try:
            faces = DeepFace.analyze(picture, actions=["emotion"], silent=True)
        except FaceNotDetected:
            return None
        boxes = [[face["region"][side] for side in "xywh"] for face in faces]
        return str(faces[largest(boxes)]["dominant_emotion"])

    return name


def _searched(picture: Picture) -> str | None:
    """Search for faces as `DeepFace.analyze` does; return an empty name where there is one."""
    try:
        detection.extract_faces(picture, detector_backend="opencv", grayscale=False)
    except FaceNotDetected:
        return None
    return ""


if __name__ == "__main__":
    work(load)
