"""How espeak-ng pronounces texts, and how far two pronunciations are apart."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Sequence

STRESS_AND_LENGTH = "ˈˌː\u200d"


def pronounced(texts: Sequence[str], voice: str) -> list[str]:
    """Return the phonemes of each text, without stress, length, tones and pauses."""
    clauses = [re.sub(r"\W*[,،]\W*", " ", text) for text in texts]  # a comma would begin another line of phonemes
    asked = ["espeak-ng", "-q", "--ipa", "-v", voice]
    ran = subprocess.run(asked, input="\n\n".join(clauses) + "\n", capture_output=True, text=True, check=True)
    lines = [line for line in ran.stdout.splitlines() if line.strip()]
    assert len(lines) == len(texts)
    return [_phonemes(line) for line in lines]


def _phonemes(line: str) -> str:
    signs = unicodedata.normalize("NFD", line)
    return "".join(each for each in signs if not (each in STRESS_AND_LENGTH or each.isspace() or _is_mark(each)))


def _is_mark(sign: str) -> bool:
    return bool(unicodedata.combining(sign))


def distance(first: str, second: str, most: int) -> int:
    """Return how many phonemes must be changed, left out or put in to make one pronunciation of the other.

    Two that are farther apart than `most` have the distance `most`.
    """
    row = list(range(len(second) + 1))
    if abs(len(first) - len(second)) >= most:
        return most
    for number, sign in enumerate(first, 1):
        above, row = row, [number]
        for place, other in enumerate(second, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (sign != other)))
        if min(row) >= most:
            return most
    return min(row[-1], most)
