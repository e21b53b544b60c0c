"""Reads networks that are not from this project: how their inputs are prepared, and what their numbers mean.

A network of this project has a card, or facts of its training, beside it. For any other network, nobody knows how its
pictures were prepared, in which order its emotions stand, and whether its numbers are logits or probabilities. So the
program must assume something, and with a wrong assumption a perfect network looks useless.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import cv2
import numpy as np

from assistant.emotion.preprocess import FloatArray, standardise
from assistant.emotions import EMOTIONS
from assistant.errors import ConfigError, shown
from quantize.data.folders import LABELS
from quantize.data.samples import SEVEN, Gray
from quantize.networks.outputs import softmax
from quantize.networks.tflite_files import Picture

STANDARD = "standard"
"""The scale of this project's own preparation."""

OFF_ONE = 0.05
"""The sum of probabilities that were rounded to int8 may differ from 1 by this much."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What the command line says about a foreign network; what it does not say is assumed."""

    labels: tuple[str, ...] | None = None
    """The labels of the network's numbers, in order: each of the seven emotions once, and others, which are ignored."""
    scale: tuple[float, float] | None = None
    """The values of black and white pixels; None: pictures are prepared as for this project's own networks."""
    scale_given: bool = False
    """Whether the command line gave the scale."""

    @property
    def names(self) -> tuple[str, ...]:
        """The labels, or the assumed labels."""
        return self.labels or SEVEN

    def assumed(self) -> str:
        """Return in words what is assumed because the command line does not say it."""
        assumptions = []
        if not self.scale_given:
            assumptions.append("pictures prepared as for this program's own networks (change it by `--scale 0..1`)")
        if self.labels is None:
            assumptions.append(f"numbers in the order {','.join(SEVEN)} (change it by `--labels`)")
        return " and ".join([*assumptions, "logits, unless they add up to one"])

    def prepared(self, pixels: Gray, picture: Picture) -> FloatArray:
        """Return gray faces uint8 [N, 48, 48] as the network takes them, float32 [N, height, width, channels]."""
        size = (picture.width_px, picture.height_px)
        if pixels.shape[1:] != size[::-1]:
            pixels = np.stack([np.asarray(cv2.resize(each, size), np.uint8) for each in pixels])
        if self.scale is None:
            scaled = standardise(pixels)
        else:
            black, white = self.scale
            scaled = pixels.astype(np.float32) * np.float32((white - black) / 255) + np.float32(black)
        return np.repeat(scaled[..., np.newaxis], picture.channels, axis=-1)

    def seven(self, numbers: FloatArray) -> FloatArray:
        """Return the scores of the seven emotions, float32 [N, 7], from a network's numbers [N, labels]."""
        scores = numbers if are_probabilities(numbers) else softmax(numbers)
        columns = [self.names.index(label) for label in SEVEN]
        seven = np.maximum(scores[:, columns], 1e-9)
        return np.asarray(seven / seven.sum(axis=1, keepdims=True), dtype=np.float32)


def are_probabilities(numbers: FloatArray) -> bool:
    """Return whether the numbers [N, labels] of every picture are not below 0 and add up to one."""
    return bool(numbers.size and numbers.min() > -OFF_ONE / 10 and np.abs(numbers.sum(axis=1) - 1).max() < OFF_ONE)


def parse_conventions(labels: str | None, scale: str | None) -> Conventions | None:
    """Parse `--labels` and `--scale`; return None where neither was given.

    A text that cannot be parsed raises ConfigError, which says what is needed.
    """
    if labels is None and scale is None:
        return None
    return Conventions(
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
            f"--labels {shown(text)}: give the labels of the network's numbers in order, separated by commas, with "
            f"{', '.join(EMOTIONS)} once each; {missing[0]} is there {known.count(missing[0])} times"
        )
    return known


def _scale(text: str) -> tuple[float, float]:
    number = r"[+-]?\d{1,4}(?:\.\d{1,6})?"
    parts = re.fullmatch(rf"({number})\.\.({number})", text)
    black, white = (float(parts[1]), float(parts[2])) if parts else (math.nan, math.nan)
    if not black < white:
        raise ConfigError(
            f"--scale {shown(text)}: give {STANDARD}, or the values of black and white: 0..1, -1..1, 0..255"
        )
    return black, white
