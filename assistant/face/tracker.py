"""Follows each person from frame to frame, and chooses the person in front."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.face.appearance import Appearance
from assistant.face.detector import Detection
from assistant.geometry import BoundingBox
from assistant.setting import setting

MOST_PEOPLE = 16
"""At most this many people are followed, those with the largest faces; a poster may have a thousand faces."""

WIDTHS_PER_S = 3.0
"""A face moves at most this many face widths a second, as that of a person who walks past one metre away."""

LONGEST_STRETCH = 1.6
"""A face that is seen again is at most this many times wider or narrower than before."""

ANOTHER = 0.55
"""A face whose appearance differs by more than this is another person; two people differ by about twice as much."""

SURELY_ANOTHER = 0.9
"""In the expected place, only a difference above this means another person.

There the same face may look different because of the light, a hand or a turn of the head.
"""

SPEED_MEMORY_S = 0.3
"""A face's speed is averaged over about this time."""


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """How the person in front is chosen when there are several people."""

    switch_s: float = setting(
        2.0,
        "Another person must be clearly more prominent for this time to become the one in front; "
        "a larger value changes the person less often",
        unit="seconds",
        high=60,
    )
    switch_ratio: float = setting(
        1.5,
        "Another person is clearly more prominent when their face is this many times as wide as that of the "
        "person in front (at the frame's edge a width counts half); a larger value changes the person less often",
        unit="times",
        low=1,
        high=10,
    )


@dataclass(frozen=True, slots=True)
class DescribedDetection:
    """A face of one frame, with the appearance that distinguishes its person from others."""

    detection: Detection
    appearance: Appearance


@dataclass(slots=True)
class Track:
    """A person who is followed, or something that was taken for a face."""

    track_id: int
    """A number that no other person has had."""
    seen: DescribedDetection
    """The face as it was last seen, at `seen_s` seconds."""
    seen_s: float
    speed: tuple[float, float] = (0.0, 0.0)
    """Pixels a second, to the right and downwards."""
    rejected: bool = False
    """Whether this is not a face: it is followed, but is not a person."""

    def expected(self, now: float) -> BoundingBox:
        """Return where the face is now, if its speed has not changed."""
        away_s = min(now - self.seen_s, 1.0)
        return self.seen.detection.box.moved(round(self.speed[0] * away_s), round(self.speed[1] * away_s))

    def follow(self, seen: DescribedDetection, now: float) -> None:
        """Take the face as it is seen now, and average its speed."""
        elapsed_s = now - self.seen_s
        if elapsed_s > 0:
            share = 1.0 - math.exp(-elapsed_s / SPEED_MEMORY_S)
            old, new = self.seen.detection.box.center, seen.detection.box.center
            across, down = ((after - before) / elapsed_s for before, after in zip(old, new, strict=True))
            self.speed = (
                self.speed[0] + share * (across - self.speed[0]),
                self.speed[1] + share * (down - self.speed[1]),
            )
        self.seen, self.seen_s = seen, now


