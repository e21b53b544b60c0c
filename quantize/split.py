"""Cuts a validation part from the training part: by seed, stratified, equal pictures kept on one side."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.errors import DataError
from quantize.datasets import Samples

VALIDATION_PARTS = 10
"""One tenth of the training part validates."""


def split_validation(samples: Samples, seed: int) -> tuple[Samples, Samples]:
    """Return (training, validation); DataError when there are too few pictures."""
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(n_splits=VALIDATION_PARTS, shuffle=True, random_state=seed)
    try:
        training, validation = next(folds.split(samples.pixels, samples.labels, groups=_equal_pictures(samples)))
    except ValueError as error:
        raise DataError(f"{len(samples)} pictures are too few to cut a validation part from: {error}") from error
    return samples.take(training), samples.take(validation)


def _equal_pictures(samples: Samples) -> npt.NDArray[np.int64]:
    flat = samples.pixels.reshape(len(samples), -1)
    as_bytes = np.ascontiguousarray(flat).view(np.dtype((np.void, flat.shape[1]))).ravel()
    groups: npt.NDArray[np.int64] = np.unique(as_bytes, return_inverse=True)[1].astype(np.int64)
    return groups
