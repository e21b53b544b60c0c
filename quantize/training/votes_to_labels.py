"""Predicts FER-2013's label from FER+'s votes: different people labelled the same pictures.

The two agree on only two pictures in three, so a vote for an emotion is not a label. But the labels of all pictures
that, for example, seven of ten people called neutral can be counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import FloatArray
from quantize.data.ferplus import Votes
from quantize.data.samples import SEVEN
from quantize.networks.outputs import crowd_votes, softmax

Labels = npt.NDArray[np.uint8]

STEPS = 800
"""Steps of Adam on all pictures at once; after these the loss no longer falls."""

BY_PICTURE, BY_VOTES = 0.85, 0.45
"""Exponents of the two factors of the pooled scores.

On the validation part, with two networks, the product has a loss of 0.75 nats (the networks alone 0.80, the votes alone
0.86). The exponents make it more confident than the mean of the two.
"""


def labels_from_votes(votes: Votes, known_votes: Votes, known_labels: Labels) -> FloatArray:
    """Return the shares of FER-2013's labels among pictures with such votes, float32 [N, 7] for votes uint8 [N, 10].

    A multinomial logistic regression learns them from pictures of which both are known: votes uint8 [M, 10] and labels
    uint8 [M].
    """
    import keras

    inputs = _features(known_votes)
    model = keras.Sequential([keras.layers.Dense(len(SEVEN), kernel_initializer="zeros")])
    model.compile(keras.optimizers.Adam(0.03), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for _ in range(STEPS):
        model.train_on_batch(inputs, known_labels.astype(np.int64))
    logits: Any = model.predict(_features(votes), batch_size=4096, verbose=0)
    return softmax(np.asarray(logits, dtype=np.float32))


def pooled(by_picture: FloatArray, by_votes: FloatArray) -> FloatArray:
    """Return the normalised product of the networks' scores and the votes' shares, float32 [N, 7].

    This is a logarithmic opinion pool.
    """
    logits = BY_PICTURE * np.log(by_picture + 1e-6) + BY_VOTES * np.log(by_votes + 1e-6)
    return softmax(logits.astype(np.float32))


def _features(votes: Votes) -> FloatArray:
    """Return the shares of the votes, their roots, and whether there was a vote: one is more than a tenth of ten."""
    shares = crowd_votes(votes) / 10
    return np.concatenate([shares, np.sqrt(shares), shares > 0], axis=1).astype(np.float32)
