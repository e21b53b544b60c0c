"""How the muscles of a face move in each emotion, as the Facial Action Coding System describes it.

The emotions are combinations of action units (AU) after P. Ekman and W. Friesen, "Facial Action Coding System",
1978, and its later tables of emotion prototypes.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.emotions import Emotion


@dataclass(frozen=True, slots=True)
class ActionUnits:
    """How far each group of muscles moves, 0 to 1; the comments are the numbers of the action units."""

    inner_brow_raiser: float = 0.0  # AU 1
    outer_brow_raiser: float = 0.0  # AU 2
    brow_lowerer: float = 0.0  # AU 4
    upper_lid_raiser: float = 0.0  # AU 5
    cheek_raiser: float = 0.0  # AU 6
    lid_tightener: float = 0.0  # AU 7
    nose_wrinkler: float = 0.0  # AU 9
    upper_lip_raiser: float = 0.0  # AU 10
    lip_corner_puller: float = 0.0  # AU 12
    lip_corner_depressor: float = 0.0  # AU 15
    lip_stretcher: float = 0.0  # AU 20
    lip_tightener: float = 0.0  # AU 23
    lips_part: float = 0.0  # AU 25
    jaw_drop: float = 0.0  # AU 26


PROTOTYPES: dict[Emotion, ActionUnits] = {
    Emotion.NEUTRAL: ActionUnits(),
    Emotion.HAPPY: ActionUnits(cheek_raiser=0.9, lip_corner_puller=1.0, lips_part=0.7),
    Emotion.SAD: ActionUnits(inner_brow_raiser=1.0, brow_lowerer=0.4, lip_corner_depressor=1.0),
    Emotion.SURPRISE: ActionUnits(
        inner_brow_raiser=1.0, outer_brow_raiser=1.0, upper_lid_raiser=1.0, lips_part=1.0, jaw_drop=1.0
    ),
    Emotion.FEAR: ActionUnits(
        inner_brow_raiser=1.0,
        outer_brow_raiser=0.5,
        brow_lowerer=0.5,
        upper_lid_raiser=1.0,
        lip_stretcher=1.0,
        lips_part=0.6,
        jaw_drop=0.2,
    ),
    Emotion.ANGRY: ActionUnits(brow_lowerer=1.0, upper_lid_raiser=0.3, lid_tightener=0.8, lip_tightener=1.0),
    Emotion.DISGUST: ActionUnits(
        brow_lowerer=0.6, nose_wrinkler=1.0, upper_lip_raiser=1.0, lip_corner_depressor=0.5, cheek_raiser=0.5
    ),
}
