"""No two phrases of a language sound nearly alike, as espeak-ng pronounces them.

The recogniser of `tests/end_to_end/test_speech_is_heard.py` knows English alone; this needs none.
"""

from itertools import combinations

import pytest

from assistant.speech.phrases import Phrases, languages
from tests.fakes.phonemes import distance, pronounced

LEAST = 2
"""So many phonemes differ between any two phrases: "one metre away" and "two metres away" in French and Hindi."""

LEAST_UNASKED = 3
"""So many differ between a phrase for a look, a movement, the battery, a helper, the introduction, and any other."""

UNASKED = ("attention.", "movement.", "watched", "unwatched", "battery_", "introduction.")


def too_near(texts: dict[str, str], voice: str) -> list[tuple[str, str]]:
    """Return the pairs of phrases that sound nearly alike."""
    sounds = dict(zip(texts, pronounced(list(texts.values()), voice), strict=True))
    return [
        (texts[first], texts[second])
        for first, second in combinations(sounds, 2)
        if distance(sounds[first], sounds[second], _least(first, second)) < _least(first, second)
    ]


def _least(*keys: str) -> int:
    return LEAST_UNASKED if any(key.startswith(UNASKED) for key in keys) else LEAST


@pytest.mark.parametrize("language", languages())
def test_no_two_phrases_sound_nearly_alike(language):
    """In every language, a phrase differs in two phonemes from every other, and the unasked ones in three."""
    phrases = Phrases.load(language)
    assert too_near(dict(phrases.all()), phrases.voice.espeak) == []


def test_phrases_that_sound_alike_are_found():
    """Other spellings of the same sounds, and one phoneme of difference, are found; other words are not."""
    texts = {"a": "looks to your right", "b": "looks to your write", "attention.c": "looks to your rice", "d": "ahead"}
    assert too_near(texts, "en") == [
        ("looks to your right", "looks to your write"),
        ("looks to your right", "looks to your rice"),
        ("looks to your write", "looks to your rice"),
    ]
