"""Holds what frames are composed of: the packed pictures, and what is drawn once for many frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quantize.data.drawn_scenes import drawn_scene
from quantize.finder.data.faces import FloatArray, Gray
from quantize.finder.data.packing import Packed
from quantize.finder.frames.pieces import Patch, Random, drawn_mask, drawn_patch

DRAWN_FACES, DRAWN_SCENES, MASKS, NOISES = 40, 40, 160, 24


@dataclass(frozen=True, slots=True, eq=False)
class Assets:
    """What frames are composed of."""

    packed: Packed
    face_weights: npt.NDArray[np.float64]
    """The chance of each packed face to be taken, float64 [N] that add up to one."""
    empty: list[int]
    """The indices of the packed scenes without people."""
    masks: list[FloatArray]
    noises: list[FloatArray]
    """Noise of the deviation 1, as large as a frame."""
    drawn_faces: list[Patch]
    drawn_scenes: list[Gray]

    @classmethod
    def drawn(cls, packed: Packed, size: tuple[int, int], rng: Random) -> Assets:
        """Draw all that is drawn once, for frames of this height and width."""
        return cls(
            packed,
            _weights_by_turn(packed.face_shapes),
            [i for i, shapes in enumerate(packed.scene_shapes) if not len(shapes)],
            masks=[drawn_mask(rng) for _ in range(MASKS)],
            noises=[rng.normal(0, 1, size).astype(np.float32) for _ in range(NOISES)],
            drawn_faces=[drawn_patch(rng) for _ in range(DRAWN_FACES)],
            drawn_scenes=[drawn_scene(rng) for _ in range(DRAWN_SCENES)],
        )


def _weights_by_turn(shapes: FloatArray) -> npt.NDArray[np.float64]:
    """Return the chance of each face; turned faces, which are rare, are taken more often than they occur."""
    middle, apart = (shapes[:, 4] + shapes[:, 6]) / 2, np.abs(shapes[:, 6] - shapes[:, 4])
    turned = np.abs(shapes[:, 8] - middle) / np.maximum(apart, 10)
    weights = 1 + 3 * np.clip(turned.astype(np.float64) - 0.15, 0, 0.6) / 0.6
    return np.asarray(weights / weights.sum())
