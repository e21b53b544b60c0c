"""The settings of a training."""

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
    """The rate falls to zero along a cosine (I. Loshchilov and F. Hutter, "SGDR", ICLR 2017)."""
    PLATEAU = "plateau"
    """The rate falls to a third whenever the validation loss has not fallen for some epochs."""


class Keep(StrEnum):
    """Which epoch's weights are kept."""

    BEST = "best"
    """Those of the epoch with the best validation accuracy."""
    LAST = "last"
    """Those of the last epoch: validation measures the emotions, and says nothing of what candidates teach."""


class Balance(StrEnum):
    """Ways to make up for rare emotions; they can be combined."""

    CLASS_WEIGHTS = "class-weights"
    """Each emotion weighs as much in the loss as every other."""
    OVERSAMPLE = "oversample"
    """Each emotion is shown as often as every other; pictures of rare emotions are shown several times an epoch."""
    FOCAL = "focal"
    """A picture that is classified correctly and confidently weighs little (T.-Y. Lin et al., ICCV 2017)."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of a training; they are written beside the model and into its card."""

    architecture: str = "compact"
    heads: str = setting(
        "labels",
        "Outputs of the network: one for FER-2013's labels, or two, for these labels and for FER+'s votes",
        choices=tuple(HEADS),
    )
    epochs: int = setting(60, "How often every picture is shown; more take longer", low=1, high=100_000)
    keep: str = setting(
        "best",
        "Which epoch's weights are kept: those with the best validation accuracy, or the last ones",
        choices=tuple(str(each) for each in Keep),
    )
    batch_size: int = setting(128, "Pictures in a batch; more need more memory", low=1, high=65_536)
    learning_rate: float = setting(2e-3, "Highest learning rate of AdamW; too high a rate does not converge", high=10)
    schedule: str = setting(
        "cosine",
        "How the learning rate falls: along a cosine, or to a third when the validation loss no longer falls",
        choices=tuple(str(each) for each in Schedule),
    )
    plateau_epochs: int = setting(
        4, "Epochs without a lower validation loss before --schedule plateau lowers the rate", low=1, high=100_000
    )
    warmup_epochs: float = setting(2.0, "Epochs in which --schedule cosine raises the learning rate", high=100_000)
    weight_decay: float = setting(5e-2, "Weight decay of AdamW, on kernels only; more keeps them smaller", high=10)
    average_epochs: float = setting(
        0.0, "Validate and keep the moving average of the weights over about this many epochs; 0: no average", high=1000
    )
    """The average is that of `use_ema` of Keras's optimizers; it covers trained weights, not those of normalisation."""
    label_smoothing: float = setting(
        0.1, "Share of each target that is spread over all labels; more makes the network less confident", high=0.9
    )
    frozen_epochs: int = setting(
        0, "First epochs, in which the trunk from --weights is not trained, only the layers above it", high=100_000
    )
    fine_tuning: float = setting(0.1, "Factor of the learning rate after the frozen epochs")
    crowd_weight: float = setting(
        0.0, "Share of FER+'s votes in the targets of the labels' output; the rest are labels; needs --ferplus"
    )
    teacher_weight: float = setting(0.5, "Share of the teacher's scores in the targets; needs --teacher")
    live_weight: float = setting(0.5, "Share of the live teachers' scores in the targets; needs --live-teachers")
    quantization_aware: bool = setting(
        False, "Round weights and activations as int8 does while the network of --start is trained further"
    )
    not_faces: int = setting(
        0, "Number of pictures without a face, cut from generated scenes, to train on; needs --heads both", high=100_000
    )
    face_weight: float = setting(
        0.3, "Weight in the loss of whether a candidate shows a face; needs --candidates", high=100
    )
    candidates_shown: int = setting(
        20_000, "Candidates that are shown in each epoch; needs --candidates", low=1, high=10_000_000
    )
    candidate_emotions: float = setting(
        0.0,
        "Weight in the loss of the emotions of each candidate that is a face, as the network of --start sees "
        "them before the picture is augmented; needs --candidates and --start",
        high=100,
    )
    patience: int = setting(
        0, "Epochs without a better validation accuracy after which training ends; 0: it never ends early", high=100_000
    )
    balance: tuple[str, ...] = ()
    augmentation: Augmentation = dataclasses.field(default_factory=Augmentation)
    seed: int = 2013
    weights: str = "none"
    """The file of the trunk's first weights, trained on ImageNet; `imagenet` if Keras fetched them."""
    teacher: str = "none"
    live_teachers: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    """The files of the candidates."""
    learned_faces: bool = False
    """Whether candidates were learned from in this training, or in one that it continues."""
    start: str = "none"
    """The model whose training was continued."""

    def output_heads(self) -> tuple[Head, ...]:
        """Return the outputs of the network."""
        return HEADS[self.heads]
