"""How a network that comes from elsewhere is read: what it is shown, and what its numbers stand for.

A network of this project has a card, or facts of its training, beside it. Of any other nobody knows how its pictures
were prepared, in which order it names the emotions, and whether it gives logits or probabilities: something must be
assumed, and a wrong assumption makes a perfect network look useless.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from assistant.emotion.preprocess import FloatArray, standardise
from assistant.emotions import EMOTIONS
from assistant.errors import ConfigError, shown
from quantize.data.folders import LABELS
from quantize.data.samples import SEVEN
from quantize.networks.outputs import Array, softmax
from quantize.networks.tflite_files import Picture

Gray = npt.NDArray[np.uint8]

STANDARD = "standard"
"""The scale of this project's own preparation."""

OFF_ONE = 0.05
"""How far the sum of probabilities may be from 1, when they were rounded to int8."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was said on the command line of a network from elsewhere; what was not said is assumed."""

    labels: tuple[str, ...] | None = None
    """What its numbers stand for, in order; each of the seven emotions once, and others, which are not counted."""
    scale: tuple[float, float] | None = None
    """What black and white become; None: as this project's own networks are shown them."""
    scale_said: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The labels, or those that are assumed."""
        return self.labels or SEVEN

    def assumed(self) -> str:
        """What nobody said, for people."""
        assumptions = []
        if not self.scale_said:
            assumptions.append("pictures prepared as for this program's own networks (`--scale 0..1` says otherwise)")
        if self.labels is None:
            assumptions.append(f"numbers in the order {','.join(SEVEN)} (`--labels` says otherwise)")
        return " and ".join([*assumptions, "logits, unless they add up to one"])

    def prepared(self, pixels: Gray, picture: Picture) -> FloatArray:
        """Gray faces uint8 [N, 48, 48] as the network is shown them, float32 [N, height, width, channels]."""
        size = (picture.width_px, picture.height_px)
        if pixels.shape[1:] != size[::-1]:
            pixels = np.stack([np.asarray(cv2.resize(each, size), np.uint8) for each in pixels])
        if self.scale is None:
            scaled = standardise(pixels)
        else:
            black, white = self.scale
            scaled = pixels.astype(np.float32) * np.float32((white - black) / 255) + np.float32(black)
        return np.repeat(scaled[..., np.newaxis], picture.channels, axis=-1)

    def seven(self, said: Array) -> Array:
        """Scores of the seven emotions, float32 [N, 7], from a network's numbers [N, labels]."""
        scores = said if are_probabilities(said) else softmax(said)
        columns = [self.names.index(label) for label in SEVEN]
        seven = np.maximum(scores[:, columns], 1e-9)
        return np.asarray(seven / seven.sum(axis=1, keepdims=True), dtype=np.float32)


def are_probabilities(said: Array) -> bool:
    """Whether the numbers [N, labels] of every picture are none below 0 and add up to one already."""
    return bool(said.size and said.min() > -OFF_ONE / 10 and np.abs(said.sum(axis=1) - 1).max() < OFF_ONE)


def read_reading(labels: str | None, scale: str | None) -> Reading | None:
    """What `--labels` and `--scale` say, None where neither was given; ConfigError says what is needed."""
    if labels is None and scale is None:
        return None
    return Reading(
        None if labels is None else _labels(labels),
        None if scale in (None, STANDARD) else _scale(str(scale)),
        scale is not None,
    )


def _labels(text: str) -> tuple[str, ...]:
    names = [name.strip().casefold() for name in text.split(",")]
    known = tuple(SEVEN[LABELS[name]] if name in LABELS else name for name in names)
    missing = [emotion for emotion in SEVEN if known.count(emotion) != 1]
    if missing:
        raise ConfigError(
            f"--labels {shown(text)}: names of the network's numbers are needed, in order, with commas between, and "
            f"{', '.join(EMOTIONS)} once each; {missing[0]} is there {known.count(missing[0])} times"
        )
    return known


def _scale(text: str) -> tuple[float, float]:
    number = r"[+-]?\d{1,4}(?:\.\d{1,6})?"
    parts = re.fullmatch(rf"({number})\.\.({number})", text)
    black, white = (float(parts[1]), float(parts[2])) if parts else (math.nan, math.nan)
    if not black < white:
        raise ConfigError(
            f"--scale {shown(text)}: needed is {STANDARD}, or what black and white become: 0..1, -1..1, 0..255"
        )
    return black, white
