"""Data sets as folders: `train/<label>/*` and `test/<label>/*`, pictures of any size, colour or gray."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from assistant.adapters.replay import PICTURE_SUFFIXES, read_gray
from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import CameraError, DataError
from assistant.preprocess import resize_face
from quantize.datasets import PICTURE_SIZE_PX, Entry, Gray

USAGES = {"train": "Training", "test": "PublicTest"}
SPELLINGS: dict[Emotion, tuple[str, ...]] = {
    Emotion.ANGRY: ("angry", "anger"),
    Emotion.DISGUST: ("disgust", "disgusted"),
    Emotion.FEAR: ("fear", "fearful", "afraid"),
    Emotion.HAPPY: ("happy", "happiness", "joy"),
    Emotion.SAD: ("sad", "sadness"),
    Emotion.SURPRISE: ("surprise", "surprised"),
    Emotion.NEUTRAL: ("neutral",),
}
"""Names of folders that are met, in any case."""

LABELS = {word: EMOTIONS.index(emotion) for emotion, words in SPELLINGS.items() for word in words}


def entries(path: Path) -> Iterator[Entry]:
    """Every picture, by the names of folders and files; DataError when there are no such folders."""
    usages = {name: path / name for name in USAGES if (path / name).is_dir()}
    if not usages:
        raise DataError(f"{path}: has neither a folder 'train' nor a folder 'test'")
    row = 0
    for name, folder in usages.items():
        for label_folder in sorted(each for each in folder.iterdir() if each.is_dir()):
            for picture in sorted(label_folder.iterdir()):
                yield Entry(USAGES[name], str(picture), row, partial(_load, picture, label_folder.name))
                row += 1


def _load(picture: Path, label: str) -> tuple[int, Gray]:
    if label.lower() not in LABELS:
        raise DataError(f"{picture}: the folder {label!r} is no emotion; known are {', '.join(sorted(LABELS))}")
    if picture.suffix.lower() not in PICTURE_SUFFIXES:
        raise DataError(f"{picture}: is no picture by its name")
    try:
        gray = read_gray(picture)
    except CameraError as error:
        raise DataError(str(error)) from error
    return LABELS[label.lower()], resize_face(gray, PICTURE_SIZE_PX)
