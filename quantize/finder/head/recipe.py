"""How the output for faces is trained: the settings of `quantize finder head`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """Each field is an option of the command line."""

    epochs: int = setting(12, "Epochs; more learn the candidates more closely", low=1, high=10_000)
    batch: int = setting(512, "Candidates in a batch; more give smoother steps", low=2, high=65_536)
    learning_rate: float = setting(2e-3, "Highest learning rate; a larger one learns faster, or not at all", low=1e-6)
    weight_decay: float = setting(1e-3, "Weight decay of AdamW; more keeps the weights smaller")
