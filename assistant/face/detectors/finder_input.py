"""What the learned finder's network is given: a gray picture of a fixed size, made independent of the light."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from assistant.face.shrinking import shrunk

Gray = npt.NDArray[np.uint8]

FRAME_HEIGHT_PX, FRAME_WIDTH_PX = 256, 320
"""Size of the input for a whole frame; the input for a part of a frame may have any multiples of 32."""

NEAR_PX = 96
"""Width and height of the input for the part around one face."""

DARKEST_MEAN = 8.0
"""Gray levels; a picture with a darker mean is not lightened further, because it is mostly noise."""

INPUT_SCALE = 1 / 128
"""The network's input is -1 to 1, stored as int8."""

MIDDLE = 128
"""The gray level around the picture, where it does not fill the input."""

NORMALISATION = (
    f"gray, fitted in, v / (v + max(mean, {DARKEST_MEAN:g})) as 0 to 255, {MIDDLE} around it, (v - 128) / 128"
)
"""What the finder's card says of these steps; a file that was trained with others is refused."""


def fitted(part: Gray, size: tuple[int, int]) -> tuple[Gray, float, tuple[int, int]]:
    """Return the input of `size` (height, width) with `part` in its middle, toned.

    With it come the scale of the part, and its left upper corner (x, y) in the input.
    """
    height, width = size
    factor = min(height / part.shape[0], width / part.shape[1])
    high, wide = (min(most, max(1, round(factor * side))) for most, side in zip(size, part.shape, strict=True))
    left, top = (width - wide) // 2, (height - high) // 2
    resized = shrunk(part, (wide, high)) if factor < 1 else np.asarray(cv2.resize(part, (wide, high)), np.uint8)
    picture = np.full(size, MIDDLE, np.uint8)
    picture[top : top + high, left : left + wide] = toned(resized)
    return picture, factor, (left, top)


def toned(picture: Gray) -> Gray:
    """Make a picture [height, width] independent of its light: v / (v + mean), as 0 to 255.

    Its mean becomes about the middle. A picture with a tenth of the light comes out the same but for its noise, and
    the dark parts of a bright picture are spread out. K. Naka and W. Rushton, "S-potentials from colour units in the
    retina of fish", 1966.
    """
    mean = max(cv2.mean(picture)[0], DARKEST_MEAN)
    levels = np.arange(256, dtype=np.float32)
    table = np.round(255 * levels / (levels + mean)).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table), np.uint8) if picture.size else picture
