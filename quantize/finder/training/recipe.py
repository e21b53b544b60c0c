"""The settings of `quantize finder train`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.face.detectors.finder_input import FRAME_HEIGHT_PX, FRAME_WIDTH_PX
from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class FinderRecipe:
    """How the finder is trained; each field is an option of the command line."""

    extent: str = setting(
        "whole",
        "Train on whole frames of 320x256 pixels, or on parts of 160x128 pixels, which is three times as fast",
        choices=("whole", "quarter"),
    )
    minutes: float = setting(90.0, "Time over which the finder is trained", unit="minutes", low=0.01, high=10_000)
    batch: int = setting(32, "Frames in a batch; more need more memory", low=1, high=4096)
    learning_rate: float = setting(3e-3, "Highest learning rate; the rate rises to it and then falls", low=1e-6, high=1)
    weight_decay: float = setting(1e-4, "Weight decay of the optimizer AdamW; more keeps the weights smaller")
    round_steps: int = setting(
        100, "Steps after which a line is logged and a checkpoint is written", low=1, high=100_000
    )
    workers: int = setting(1, "Processes that make frames; more use more processor cores", low=1, high=256)

    @property
    def size(self) -> tuple[int, int]:
        """The height and width of the frames or parts to train on, in pixels."""
        parts = 2 if self.extent == "quarter" else 1
        return FRAME_HEIGHT_PX // parts, FRAME_WIDTH_PX // parts
