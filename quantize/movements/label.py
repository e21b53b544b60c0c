"""Labels the faces of FER-2013 and of FairFace with their movements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotion.single_face import cropped
from assistant.emotions import EMOTIONS
from assistant.errors import DataError
from assistant.face.detector import Detection
from assistant.face.detectors.framing import haar_square
from assistant.face.pose import head_pose
from quantize.data.dataset import DataSet
from quantize.data.ferplus import majority
from quantize.data.movements import MovingFaces
from quantize.data.samples import PICTURE_SIZE_PX, Gray, Samples
from quantize.finder.data.faces import VALIDATION_FACES, is_validation, read_faces, read_gray
from quantize.movements.measures import MEASURES, FloatArray, measured
from quantize.movements.mesh import FaceMesh, Points
from quantize.movements.rules import SHOWN_BY, fit_rules, margins
from quantize.networks.outputs import crowd_votes
from quantize.progress import progress_bar
from quantize.training.training_set import validation_of

SOFTNESS = 0.3
"""A face whose margin is this large, in deviations of neutral faces, shows a movement three to one."""

FER_WIDTH = 40.0
"""FER-2013's faces are about this wide in their 48 pixels."""

FER, FAIRFACE = 0, 1
"""The numbers of the two sources."""


def label(data: DataSet, facts: Mapping[str, Any], faces: Path, mesh: FaceMesh) -> MovingFaces:
    """Return the labelled faces of the data's `Training` rows, and of FairFace.

    `facts` are those of the emotion network: its validation part stays apart here too. FER+'s votes are needed;
    DataError is raised without them.
    """
    votes = data.votes()
    if votes is None:
        raise DataError(f"{data.path}: --ferplus is needed: FER+'s votes say which measures change with an expression")
    training, validation = validation_of(data, facts)
    samples = Samples(*(np.concatenate(both) for both in zip(_arrays(training), _arrays(validation), strict=True)))
    apart = np.arange(len(samples)) >= len(training)
    middle = (PICTURE_SIZE_PX / 2, PICTURE_SIZE_PX / 2)
    measures = _measured(samples.pixels, len(samples), lambda picture: mesh.points(picture, middle, FER_WIDTH))
    known = ~np.isnan(measures).any(axis=1)
    learned = known & ~apart
    rules = fit_rules(measures[learned], majority(votes[samples.row[learned]]))
    shown = _with_votes(_shares(margins(rules, measures[known])), crowd_votes(votes[samples.row[known]]))
    own = MovingFaces(samples.pixels[known], shown, apart[known], np.full(len(shown), FER, np.uint8))
    return _joined(own, _others(faces, mesh, lambda of_others: _shares(margins(rules, of_others))))


def _arrays(samples: Samples) -> tuple[Any, ...]:
    return samples.pixels, samples.labels, samples.row


def _shares(by: FloatArray) -> FloatArray:
    """Return how surely faces with these margins show the movements."""
    return np.asarray(1 / (1 + np.exp(-np.clip(by / SOFTNESS, -30, 30))), np.float32)


def _with_votes(shown: FloatArray, votes: FloatArray) -> FloatArray:
    """Return the shares, where a frown is also shown by faces that FER+'s taggers call angry or disgusted.

    Points on lowered brows are rough: a face of anger without a frown is rarer than a frown that the mesh misses.
    """
    place, emotions = MOVEMENTS.index(Movement.FROWN), SHOWN_BY[Movement.FROWN][1]
    called = votes[:, [EMOTIONS.index(emotion) for emotion in emotions]].sum(axis=1) / votes.sum(axis=1)
    shown[:, place] = np.maximum(shown[:, place], called)
    return shown


def _others(folder: Path, mesh: FaceMesh, shares: Callable[[FloatArray], FloatArray]) -> MovingFaces:
    known = [(face, face.shape) for face in read_faces(folder) if face.shape is not None]
    pictures = [read_gray(folder / "fairface" / face.name) for face, _ in known]
    shapes = [shape for _, shape in known]
    crops = [_crop(picture, shape) for picture, shape in zip(pictures, shapes, strict=True)]
    measures = _measured(zip(pictures, shapes, strict=True), len(shapes), lambda pair: _points(pair[0], pair[1], mesh))
    kept = ~np.isnan(measures).any(axis=1) & np.array([crop.size > 0 for crop in crops])
    apart = np.array([is_validation(face.name, VALIDATION_FACES) for face, _ in known])
    chosen = np.stack([crop for crop, keep in zip(crops, kept, strict=True) if keep])
    return MovingFaces(chosen, shares(measures[kept]), apart[kept], np.full(len(chosen), FAIRFACE, np.uint8))


def _crop(picture: Gray, shape: FloatArray) -> Gray:
    """Return a face as the headset crops it."""
    middle, width, height, points = _parts(shape)
    return cropped(picture, Detection(haar_square(middle, width, height, points), pose=head_pose(points)))


def _points(picture: Gray, shape: FloatArray, mesh: FaceMesh) -> Points | None:
    middle, width, height, _ = _parts(shape)
    return mesh.points(picture, middle, max(width, height))


def _parts(shape: FloatArray) -> tuple[tuple[float, float], float, float, FloatArray]:
    """Return the middle of the box of a face with this shape, its width, its height, and the five points."""
    x, y, width, height = (float(each) for each in shape[:4])
    return (x + width / 2, y + height / 2), width, height, shape[4:].reshape(5, 2)


def _measured(faces: Iterable[Any], count: int, points: Callable[[Any], Points | None]) -> FloatArray:
    """Return the measures of each face, float32 [count, 7]; NaN where it could not be measured."""
    measures = np.full((count, len(MEASURES)), np.nan, np.float32)
    for number, face in enumerate(progress_bar(faces, "measuring", count)):
        found = points(face)
        made = None if found is None else measured(found)
        if made is not None:
            measures[number] = made
    return measures


def _joined(one: MovingFaces, other: MovingFaces) -> MovingFaces:
    return MovingFaces(
        np.concatenate([one.crops, other.crops]),
        np.concatenate([one.shown, other.shown]),
        np.concatenate([one.validation, other.validation]),
        np.concatenate([one.source, other.source]),
    )
