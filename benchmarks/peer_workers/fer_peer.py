"""Measures `fer` with its default settings: OpenCV's cascade and the quantised mini-Xception that comes with it."""

from __future__ import annotations

from fer.fer import FER
from worker import Namer, Picture, largest, work


def load() -> Namer:
    """Load fer."""
    detector = FER()

    def name(picture: Picture) -> str | None:
        faces = detector.detect_emotions(picture)
        if not faces:
            return None
        emotions = faces[largest([face["box"] for face in faces])]["emotions"]
        return str(max(emotions, key=emotions.get))

    return name


if __name__ == "__main__":
    work(load)
