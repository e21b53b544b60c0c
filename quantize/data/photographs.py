"""Reads labelled photographs other than FER-2013's, and finds their faces as the headset does."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.emotion.observation import EmotionClassifier
from assistant.emotion.single_face import classify_face, cropped
from assistant.errors import CameraError, DataError, shown
from assistant.face.detector import Detection
from assistant.face.detectors.registry import build_detector
from assistant.face.reject_reason import RejectReason
from assistant.pictures.reading import Gray, read_gray
from quantize.data.samples import SEVEN, Samples
from quantize.data.tables import rows
from quantize.progress import progress_bar

LABELS = "labels.csv"


def read_photographs(folder: Path, classifier: EmotionClassifier, *, half: int | None = None) -> Samples:
    """Return the largest face of each photograph in a folder, found and cropped as the headset does it.

    `labels.csv` in the folder has the columns `picture` (a file name) and `emotion`. `half`, 0 or 1, takes only every
    second photograph, from the first or the second on. The `classifier` decides with the detector what is a face; a
    photograph without one is left out. DataError is raised where the table or a photograph cannot be read.
    """
    table = [
        row for place, row in enumerate(rows(folder / LABELS, ("picture", "emotion"))) if half in (None, place % 2)
    ]
    detector, faces, labels, places = build_detector(), [], [], []
    for place, row in enumerate(progress_bar(table, "finding faces")):
        name, label = (row.cells.get(column, "") for column in ("picture", "emotion"))
        if label not in SEVEN:
            raise DataError(f"{row.location}: {shown(label)} is none of {', '.join(SEVEN)}")
        picture = _read(folder / name, row.location)
        if found := [each for each in detector.detect(picture) if _is_face(picture, each, classifier)]:
            faces.append(cropped(picture, max(found, key=lambda each: each.box.area)))
            labels.append(SEVEN.index(label))
            places.append(place)
    if not faces:
        raise DataError(f"{folder}: no photograph of {LABELS} shows a face")
    return Samples(np.stack(faces), np.array(labels, np.uint8), np.array(places, np.int64))


def _is_face(picture: Gray, detection: Detection, classifier: EmotionClassifier) -> bool:
    return classify_face(picture, detection, classifier)[0].reason is not RejectReason.NOT_A_FACE


def _read(picture: Path, location: str) -> Gray:
    try:
        return read_gray(picture)
    except CameraError as error:
        raise DataError(str(error)) from error
    except ValueError as error:  # a name that no file can have
        raise DataError(f"{location}: {shown(picture.name)} is not the name of a file") from error
