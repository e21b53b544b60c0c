"""Writes a small data set in the form of fer2013.csv, with faces that are drawn by code."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np

from assistant.camera.drivers.drawn.action_units import PROTOTYPES
from assistant.camera.drivers.drawn.face import Looks, draw_face
from assistant.emotions import EMOTIONS
from quantize.data.ferplus import VOTE_COLUMNS


def write_fer2013(path: Path, per_emotion: int = 14) -> Path:
    """Write pictures of every emotion; of every seven pictures one is PublicTest, the others are Training."""
    rng = np.random.default_rng(11)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("emotion", "pixels", "Usage"))
        for number in range(per_emotion):
            for label, emotion in enumerate(EMOTIONS):
                gray, _ = draw_face(PROTOTYPES[emotion], Looks(skin=float(rng.uniform(120, 200))))
                small = cv2.resize(gray[28:228, 28:228], (48, 48), interpolation=cv2.INTER_AREA)
                pixels = np.clip(small + rng.normal(0, 6, small.shape), 0, 255).astype(int)
                usage = "PublicTest" if number % 7 == 6 else "Training"
                writer.writerow((label, " ".join(map(str, pixels.ravel())), usage))
    return path


def write_votes(path: Path, table: Path) -> Path:
    """Write FER+ votes on the rows of a table of `write_fer2013`; they agree with its labels, the last row is a tie."""
    with table.open(newline="", encoding="utf-8") as file:
        usages = [record["Usage"] for record in csv.DictReader(file)]
    column = {"angry": 4, "disgust": 5, "fear": 6, "happy": 1, "sad": 3, "surprise": 2, "neutral": 0}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("Usage", "Image name", *VOTE_COLUMNS))
        for row, usage in enumerate(usages):
            votes = [0] * len(VOTE_COLUMNS)
            votes[column[str(EMOTIONS[row % len(EMOTIONS)])]] = 5
            votes[8] = 5 if row == len(usages) - 1 else 2
            writer.writerow((usage, f"fer{row:07d}.png", *votes))
    return path
