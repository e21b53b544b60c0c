"""Distils large networks, the teachers, into a smaller one: their scores become a part of its targets.

G. Hinton et al., "Distilling the Knowledge in a Neural Network", arXiv:1503.02531, 2015. Live teachers classify each
picture just as the smaller network is shown it: L. Beyer et al., "Knowledge distillation: A good teacher is patient and
consistent", CVPR 2022.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import FloatArray
from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.data.arrays import read_arrays
from quantize.data.ferplus import Votes
from quantize.data.samples import Gray, Samples
from quantize.data.split import split_validation
from quantize.networks.keras_files import heads_of, load, logits, named
from quantize.networks.outputs import LABELS_HEAD, Head, Targets, softmax
from quantize.training.votes_to_labels import labels_from_votes, pooled

LARGEST_BYTES = 1 << 28
"""The largest file of scores, packed and unpacked; the scores of FER-2013 take three megabytes."""

Scores = Mapping[str, FloatArray]
"""Probabilities float32 [N, labels], by the head's name."""


@dataclass(frozen=True, slots=True, eq=False)
class LiveTeachers:
    """Networks that classify every picture of a training as it is shown."""

    models: tuple[Any, ...]
    share: float
    """The share of their scores in the targets."""

    @classmethod
    def read(cls, paths: Sequence[Path], heads: Sequence[Head], share: float) -> LiveTeachers:
        """Read these .keras files; a network that lacks one of the outputs raises DataError."""
        models = tuple(load(path) for path in paths)
        for path, model in zip(paths, models, strict=True):
            missing = [head.name for head in heads if head not in heads_of(model)]
            if missing:
                raise DataError(f"{path}: has no output {missing[0]!r}, and cannot be a teacher for it")
        return cls(models, share)

    def distil(self, targets: Mapping[str, FloatArray], inputs: FloatArray, faces: FloatArray) -> dict[str, FloatArray]:
        """Mix the mean of the teachers' scores for inputs float32 [N, 48, 48, 1] into targets float32 [N, labels].

        `faces`, float32 [N], is the share of each picture that is a face; the teachers' share falls with it.
        """
        outputs = [named(model.predict_on_batch(inputs)) for model in self.models]
        if not all(np.isfinite(logits).all() for by_name in outputs for logits in by_name.values()):
            raise DataError("--live-teachers: an output is not a finite number: one of the files is damaged")
        share = self.share * faces[:, np.newaxis]
        scores = {
            name: np.asarray(np.mean([softmax(by_name[name]) for by_name in outputs], axis=0), dtype=np.float32)
            for name in targets
            if name in outputs[0]
        }
        taught = {name: targets[name] for name in scores}
        return {**targets, **_mixed(taught, scores, share)}


def mean_scores(models: Sequence[Path], pictures: Gray) -> Scores:
    """Return the mean of the scores of these .keras models for each picture, uint8 [N, 48, 48], and its mirror image.

    Models with different outputs raise DataError.
    """
    scores: dict[str, list[FloatArray]] = {}
    for path in models:
        model = load(path)
        for pixels in (pictures, pictures[..., ::-1]):
            for name, values in logits(path, model, pixels).items():
                scores.setdefault(name, []).append(softmax(values))
    incomplete = [name for name, each in scores.items() if len(each) < 2 * len(models)]
    if incomplete:
        raise DataError(f"the models do not all have the output {incomplete[0]!r}")
    return {name: np.mean(each, axis=0, dtype=np.float32) for name, each in scores.items()}


def pooled_with_votes(scores: Scores, samples: Samples, votes: Votes, seed: int) -> Scores:
    """Return the scores, those of the labels pooled with the labels that FER+'s votes on every row predict.

    The prediction is learned from the training part that this seed cuts, not from the validation part.
    """
    known, _ = split_validation(samples, seed)
    by_votes = labels_from_votes(votes[samples.row], votes[known.row], known.labels)
    return {**scores, LABELS_HEAD.name: pooled(scores[LABELS_HEAD.name], by_votes)}


def write_scores(path: Path, samples: Samples, scores: Scores) -> None:
    """Write the logarithms of the scores in half precision, with the rows that they belong to (.npz)."""
    stored: dict[str, Any] = {
        name: np.log(np.maximum(values, 1e-6)).astype(np.float16) for name, values in scores.items()
    }
    with replaced_atomically(path) as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(file, row=samples.row.astype(np.int32), **stored)


def read_scores(path: Path, row: npt.NDArray[np.int64]) -> Scores:
    """Read the scores of these rows of the data from a file that `write_scores` wrote.

    Rows that are missing, and scores that are not finite numbers, raise DataError.
    """
    tables = _tables(path)
    place = {int(number): position for position, number in enumerate(tables.pop("row"))}
    missing = [int(number) for number in row if int(number) not in place]
    if missing:
        raise DataError(f"{path}: has no scores for row {missing[0]} of the data and {len(missing) - 1} more")
    chosen = [place[int(number)] for number in row]
    logarithms = {name: table[chosen].astype(np.float32) for name, table in tables.items()}
    for name, values in logarithms.items():
        wrong = np.flatnonzero(~np.isfinite(values).all(axis=1))
        if len(wrong):
            number, more = int(row[wrong[0]]), len(wrong) - 1
            raise DataError(
                f"{path}: its {name!r} scores of row {number} and {more} more are not finite numbers; "
                "make the file again with `quantize score`"
            )
    return {name: softmax(values) for name, values in logarithms.items()}


def _tables(path: Path) -> dict[str, Any]:
    """Return the arrays of a file of scores, one of which is `row`; every other array must have a line for each row."""
    tables = read_arrays(path, LARGEST_BYTES, "a file of scores that `quantize score` writes")
    row = tables.get("row")
    if row is None or row.ndim != 1 or row.dtype.kind not in "iu" or len(tables) < 2:
        raise DataError(f"{path}: is not a file of scores: it does not say of which rows they are")
    for name, table in tables.items():
        if name != "row" and (table.ndim != 2 or table.dtype.kind != "f" or len(table) != len(row)):
            raise DataError(
                f"{path}: is damaged: {name!r} has scores for {len(table) if table.ndim else 0} rows, "
                f"and there are {len(row)}"
            )
    return tables


def distilled(targets: Targets, scores: Scores, share: float) -> Targets:
    """Return the targets with this share of the teacher's scores mixed in.

    A teacher that lacks an output, or one of its labels, raises DataError.
    """
    missing = [name for name in targets.by_head if name not in scores]
    if missing:
        raise DataError(f"the teacher has no output {missing[0]!r}; it has {', '.join(scores)}")
    for name, target in targets.by_head.items():
        if scores[name].shape != target.shape:
            raise DataError(
                f"the teacher's output {name!r} has {scores[name].shape[-1]} labels, not {target.shape[-1]}"
            )
    return Targets(_mixed(targets.by_head, scores, share), targets.weights)


def _mixed(targets: Mapping[str, FloatArray], scores: Scores, share: float | FloatArray) -> dict[str, FloatArray]:
    """Return the targets with scores mixed in, by one share for all pictures or by a share for each, float32 [N, 1]."""
    return {
        name: np.asarray((1 - share) * target + share * scores[name], dtype=np.float32)
        for name, target in targets.items()
    }
