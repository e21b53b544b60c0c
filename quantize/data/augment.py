"""Changes training pictures as a headset's camera would: shifts, turns, scales, mirrors, blurs and covers them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from assistant.errors import ConfigError
from assistant.setting import setting
from quantize.data.samples import Gray

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far a picture may be changed; each change is drawn evenly from its range."""

    flip: float = setting(0.5, "Share of the pictures that are mirrored")
    turn_deg: float = setting(12.0, "Largest angle, either way, by which a picture is turned", unit="degrees", high=180)
    scale: float = setting(0.15, "Largest share by which a picture is made larger or smaller", high=0.9)
    shift: float = setting(0.10, "Largest share of its size by which a picture is moved, in each direction")
    brightness: float = setting(
        0.35, "Largest change of brightness: the logarithm of the exponent that the gray levels get", high=3
    )
    contrast: float = setting(0.0, "Largest share by which the contrast is raised or lowered")
    erase: float = setting(0.25, "Share of the pictures in which a rectangle is covered")
    erase_smallest: float = setting(
        0.15, "Shortest side of the covered rectangle, as a share of the picture", high=0.95
    )
    erase_largest: float = setting(0.40, "Longest side of the covered rectangle, as a share of the picture", high=0.95)
    degrade: float = setting(0.0, "Share of the pictures that are blurred; independently, the same share is made noisy")
    blur_px: float = setting(1.5, "Largest deviation of the blur of --degrade", unit="pixels", high=10)
    noise: float = setting(12.0, "Largest deviation of the noise of --degrade", unit="gray levels", high=128)
    mixup: float = setting(
        0.0, "Alpha of the beta distribution by which pairs of pictures are mixed; 0: they are not mixed", high=10
    )
    """H. Zhang et al., "mixup: Beyond Empirical Risk Minimization", ICLR 2018."""

    def __post_init__(self) -> None:
        if self.erase_smallest > self.erase_largest:
            raise ConfigError(f"--erase-smallest: {self.erase_smallest:g} is above --erase-largest")

    def apply(self, pictures: Gray, rng: np.random.Generator) -> Gray:
        """Return the pictures [N, height, width], each with its own changes."""
        return np.stack([self._one(picture, rng) for picture in pictures])

    def mixing(self, count: int, rng: np.random.Generator) -> tuple[Indices, npt.NDArray[np.float32]]:
        """Draw for each of `count` pictures another picture, and the share of the first picture in the mix of both."""
        if not self.mixup:
            return np.arange(count), np.ones(count, np.float32)
        return rng.permutation(count), rng.beta(self.mixup, self.mixup, count).astype(np.float32)

    def _one(self, picture: Gray, rng: np.random.Generator) -> Gray:
        if rng.random() < self.flip:
            picture = picture[:, ::-1]
        moved = self._erased(self._warped(picture, rng), rng)
        return self._degraded(np.asarray(cv2.LUT(moved, self._curve(rng)), dtype=np.uint8), rng)

    def _warped(self, picture: Gray, rng: np.random.Generator) -> Gray:
        height, width = picture.shape
        turn, scale, across, down = rng.uniform(-1.0, 1.0, 4)
        matrix = cv2.getRotationMatrix2D(
            ((width - 1) / 2, (height - 1) / 2), self.turn_deg * turn, 1.0 + self.scale * scale
        )
        matrix[:, 2] += (self.shift * width * across, self.shift * height * down)
        warped = cv2.warpAffine(np.ascontiguousarray(picture), matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(warped, dtype=np.uint8)

    def _erased(self, picture: Gray, rng: np.random.Generator) -> Gray:
        if rng.random() >= self.erase:
            return picture
        height, width = picture.shape
        sides = rng.uniform(self.erase_smallest, self.erase_largest, 2)
        tall, wide = (sides * (height, width)).astype(int)
        top, left = rng.integers(0, height - tall + 1), rng.integers(0, width - wide + 1)
        picture[top : top + tall, left : left + wide] = rng.integers(0, 256)
        return picture

    def _curve(self, rng: np.random.Generator) -> Gray:
        exponent = np.exp(rng.uniform(-self.brightness, self.brightness))
        levels = 255.0 * (np.arange(256) / 255.0) ** exponent
        if self.contrast:
            levels = 127.5 + (1 + rng.uniform(-self.contrast, self.contrast)) * (levels - 127.5)
        return np.asarray(np.clip(np.round(levels), 0, 255), dtype=np.uint8)

    def _degraded(self, picture: Gray, rng: np.random.Generator) -> Gray:
        if not self.degrade:
            return picture
        if rng.random() < self.degrade:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.1, max(0.2, self.blur_px))), np.uint8)
        if rng.random() < self.degrade:
            noisy = picture + rng.normal(0, rng.uniform(0, self.noise), picture.shape)
            picture = np.clip(np.round(noisy), 0, 255).astype(np.uint8)
        return picture
