"""Which movements are said of the faces in labelled photographs that the output for movements never saw.

    python benchmarks/movements.py photographs/

`photographs/` has pictures with one face each, and `labels.csv` with the columns `picture` and `emotion`: one person's
opinion of the emotion. Nobody labelled the movements. But happy faces smile, surprised ones raise their brows or open
their mouth, angry ones frown, and neutral ones do little. A movement counts as said where this one picture gives the
evidence that the card asks for. The headset also compares brows with what is usual for the person.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from photographs import with_interval
from shared.command_line import benchmark_parser
from shared.headset import shipped_classifier

from assistant.emotion.movements import MOVEMENTS, Movement
from assistant.emotions import EMOTIONS, Emotion
from quantize.data.photographs import read_photographs

EXPECTED = {
    Emotion.HAPPY: (Movement.SMILE,),
    Emotion.SURPRISE: (Movement.BROWS_RAISED, Movement.MOUTH_OPEN),
    Emotion.ANGRY: (Movement.FROWN,),
}
"""What most faces of an emotion show: one of these."""

LEAST_EXPECTED, MOST_NEUTRAL = {Emotion.HAPPY: 0.6, Emotion.SURPRISE: 0.5, Emotion.ANGRY: 0.25}, 0.1
"""At least this share shows what is expected; of neutral faces, at most this share shows any one movement."""


def main() -> int:
    """Print the figures; return 1 when one is beyond its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("photographs", type=Path, metavar="photographs/")
    folder, classifier = parser.parse_args().photographs, shipped_classifier()
    good = True
    both = [read_photographs(folder, classifier, half=half) for half in (0, 1)]
    labels = np.concatenate([samples.labels for samples in both])
    answers = [classifier.classify(face).movements for samples in both for face in samples.pixels]
    if None in answers:
        print("the model has no output for movements")
        return 1
    said = np.array(answers) >= 0
    for number, emotion in enumerate(EMOTIONS):
        shown = said[labels == number]
        if not len(shown):
            continue
        print(f"{emotion}, {len(shown)} photographs")
        for place, movement in enumerate(MOVEMENTS):
            print(f"  {movement}: {with_interval(shown[:, place].tolist())}")
        if emotion is Emotion.NEUTRAL:
            most = float(shown.mean(axis=0).max())
            print(f"  most of one movement: {most:.1%}, limit {MOST_NEUTRAL:.0%}")
            good &= most <= MOST_NEUTRAL
        elif emotion in EXPECTED:
            expected = shown[:, [MOVEMENTS.index(each) for each in EXPECTED[emotion]]].any(axis=1)
            names = " or ".join(EXPECTED[emotion])
            print(f"  {names}: {with_interval(expected.tolist())}, limit {LEAST_EXPECTED[emotion]:.0%}")
            good &= float(expected.mean()) >= LEAST_EXPECTED[emotion]
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
