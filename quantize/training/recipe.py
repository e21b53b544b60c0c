"""All that decides what a training makes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from assistant.setting import setting
from quantize.data.augment import Augmentation
from quantize.networks.outputs import HEADS, Head


class Schedule(StrEnum):
    """How the learning rate falls."""

    COSINE = "cosine"
    """To zero along a cosine (I. Loshchilov and F. Hutter, "SGDR", ICLR 2017)."""
    PLATEAU = "plateau"
    """To a third whenever the validation loss has not fallen for some epochs."""


class Balance(StrEnum):
    """Ways against rare emotions, each alone or together."""

    CLASS_WEIGHTS = "class-weights"
    """Each emotion weighs as much in the loss as every other."""
    OVERSAMPLE = "oversample"
    """Each emotion is shown as often as every other, rare ones again and again."""
    FOCAL = "focal"
    """What is judged rightly and surely weighs little (T.-Y. Lin et al., ICCV 2017)."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of a training; they are written beside the model and into its card."""

    architecture: str = "compact"
    heads: str = setting(
        "labels",
        "What the network answers: FER-2013's labels, or both these and FER+'s votes, each by an output of its own",
        choices=tuple(HEADS),
    )
    epochs: int = setting(60, "How often every picture is seen", low=1, high=100_000)
    batch_size: int = setting(128, "Pictures between two steps", low=1, high=65_536)
    learning_rate: float = setting(2e-3, "Of AdamW, at its height", high=10)
    schedule: str = setting("cosine", "How the learning rate falls", choices=tuple(str(each) for each in Schedule))
    plateau_epochs: int = setting(4, "Without a lower loss, before the rate falls to a third", low=1, high=100_000)
    warmup_epochs: float = setting(2.0, "In which the learning rate rises (cosine)", high=100_000)
    weight_decay: float = setting(5e-2, "Of AdamW, on kernels alone", high=10)
    average_epochs: float = setting(
        0.0, "The weights that are validated and kept are a mean over about the last so many epochs; 0: none", high=1000
    )
    """A falling mean (`use_ema` of Keras's optimizers); of the trained weights, not of what normalisation measures."""
    label_smoothing: float = setting(0.1, "Share of each target that is spread over all labels", high=0.9)
    frozen_epochs: int = setting(0, "First epochs, in which the trunk from --weights stays as it is", high=100_000)
    fine_tuning: float = setting(0.1, "Of the learning rate, once the frozen epochs are over")
    crowd_weight: float = setting(0.0, "Of FER+'s votes in the targets of the labels' output; needs --ferplus")
    teacher_weight: float = setting(0.5, "Of the teacher's scores in the targets; needs --teacher")
    live_weight: float = setting(0.5, "Of the live teachers' scores in the targets; needs --live-teachers")
    quantization_aware: bool = setting(False, "Round weights and activations as int8 will, while training --start")
    not_faces: int = setting(0, "Pictures without a face, from made scenes; needs --heads both", high=100_000)
    patience: int = setting(0, "Epochs without a better one, after which training ends; 0: never", high=100_000)
    balance: tuple[str, ...] = ()
    augmentation: Augmentation = dataclasses.field(default_factory=Augmentation)
    seed: int = 2013
    weights: str = "none"
    """Of the trunk, before any training: the name of the file with ImageNet's, or `imagenet`."""
    teacher: str = "none"
    live_teachers: tuple[str, ...] = ()
    start: str = "none"
    """The model that this training went on from."""

    def answered(self) -> tuple[Head, ...]:
        """The outputs of the network."""
        return HEADS[self.heads]
