"""A frame of the camera, and the clock that dates it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One gray picture, uint8 [height, width], taken at `t_s` seconds on its camera's clock."""

    gray: npt.NDArray[np.uint8]
    t_s: float


class Clock(Protocol):
    """Seconds that never run backwards."""

    def now(self) -> float:
        """Return the time."""

    def wait(self, seconds: float) -> None:
        """Wait for this time."""
