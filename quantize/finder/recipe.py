"""How the finder is trained: the settings of `quantize finder train`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.face.detectors.finder_input import FRAME_HEIGHT_PX, FRAME_WIDTH_PX
from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class FinderRecipe:
    """Each field is an option."""

    extent: str = setting(
        "whole",
        "The pictures to learn from: whole frames of 320x256 pixels, or parts of 160x128, three times as fast",
        choices=("whole", "quarter"),
    )
    minutes: float = setting(90.0, "How long to train", unit="minutes", low=0.01, high=10_000)
    batch: int = setting(32, "Frames that are learned from at once", low=1, high=4096)
    learning_rate: float = setting(3e-3, "Highest learning rate", low=1e-6, high=1)
    weight_decay: float = setting(1e-4, "Weight decay of AdamW")
    round_steps: int = setting(100, "Steps between two lines of the log and two checkpoints", low=1, high=100_000)
    workers: int = setting(1, "Processes that make frames", low=1, high=256)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the pictures to learn from, in pixels."""
        parts = 2 if self.extent == "quarter" else 1
        return FRAME_HEIGHT_PX // parts, FRAME_WIDTH_PX // parts
