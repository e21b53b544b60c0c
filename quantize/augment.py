"""Changes training pictures as a headset's camera would: shifted, turned, nearer, mirrored, partly covered."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
Pictures = npt.NDArray[np.generic]
Targets = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far a picture may be changed; each change is drawn evenly from its range."""

    turn_deg: float = 12.0
    scale: float = 0.15
    shift: float = 0.10
    """Of the picture's width, each way."""
    gamma: float = 0.35
    """Exponent of the brightness curve, as a power of e, each way."""
    erase: float = 0.25
    """Share of the pictures in which a rectangle is covered."""
    erase_size: tuple[float, float] = (0.15, 0.40)
    """Sides of that rectangle, of the picture's width."""
    mixup: float = 0.0
    """Alpha of the beta distribution that two pictures and their targets are mixed by (H. Zhang et al., ICLR 2018)."""

    def apply(self, pictures: Gray, rng: np.random.Generator) -> Gray:
        """Change each picture of [N, height, width] on its own."""
        return np.stack([self._one(picture, rng) for picture in pictures])

    def mix(self, pictures: Gray, targets: Targets, rng: np.random.Generator) -> tuple[Pictures, Targets]:
        """Mix each of [N, height, width] with another one of them, and their targets [N, labels] alike."""
        if not self.mixup:
            return pictures, targets
        other = rng.permutation(len(pictures))
        share = rng.beta(self.mixup, self.mixup, len(pictures)).astype(np.float32)
        first, second = share[:, np.newaxis, np.newaxis], share[:, np.newaxis]
        return (
            first * pictures + (1 - first) * pictures[other],
            np.asarray(second * targets + (1 - second) * targets[other], dtype=np.float32),
        )

    def _one(self, picture: Gray, rng: np.random.Generator) -> Gray:
        if rng.random() < 0.5:
            picture = picture[:, ::-1]
        moved = self._erased(self._warped(picture, rng), rng)
        return np.asarray(cv2.LUT(moved, self._curve(rng)), dtype=np.uint8)

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
        tall, wide = (rng.uniform(*self.erase_size, 2) * (height, width)).astype(int)
        top, left = rng.integers(0, height - tall), rng.integers(0, width - wide)
        picture[top : top + tall, left : left + wide] = rng.integers(0, 256)
        return picture

    def _curve(self, rng: np.random.Generator) -> Gray:
        exponent = np.exp(rng.uniform(-self.gamma, self.gamma))
        return np.asarray(np.round(255.0 * (np.arange(256) / 255.0) ** exponent), dtype=np.uint8)
