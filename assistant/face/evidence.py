"""The evidence that something is a face: in a single picture, and for a track in a stream of frames.

Evidence is measured in log odds: 0 is undecided, and a larger number speaks for a face.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

NOT_A_FACE_FROM = 0.002
"""This probability of "not a face" is undecided, where the detector gives no log odds, and the card no threshold."""

NETWORK_WEIGHT = 0.9
"""The log odds of the emotion network's output for faces are multiplied by this and added to the detector's.

The weight was chosen on the validation part of `faces/`: docs/finder.md.
"""

UNDECIDED = 2.0
"""With evidence nearer to 0 than this, the emotion network is asked about further crops."""

LEAST_DOUBT = 1e-6
"""A probability closer than this to 0 or 1 counts as this far away, so that its log odds are finite."""

MEMORY_S = 0.3
"""A track's evidence is averaged over about this time, so that a face that blinks is not taken for a curtain."""

NEW, KNOWN, KNOWN_AFTER_S = 1.0, -0.3, 2.0
"""A new person needs evidence of `NEW`. The need falls to `KNOWN` while the person stays for `KNOWN_AFTER_S` seconds.

A stream has many frames, and each may take something else for a face. So it needs more than a single picture, which
needs 0.
"""


def face_evidence(found: float, face_log_odds: float | None) -> float:
    """Return the log odds that a detection is a face, from the detector's log odds and from the emotion network's.

    `face_log_odds` is None where the network was not asked, or has no output for faces.
    """
    return found if face_log_odds is None else found + NETWORK_WEIGHT * face_log_odds


def thorough_evidence(found: float, first: float | None, mean: Callable[[], float]) -> float:
    """Return `face_evidence` of the network's answer `first` to one crop; of its `mean` answer where that is undecided.

    `mean` is called only where it is needed.
    """
    evidence = face_evidence(found, first)
    return evidence if first is None or abs(evidence) >= UNDECIDED else face_evidence(found, mean())


def veto_evidence(not_a_face: float, threshold: float) -> float:
    """Return the evidence for a detection of a detector without log odds: below 0, the emotion network rejects it.

    `not_a_face` is the probability that the network gives; from `threshold` on, it speaks against the detection.
    """
    return log_odds(threshold) - log_odds(not_a_face)


def log_odds(probability: float) -> float:
    """Return log(p / (1 - p)), whose logistic function is p; it is finite for 0 and 1 too."""
    inside = min(max(probability, LEAST_DOUBT), 1.0 - LEAST_DOUBT)
    return math.log(inside / (1.0 - inside))


class TrackEvidence:
    """Decides in each frame whether a track is a face, from the evidence of this frame and of those before.

    Time is an argument, in seconds.
    """

    def __init__(self) -> None:
        self._records: dict[int, _Record] = {}

    def update(self, now: float, track_id: int, evidence: float | None, *, network_alone: bool = False) -> bool:
        """Add a frame's `evidence`, as `face_evidence` gives it, and return whether the track is a face.

        Without evidence the decision stays as it was, and a new track is a face. `network_alone` says that the
        detector gives no log odds: then the track needs evidence of 0, however long it has been a face.
        """
        record = self._records.setdefault(track_id, _Record())
        needed = 0.0 if network_alone else record.needed(now)
        if evidence is not None:
            record.is_face = record.average_with(now, evidence) >= needed
        if not record.is_face:
            record.face_since_s = None
        elif record.face_since_s is None:
            record.face_since_s = now
        return record.is_face

    def has_evidence(self, track_id: int) -> bool:
        """Return whether any frame gave evidence for or against this track."""
        record = self._records.get(track_id)
        return record is not None and record.average is not None

    def keep_only(self, track_ids: Collection[int]) -> None:
        """Forget all tracks but these."""
        self._records = {track_id: record for track_id, record in self._records.items() if track_id in track_ids}


@dataclass(slots=True)
class _Record:
    """What is remembered of a track."""

    average: float | None = None
    """The track's evidence, averaged; None before there was any."""
    averaged_s: float = 0.0
    is_face: bool = True
    face_since_s: float | None = None
    """Since when the track has been a face without a break."""

    def needed(self, now: float) -> float:
        known_s = 0.0 if self.face_since_s is None else now - self.face_since_s
        return NEW + (KNOWN - NEW) * min(1.0, known_s / KNOWN_AFTER_S)

    def average_with(self, now: float, evidence: float) -> float:
        before, before_s = (evidence, now) if self.average is None else (self.average, self.averaged_s)
        share = 1.0 - math.exp(-(now - before_s) / MEMORY_S)
        self.average, self.averaged_s = before + share * (evidence - before), now
        return self.average
