"""What is said of the faces in labelled photographs other than FER-2013's, and how much of it is right.

    python benchmarks/photographs.py photographs/

`photographs/` has pictures with one face each, and `labels.csv` with the columns `picture` and `emotion`: one person's
opinion. Only every second photograph is measured; the card's thresholds were chosen on the others. Each face is found
and cropped as the headset does it. "Said" means that this one picture gives the evidence that the card asks for.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from shared.command_line import benchmark_parser
from shared.headset import shipped_classifier

from assistant.emotion.bounds import Evidence
from assistant.emotion.debouncing.accumulator import margins
from assistant.emotions import EMOTIONS, Emotion, EmotionScores
from quantize.data.photographs import read_photographs
from quantize.finder.export.validation import share

LEAST = {"said": 0.42, "right": 0.93, "recall": 0.6}
"""The least shares that are wanted: said, right of that, and the recall of each of `HARD`."""

HARD = (Emotion.ANGRY, Emotion.SAD, Emotion.SURPRISE)


def said(scores: EmotionScores, bounds: Evidence) -> bool:
    """Return whether one picture gives enough evidence to say its best emotion, and it is not neutral."""
    needed = bounds[EMOTIONS.index(scores.best)]
    return scores.best is not Emotion.NEUTRAL and needed is not None and max(margins(scores)) >= needed


def with_interval(hits: Sequence[bool]) -> str:
    """Return a share with its 95% interval."""
    value, low, high = share(hits)
    return f"{value:.1%} ({low:.1%} to {high:.1%}) of {len(hits)}"


def main() -> int:
    """Print the figures; return 1 when one is below its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("photographs", type=Path, metavar="photographs/")
    classifier = shipped_classifier()
    samples = read_photographs(parser.parse_args().photographs, classifier, half=1)
    shown = [EMOTIONS[label] for label in samples.labels]
    scores = [classifier.classify(face).scores for face in samples.pixels]
    right = [each.best is emotion for each, emotion in zip(scores, shown, strict=True)]
    print(f"best score as labelled: {with_interval(right)}")
    recalls = {}
    for emotion in dict.fromkeys(EMOTIONS):
        hits = [hit for hit, label in zip(right, shown, strict=True) if label is emotion]
        if hits:
            recalls[emotion] = float(np.mean(hits))
            limit = f", limit {LEAST['recall']:.0%}" if emotion in HARD else ""
            print(f"  {emotion}: {with_interval(hits)}{limit}")
    print(f"  as a mean over the emotions: {np.mean(list(recalls.values())):.1%}")
    good = all(recalls[emotion] >= LEAST["recall"] for emotion in HARD)
    for name, bounds in (("plainly", classifier.bounds.plainly), ("plainly or with a maybe", classifier.bounds.maybe)):
        spoken = [said(each, bounds) for each in scores]
        of_these = [hit for hit, is_said in zip(right, spoken, strict=True) if is_said]
        print(f"said {name}: {with_interval(spoken)}, limit {LEAST['said']:.0%}")
        print(f"  of these, right: {with_interval(of_these)}, limit {LEAST['right']:.0%}")
        good &= bool(np.mean(spoken) >= LEAST["said"] and np.mean(of_these) >= LEAST["right"])
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
