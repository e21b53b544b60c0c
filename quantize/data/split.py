"""Cuts a validation part from the training part: drawn by a seed, stratified, with equal pictures in the same part."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

from assistant.errors import DataError
from quantize.data.samples import Samples

VALIDATION_PARTS = 10
"""The data are divided into so many parts, one of which is the validation part."""


def split_validation(samples: Samples, seed: int) -> tuple[Samples, Samples]:
    """Return the training part and the validation part; too few pictures raise DataError."""
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(n_splits=VALIDATION_PARTS, shuffle=True, random_state=seed)
    groups = _equal_pictures(samples)
    try:
        with warnings.catch_warnings():  # scikit-learn warns of emotions that are too rare for both parts
            warnings.simplefilter("ignore", UserWarning)
            training, validation = next(folds.split(samples.pixels, samples.labels, groups=groups))
    except ValueError as error:
        raise _too_few(samples) from error
    if not len(training) or not len(validation):
        raise _too_few(samples)
    return samples.take(training), samples.take(validation)


def _too_few(samples: Samples) -> DataError:
    return DataError(
        f"{len(samples)} pictures are too few to cut a validation part from: at least {VALIDATION_PARTS} different "
        "pictures of an emotion are needed, better hundreds of each"
    )


def _equal_pictures(samples: Samples) -> npt.NDArray[np.int64]:
    flat = samples.pixels.reshape(len(samples), -1)
    as_bytes = np.ascontiguousarray(flat).view(np.dtype((np.void, flat.shape[1]))).ravel()
    groups: npt.NDArray[np.int64] = np.unique(as_bytes, return_inverse=True)[1].astype(np.int64)
    return groups
