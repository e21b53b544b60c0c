"""Turns a frame into an observation: detect, follow, crop, classify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from assistant.emotion.observation import ClassifiedFace, EmotionClassifier, Observation
from assistant.emotion.preprocess import as_gray, resize_face, standardise, upright_crop
from assistant.emotion.single_face import classify_face
from assistant.face.appearance import THUMBNAIL_PX, Appearance, clothes_below
from assistant.face.detector import SAME_PLACE, Detection, FaceDetector, distinct
from assistant.face.evidence import TrackEvidence
from assistant.face.follower import FaceFollower
from assistant.face.head_motion import HeadMotionMeter
from assistant.face.position import placement
from assistant.face.reject_reason import RejectReason
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import DescribedDetection, FaceTracker, Track, prominence

Gray = npt.NDArray[np.uint8]

MOST_CLASSIFIED = 4
"""At most this many faces a frame are classified: the one in front, and detections that may not be a face."""

SAME_LOOK = 0.98
"""A followed face that is at least this like the one that was classified keeps its scores."""


class Perception:
    """Follows the people in a stream of frames, and classifies the face in front."""

    def __init__(  # noqa: PLR0913 - what it joins
        self,
        detector: FaceDetector,
        classifier: EmotionClassifier,
        tracker: FaceTracker,
        schedule: ScanSchedule,
        *,
        view_deg: float = 52.0,
        motion_meter: HeadMotionMeter | None = None,
    ) -> None:
        """The camera sees `view_deg` from the left edge of its picture to the right one.

        Without a `motion_meter`, the movement of the head is not measured.
        """
        self._motion_meter = motion_meter
        self._detector = detector
        self._classifier = classifier
        self._tracker = tracker
        self._schedule = schedule
        self._view_deg = view_deg
        self._evidence = TrackEvidence()
        self._follower = FaceFollower()
        self._classified: dict[int, ClassifiedFace] = {}
        """The faces that were classified in the last frame, by their tracks."""

    def perceive(self, picture: npt.NDArray[np.generic], now: float, *, still: bool = False) -> Observation:
        """Return what a frame shows, which was taken at `now` seconds, in gray or in colours (see `as_gray`).

        `still` says that nobody has been there for long and nothing moves: then the frame is searched less often.
        """
        gray = as_gray(picture)
        if not gray.size:
            return Observation(None)
        followed = self._follow_primary(gray, now)
        if not followed:
            self._find(gray, now, still=still)
            self._classified = self._classify_unsure(gray, now)
        primary = self._tracker.choose(now, gray.shape[1])
        people = len(self._tracker.people())
        if primary is None:
            self._follower.forget()
            return Observation(None, people=people)
        face = self._classified.get(primary.track_id) or self._classify(gray, primary, now)
        self._classified = {primary.track_id: face}
        if not followed:
            self._follower.begin(gray, primary.seen.detection)
        meter = self._motion_meter
        motion = None if meter is None else meter.measure(gray, now, primary.track_id, face.box)
        where = placement(face.box, (gray.shape[1], gray.shape[0]), self._view_deg)
        return Observation(face, primary.track_id, people, where, motion)

    def _follow_primary(self, gray: Gray, now: float) -> bool:
        """Follow the face in front by its looks, unless a search is due; return whether that succeeded.

        A face that still looks the same keeps its scores; one that has changed is classified again.
        """
        primary = self._tracker.primary
        if primary is None or primary.track_id not in self._classified:
            return False
        if self._schedule.is_near_due(now) or self._schedule.is_due(now, len(self._tracker.people())):
            return False
        followed = self._follower.follow(gray)
        if followed is None:
            return False
        seen = replace(primary.seen, detection=followed.detection)
        self._tracker.update(now, [seen], everywhere=False)
        before = self._classified.pop(primary.track_id)
        if followed.likeness >= SAME_LOOK:
            self._classified[primary.track_id] = replace(before, box=followed.detection.box)
        return True

    def _find(self, gray: Gray, now: float, *, still: bool) -> None:
        """Detect faces, and match them with the tracks."""
        detections, everywhere = self._detect(gray, now, still=still)
        inside = [each for each in detections if each.box.clipped(gray.shape[1], gray.shape[0])]
        self._tracker.update(now, [described(gray, each) for each in inside], everywhere=everywhere)
        self._evidence.keep_only({track.track_id for track in self._tracker.tracks()})

    def _detect(self, gray: Gray, now: float, *, still: bool) -> tuple[Sequence[Detection], bool]:
        """Detect faces near the one in front; in all of the frame, and True, when that is due or that one is lost."""
        self._schedule.searched_near(now)
        near, lost = self._detect_near(gray)
        people = len(self._tracker.people()) if near else 0
        if not lost and not self._schedule.is_due(now, people, still=still):
            return near, False
        self._schedule.scanned(now)
        return self._detect_everywhere(gray, near), True

    def _detect_near(self, gray: Gray) -> tuple[Sequence[Detection], bool]:
        """Detect faces near the one in front; also whether there was one, and it is lost."""
        primary = self._tracker.primary
        if primary is None:
            return [], False
        near = self._detector.detect(gray, self._schedule.region(primary.seen.detection.box))
        return near, not near

    def _detect_everywhere(self, gray: Gray, near: Sequence[Detection]) -> Sequence[Detection]:
        """Detect faces in all of the frame; where all were rejected before, search once more for others."""
        found = distinct([*near, *self._detector.detect(gray, known=near)])
        if near or not found or any(self._is_new(each) for each in found):
            return found
        return distinct([*found, *self._detector.detect(gray, known=found)])

    def _is_new(self, detection: Detection) -> bool:
        rejected = (track.seen.detection.box for track in self._tracker.tracks() if track.rejected)
        return all(detection.box.overlap(box) < SAME_PLACE for box in rejected)

    def _classify_unsure(self, gray: Gray, now: float) -> dict[int, ClassifiedFace]:
        """Classify the face in front, and those that may not be a face: new ones, and those rejected before."""
        width = gray.shape[1]
        seen = sorted(self._tracker.seen_at(now), key=lambda track: -prominence(track.seen.detection.box, width))
        unsure = [track for track in seen if self._is_unsure(track)]
        for track in unsure[MOST_CLASSIFIED:]:  # what the detector doubts waits until the network can be asked
            evidence = track.seen.detection.evidence
            track.rejected |= evidence is not None and evidence < 0
        return {
            track.track_id: self._classify(gray, track, now, thoroughly=track is unsure[0])
            for track in unsure[:MOST_CLASSIFIED]
        }

    def _is_unsure(self, track: Track) -> bool:
        return track is self._tracker.primary or track.rejected or not self._evidence.has_evidence(track.track_id)

    def _classify(self, gray: Gray, track: Track, now: float, *, thoroughly: bool = True) -> ClassifiedFace:
        """Classify a track's face, and reject the track where the evidence says that it is not a face.

        Only one face a frame is classified `thoroughly`, with further crops where there is doubt, because that takes
        long; the evidence of the others adds up over frames.
        """
        detection = track.seen.detection
        face, evidence = classify_face(gray, detection, self._classifier, thoroughly=thoroughly)
        network_alone = detection.evidence is None
        track.rejected = not self._evidence.update(now, track.track_id, evidence, network_alone=network_alone)
        return face


def classify_faces(
    picture: npt.NDArray[np.generic], detector: FaceDetector, classifier: EmotionClassifier
) -> list[ClassifiedFace]:
    """Classify every face of a single picture, the largest first."""
    gray = as_gray(picture)
    if not gray.size:
        return []
    found = detector.detect(gray)
    if found:
        found = distinct([*found, *detector.detect(gray, known=found)])
    classified = [classify_face(gray, each, classifier)[0] for each in found]
    faces = [face for face in classified if face.reason is not RejectReason.NOT_A_FACE]
    return sorted(faces, key=lambda face: -face.box.area)


def described(gray: Gray, detection: Detection) -> DescribedDetection:
    """Return a detection with the appearance that distinguishes its person from others."""
    thumbnail = standardise(resize_face(upright_crop(gray, detection.box, detection.roll_deg), THUMBNAIL_PX))
    return DescribedDetection(detection, Appearance(thumbnail, clothes_below(gray, detection.box)))
