"""What trained models say of the pictures, for a smaller one to learn from.

G. Hinton et al., "Distilling the Knowledge in a Neural Network", arXiv:1503.02531, 2015; asked of each picture as the
smaller one is shown it: L. Beyer et al., "Knowledge distillation: A good teacher is patient and consistent", CVPR 2022.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents import read_bytes
from assistant.errors import DataError
from assistant.files import replaced_atomically
from quantize.data.ferplus import Votes
from quantize.data.samples import Samples
from quantize.data.split import split_validation
from quantize.networks.keras_files import heads_of, load, logits, named
from quantize.networks.outputs import LABELS_HEAD, Array, Head, Targets, softmax
from quantize.training.votes_to_labels import labels_from_votes, pooled

LARGEST_BYTES = 1 << 28
"""Of a file of scores, and of what it unpacks to; those of FER-2013 take three megabytes."""

Scores = Mapping[str, Array]
"""Probabilities float32 [N, labels], by the head's name."""


@dataclass(frozen=True, slots=True, eq=False)
class LiveTeachers:
    """Networks that are asked of every picture of a training, as it is shown."""

    models: tuple[Any, ...]
    share: float
    """Of what they say, in the targets."""

    @classmethod
    def read(cls, paths: Sequence[Path], heads: Sequence[Head], share: float) -> LiveTeachers:
        """Read these .keras files; DataError when one lacks an output."""
        models = tuple(load(path) for path in paths)
        for path, model in zip(paths, models, strict=True):
            missing = [head.name for head in heads if head not in heads_of(model)]
            if missing:
                raise DataError(f"{path}: has no output {missing[0]!r}, and cannot teach it")
        return cls(models, share)

    def teach(self, targets: Mapping[str, Array], inputs: Array, faces: Array) -> dict[str, Array]:
        """The targets float32 [N, labels] with the mean of their scores for inputs float32 [N, 48, 48, 1] mixed in.

        `faces` float32 [N] is how much of each picture is a face; of the rest they have no say.
        """
        each = [named(model.predict_on_batch(inputs)) for model in self.models]
        if not all(np.isfinite(values).all() for one in each for values in one.values()):
            raise DataError("--live-teachers: what one of them says is not a finite number: its file is damaged")
        share = self.share * faces[:, np.newaxis]
        said = {
            name: np.asarray(np.mean([softmax(one[name]) for one in each], axis=0), dtype=np.float32)
            for name in targets
        }
        return _mixed(targets, said, share)


def scores(models: Sequence[Path], samples: Samples) -> Scores:
    """The mean of what these .keras models say of each picture and of its mirror image."""
    said: dict[str, list[Array]] = {}
    for path in models:
        model = load(path)
        for pixels in (samples.pixels, samples.pixels[..., ::-1]):
            for name, values in logits(path, model, pixels).items():
                said.setdefault(name, []).append(softmax(values))
    incomplete = [name for name, each in said.items() if len(each) < 2 * len(models)]
    if incomplete:
        raise DataError(f"the models do not all have the output {incomplete[0]!r}")
    return {name: np.mean(each, axis=0, dtype=np.float32) for name, each in said.items()}


def informed(said: Scores, samples: Samples, votes: Votes, seed: int) -> Scores:
    """The same, what they say of the labels pooled with what FER+'s votes on every row say of these.

    That is learned from the pictures that a training with this seed learns from, not from those that validate it.
    """
    known, _ = split_validation(samples, seed)
    by_votes = labels_from_votes(votes[samples.row], votes[known.row], known.labels)
    return {**said, LABELS_HEAD.name: pooled(said[LABELS_HEAD.name], by_votes)}


def write_scores(path: Path, samples: Samples, said: Scores) -> None:
    """Write the logarithms of the scores, half precision, with the rows that they belong to (.npz)."""
    stored: dict[str, Any] = {
        name: np.log(np.maximum(values, 1e-6)).astype(np.float16) for name, values in said.items()
    }
    with replaced_atomically(path) as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(file, row=samples.row.astype(np.int32), **stored)


def read_scores(path: Path, row: npt.NDArray[np.int64]) -> Scores:
    """Read what `write_scores` wrote, for these rows of the data.

    DataError when some are not there, or when a score is not a finite number.
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
                f"{path}: its {name!r} scores of row {number} and {more} more are no finite numbers; "
                "make it again with `quantize score`"
            )
    return {name: softmax(values) for name, values in logarithms.items()}


def _tables(path: Path) -> dict[str, Any]:
    """The arrays of a file of scores, one of them `row`; DataError unless each has a line for each row."""
    try:
        content = io.BytesIO(read_bytes(path, DataError, LARGEST_BYTES))
        if sum(each.file_size for each in zipfile.ZipFile(content).infolist()) > LARGEST_BYTES:
            raise ValueError("its arrays are too large")
        with np.load(content, allow_pickle=False) as stored:
            tables = {name: stored[name] for name in stored.files}
    except DataError:
        raise
    except Exception as error:  # numpy, zipfile and zlib raise kinds of their own for each byte that is wrong
        raise DataError(f"{path}: is no file of scores that `quantize score` writes, or is damaged") from error
    row = tables.get("row")
    if row is None or row.ndim != 1 or row.dtype.kind not in "iu" or len(tables) < 2:
        raise DataError(f"{path}: is no file of scores: it does not say of which rows they are")
    for name, table in tables.items():
        if name != "row" and (table.ndim != 2 or table.dtype.kind != "f" or len(table) != len(row)):
            raise DataError(
                f"{path}: is damaged: {name!r} has scores for {len(table) if table.ndim else 0} rows, "
                f"and there are {len(row)}"
            )
    return tables


def distilled(goals: Targets, said: Scores, share: float) -> Targets:
    """The goals with the teacher's scores mixed in by `share`; DataError when it lacks an output."""
    missing = [name for name in goals.targets if name not in said]
    if missing:
        raise DataError(f"the teacher has no output {missing[0]!r}; it has {', '.join(said)}")
    for name, target in goals.targets.items():
        if said[name].shape != target.shape:
            raise DataError(f"the teacher's output {name!r} has {said[name].shape[-1]} labels, not {target.shape[-1]}")
    return Targets(_mixed(goals.targets, said, share), goals.weights)


def _mixed(targets: Mapping[str, Array], said: Scores, share: float | Array) -> dict[str, Array]:
    """The targets with what teachers said mixed in, by one share or by each picture's float32 [N, 1]."""
    return {
        name: np.asarray((1 - share) * target + share * said[name], dtype=np.float32)
        for name, target in targets.items()
    }
