"""The settings of the debouncer."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class DebounceSettings:
    """When the scores of single frames become a fact."""

    look_s: float = setting(
        0.5,
        "Frames within this time count as one observation; a larger value makes fewer mistakes, but answers later",
        unit="seconds",
        low=0.05,
        high=10,
    )
    memory_s: float = setting(
        0.8,
        "Evidence for an emotion that is this old counts about a third; "
        "with a larger value, moderate expressions are said more often, and changes are noticed later",
        unit="seconds",
        low=0.05,
        high=60,
    )
    caution: float = setting(
        1.0,
        "The evidence that an emotion needs is multiplied by this; "
        "a larger value makes fewer mistakes, but says less, and later",
        low=0.1,
        high=10,
    )
    hold_s: float = setting(
        0.8,
        "Time for which moderate evidence must last before the emotion is said with a maybe; "
        "a larger value says less of this kind",
        unit="seconds",
        high=30,
    )
    appear_s: float = setting(
        0.3,
        "Time for which a face must be seen before it counts; a larger value ignores longer glimpses, "
        "but answers later",
        unit="seconds",
        high=10,
    )
    lost_s: float = setting(
        1.0,
        "A person who was not seen for this time counts as gone; "
        "a larger value ignores longer gaps, but notices later that somebody has left",
        unit="seconds",
        low=0.1,
        high=60,
    )
    fade_s: float = setting(
        0.8,
        "An emotion for which there was no evidence for this time is not a fact any more; "
        "a larger value keeps it longer",
        unit="seconds",
        high=30,
    )
    flicker_window_s: float = setting(
        6.0,
        "Each change of emotion within this time raises the evidence that the next one needs by as much again; "
        "a larger value announces fewer changes back and forth",
        unit="seconds",
        high=60,
    )
    frame_gap_s: float = setting(
        0.25,
        "A gap between two frames that is longer counts as this much time; "
        "with a larger value, fewer frames are enough for a fact",
        unit="seconds",
        low=0.01,
        high=1,
    )
