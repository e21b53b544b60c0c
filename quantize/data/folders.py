"""Reads data sets in folders, `train/<label>/*`, `test/<label>/*` and so on; pictures have any size, colour or gray."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from assistant.emotion.preprocess import resize_face
from assistant.emotions import EMOTIONS, Emotion
from assistant.errors import CameraError, ConfigError, DataError
from assistant.pictures.folders import is_hidden
from assistant.pictures.reading import PICTURE_SUFFIXES, read_gray
from quantize.data.samples import PICTURE_SIZE_PX, Entry, Gray, listed

PARTS: dict[str, tuple[str, ...]] = {
    "Training": ("train", "training"),
    "PublicTest": ("test", "testing", "publictest"),
    "PrivateTest": ("privatetest",),
    "Validation": ("validation", "valid", "val"),
}
"""The usages, in the order in which their pictures are counted, and the names of their folders, in lower case."""

USAGES = {word: usage for usage, words in PARTS.items() for word in words}
SPELLINGS: dict[Emotion, tuple[str, ...]] = {
    Emotion.ANGRY: ("angry", "anger"),
    Emotion.DISGUST: ("disgust", "disgusted"),
    Emotion.FEAR: ("fear", "fearful", "afraid"),
    Emotion.HAPPY: ("happy", "happiness", "joy"),
    Emotion.SAD: ("sad", "sadness"),
    Emotion.SURPRISE: ("surprise", "surprised"),
    Emotion.NEUTRAL: ("neutral",),
}
"""The names of class folders that are in use, in lower case."""

LABELS = {word: EMOTIONS.index(emotion) for emotion, words in SPELLINGS.items() for word in words}
NO_CLASSES: Mapping[str, Emotion] = {}
MOST_NAMED = 3
"""A warning names at most this many of the files and folders that are left out."""

_log = logging.getLogger(__name__)


def entries(path: Path, skip: Sequence[str] = (), classes: Mapping[str, Emotion] = NO_CLASSES) -> Iterator[Entry]:
    """Yield every picture in the order of folders and names, without the class folders whose names are in `skip`.

    `classes` says which emotion a class folder shows whose name is another one, such as a number. Other files and
    folders are left out, and one warning counts and names them. A folder without a known part raises DataError; a name
    in `skip` or `classes` that no class folder has raises ConfigError.
    """
    labels = LABELS | {name.casefold(): EMOTIONS.index(emotion) for name, emotion in classes.items()}
    parts = {each: USAGES[each.name.casefold()] for each in _visible(path) if _is_part(each)}
    if not parts:
        raise DataError(f"{path}: has neither a folder 'train' nor a folder 'test'; it has {listed(_names(path))}")
    left_out = [each for each in _visible(path) if each not in parts]
    inside = [
        each for part in sorted(parts, key=lambda part: list(PARTS).index(parts[part])) for each in _visible(part)
    ]
    _refuse_unknown(inside, {"--skip": skip, "--classes": tuple(classes)})
    row = 0
    for folder in _classes(inside, skip, left_out):
        for picture in _visible(folder):
            if not _is_picture(picture):
                left_out.append(picture)
                continue
            yield Entry(parts[folder.parent], str(picture), row, partial(_load, picture, folder.name, labels))
            row += 1
    if left_out:
        _log.warning("%s: left out: %s", path, _counted(path, left_out))


def _refuse_unknown(inside: Iterable[Path], options: Mapping[str, Sequence[str]]) -> None:
    """Raise ConfigError where an option names a class folder that is not there."""
    there = {each.name.casefold() for each in inside if each.is_dir()}
    for option, names in options.items():
        for name in names:
            if name.casefold() not in there:
                raise ConfigError(f"{option} {name}: no class folder has this name; there are {listed(there)}")


def _classes(inside: Sequence[Path], skip: Sequence[str], left_out: list[Path]) -> list[Path]:
    """Return the class folders among these; add all other files and folders, and those to skip, to `left_out`."""
    skipped = {name.casefold() for name in skip}
    kept = [each for each in inside if each.is_dir() and each.name.casefold() not in skipped]
    taken = set(kept)
    left_out += [each for each in inside if each not in taken]
    return kept


def _visible(folder: Path) -> list[Path]:
    """Return the files and folders in a folder, by name, without those that are hidden or belong to the system."""
    return sorted(each for each in folder.iterdir() if not is_hidden(each.name))


def _names(folder: Path) -> list[str]:
    return [each.name for each in _visible(folder)]


def _is_part(path: Path) -> bool:
    return path.name.casefold() in USAGES and path.is_dir()


def _is_picture(path: Path) -> bool:
    return path.suffix.casefold() in PICTURE_SUFFIXES and path.is_file()


def _counted(path: Path, left_out: Iterable[Path]) -> str:
    names = [str(each.relative_to(path)) + ("/" if each.is_dir() else "") for each in left_out]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    first = ", ".join(names[:MOST_NAMED])
    return f"{len(names)} files and folders that are not pictures in a class folder of a part: {first}{more}"


def _load(picture: Path, label: str, labels: Mapping[str, int]) -> tuple[int, Gray]:
    if label.casefold() not in labels:
        raise DataError(
            f"{picture}: the folder {label!r} is not an emotion; known are {', '.join(sorted(LABELS))}; "
            f"`--skip {label}` leaves it out, and `--classes {label}=EMOTION` says what it shows"
        )
    try:
        gray = read_gray(picture)
    except CameraError as error:
        raise DataError(str(error)) from error
    return labels[label.casefold()], resize_face(gray, PICTURE_SIZE_PX)