class FaceTracker:
    """Follows everybody in view, and chooses the person in front; time is an argument, in seconds."""

    def __init__(self, settings: TrackingSettings, forget_s: float) -> None:
        """Forget a person who was not seen for `forget_s` seconds; whoever comes back later is a new person."""
        self._settings = settings
        self._forget_s = forget_s
        self._tracks: list[Track] = []
        self._last_id = 0
        self._primary: Track | None = None
        self._rival: int | None = None
        self._rival_s = 0.0

    @property
    def primary(self) -> Track | None:
        """The person in front; None when there is none, or when that person has been away for too long."""
        return self._primary

    def tracks(self) -> list[Track]:
        """Return all tracks, the rejected ones too."""
        return list(self._tracks)

    def people(self) -> list[Track]:
        """Return the tracks of all people."""
        return [track for track in self._tracks if not track.rejected]

    def seen_at(self, now: float) -> list[Track]:
        """Return the tracks that were seen in the frame of this time, the rejected ones too."""
        return [track for track in self._tracks if track.seen_s == now]

    def update(self, now: float, seen: Sequence[DescribedDetection], *, everywhere: bool) -> None:
        """Match the faces of a frame with the tracks; `everywhere` says that the whole frame was searched.

        After a search of the whole frame, people who were not seen for `forget_s` are forgotten.
        """
        largest = sorted(seen, key=lambda each: -each.detection.box.width)[:MOST_PEOPLE]
        for track, each in self._matched(now, largest):
            track.follow(each, now)
        if everywhere:
            self._tracks = [track for track in self._tracks if now - track.seen_s <= self._forget_s]
        elif self._primary is not None and now - self._primary.seen_s > self._forget_s:
            self._tracks.remove(self._primary)
        if self._primary not in self._tracks:
            self._primary = None

    def choose(self, now: float, frame_width: int) -> Track | None:
        """Return the person in front in this frame; None while that person is not seen in it.

        The choice stays the same until the person has been away for too long, or until another person has been
        clearly more prominent for `switch_s`. Between two searches of the whole frame the others count as they were
        last seen.
        """
        there = [track for track in self.seen_at(now) if not track.rejected]
        if self._primary is not None and self._primary.rejected:
            self._primary = None
        if self._primary is None:
            self._primary = _most_prominent(there, frame_width)
        best = _most_prominent(self.people(), frame_width)
        if best is not None and self._is_taken_over(best, now, frame_width) and best in there:
            self._primary = best
        return self._primary if self._primary in there else None

    def _is_taken_over(self, best: Track, now: float, frame_width: int) -> bool:
        primary = self._primary
        if primary is None or best is primary:
            self._rival = None
            return False
        own, other = (prominence(track.seen.detection.box, frame_width) for track in (primary, best))
        if other < own * self._settings.switch_ratio:
            self._rival = None
            return False
        if self._rival != best.track_id:
            self._rival, self._rival_s = best.track_id, now
        return now - self._rival_s >= self._settings.switch_s

    def _matched(self, now: float, seen: Sequence[DescribedDetection]) -> list[tuple[Track, DescribedDetection]]:
        """Match tracks and faces, the best pair first; a face that matches no track becomes a new track."""
        pairs = [(_mismatch(track, each, now), track, each) for track in self._tracks for each in seen]
        matched: list[tuple[Track, DescribedDetection]] = []
        taken: set[int] = set()
        for mismatch, track, each in sorted(pairs, key=lambda pair: pair[0]):
            if mismatch < math.inf and track.track_id not in taken and id(each) not in taken:
                matched.append((track, each))
                taken |= {track.track_id, id(each)}
        for each in seen:
            if id(each) not in taken and len(self._tracks) < MOST_PEOPLE:
                self._last_id += 1
                self._tracks.append(Track(self._last_id, each, now))
        return matched


def _mismatch(track: Track, seen: DescribedDetection, now: float) -> float:
    """Return how badly a face matches a track; infinity when it cannot be the same person."""
    expected, box = track.expected(now), seen.detection.box
    widths = expected.distance(box) / max(expected.width, box.width)
    stretch = max(expected.width, box.width) / min(expected.width, box.width)
    difference = track.seen.appearance.difference(seen.appearance)
    most = ANOTHER if expected.overlap(box) < 0.5 else SURELY_ANOTHER
    nearby = widths <= 0.5 + WIDTHS_PER_S * (now - track.seen_s)
    if not nearby or stretch > LONGEST_STRETCH or difference > most:
        return math.inf
    return widths + math.log(stretch) + 2 * difference


def _most_prominent(tracks: Sequence[Track], frame_width: int) -> Track | None:
    return max(tracks, key=lambda track: prominence(track.seen.detection.box, frame_width), default=None)


def prominence(box: BoundingBox, frame_width: int) -> float:
    """Return how much a face is in front: its width, which counts half at the left or right edge of the frame."""
    aside = abs(box.center[0] - frame_width / 2) / (frame_width / 2)
    return box.width * (1.0 - 0.5 * min(1.0, aside))
