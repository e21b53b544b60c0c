"""From a frame to what is seen in it: find, follow, crop, judge."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from assistant.emotion.observation import ClassifiedFace, EmotionClassifier, Observation
from assistant.emotion.preprocess import as_gray, resize_face, standardise, upright_crop
from assistant.face.appearance import THUMBNAIL_PX, Appearance, clothes_below
from assistant.face.detector import SAME_PLACE, Detection, FaceDetector, distinct
from assistant.face.position import placement
from assistant.face.quality import RejectReason, face_evidence, reject_reason, sharpness, weight
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import DescribedDetection, FaceTracker, Track, prominence

Gray = npt.NDArray[np.uint8]

MOST_CLASSIFIED = 4
"""Faces in one frame: the one in front, and new ones, which may be none at all."""

TOLD_FROM_NONE = (None, RejectReason.TURNED_AWAY, RejectReason.BLURRED)
"""In these pictures the model can still tell a face from none; in dark or tiny ones it cannot."""

EVIDENCE_MEMORY_S = 0.3
"""Over about this long the evidence for a face is averaged: blinking turns nobody into a curtain."""

NEW, KNOWN, KNOWN_AFTER_S = 0.5, -0.3, 2.0
"""A new person needs evidence of `NEW`. The need falls to `KNOWN` while the person stays for `KNOWN_AFTER_S` seconds.

A stream has many frames, and each may take something else for a face. So it needs more than a single picture, which
needs 0.
"""


def classify_face(gray: Gray, found: Detection, classifier: EmotionClassifier) -> tuple[ClassifiedFace, float | None]:
    """Judge a face; also the evidence that it is one, None where nothing tells; with less than 0 it is not judged.

    The crop is the detection's box as it is: run on FER-2013's own pictures, Haar's box is 0.99 of the picture
    wide and centred in it (medians, benchmarks/haar_frame.py), so this is what the network learned from.
    """
    box, pose = found.box, found.pose
    crop = upright_crop(gray, box, found.roll_deg)
    face = resize_face(crop) if crop.size else crop
    sharp = sharpness(face) if face.size else 0.0
    yaw_deg = 0.0 if pose is None or found.is_upright else pose.yaw_deg  # the frontal cascade finds none turned far
    reason = reject_reason(box.width, face, sharp, yaw_deg=yaw_deg)
    said = classifier.classify(face) if reason in TOLD_FROM_NONE else None
    evidence = face_evidence(found.evidence, None if said is None else said.not_a_face)
    if evidence is not None and evidence < 0:
        reason = RejectReason.NOT_A_FACE
    if said is None:
        return ClassifiedFace(box, None, reason, pose), evidence
    scores = said.scores if reason is None else None
    return ClassifiedFace(box, scores, reason, pose, weight(sharp, said.not_a_face)), evidence


def classify_faces(
    picture: npt.NDArray[np.generic], detector: FaceDetector, classifier: EmotionClassifier
) -> list[ClassifiedFace]:
    """Judge every face of a picture, the largest first."""
    gray = as_gray(picture)
    if not gray.size:
        return []
    found = detector.detect(gray)
    if found:
        found = distinct([*found, *detector.detect(gray, known=found)])
    judged = [classify_face(gray, each, classifier)[0] for each in found]
    faces = [face for face in judged if face.reason is not RejectReason.NOT_A_FACE]
    return sorted(faces, key=lambda face: -face.box.area)


class Perception:
    """Follows the people in a stream of frames, and judges the face in front."""

    def __init__(
        self,
        detector: FaceDetector,
        classifier: EmotionClassifier,
        tracker: FaceTracker,
        schedule: ScanSchedule,
        *,
        view_deg: float = 52.0,
    ) -> None:
        """The camera sees `view_deg` from its picture's left edge to its right one."""
        self._detector = detector
        self._classifier = classifier
        self._tracker = tracker
        self._schedule = schedule
        self._view_deg = view_deg
        self._evidence: dict[int, tuple[float, float]] = {}
        """Of each person: the log odds that theirs is a face, averaged, and when that was last seen."""
        self._since_s: dict[int, float] = {}
        """Since when each person counts as one."""

    def perceive(self, picture: npt.NDArray[np.generic], now: float) -> Observation:
        """Look at a frame, gray or in colours, taken at `now` seconds."""
        gray = as_gray(picture)
        if not gray.size:
            return Observation(None)
        found, everywhere = self._find(gray, now)
        inside = [each for each in found if each.box.clipped(gray.shape[1], gray.shape[0])]
        self._tracker.update(now, [with_appearance(gray, each) for each in inside], everywhere=everywhere)
        judged = self._classify_new(gray, now)
        primary = self._tracker.choose(now, gray.shape[1])
        people = len(self._tracker.people())
        self._forget_evidence()
        if primary is None:
            return Observation(None, people=people)
        face = judged.get(primary.track_id) or self._classify(gray, primary, now)
        return Observation(face, primary.track_id, people, placement(face.box, gray.shape[1], self._view_deg))

    def _forget_evidence(self) -> None:
        followed = {track.track_id for track in self._tracker.tracks()}
        self._evidence = {track_id: each for track_id, each in self._evidence.items() if track_id in followed}
        self._since_s = {track_id: since_s for track_id, since_s in self._since_s.items() if track_id in followed}

    def _find(self, gray: Gray, now: float) -> tuple[list[Detection], bool]:
        """Faces near the one in front, or in all of the frame when it is due or that one is lost."""
        primary = self._tracker.primary
        region = None if primary is None else self._schedule.region(primary.seen.face.box)
        near = [] if region is None else list(self._detector.detect(gray, region))
        people = len(self._tracker.people()) if near else 0
        lost = primary is not None and not near
        if not lost and not self._schedule.is_due(now, people):
            return near, False
        self._schedule.scanned(now)
        return self._everywhere(gray, near), True

    def _everywhere(self, gray: Gray, near: list[Detection]) -> list[Detection]:
        """Faces in all of the frame; past those that were refused before, the search goes on."""
        found = distinct([*near, *self._detector.detect(gray, known=near)])
        if near or not found or any(self._is_new(each) for each in found):
            return found
        return distinct([*found, *self._detector.detect(gray, known=found)])

    def _is_new(self, found: Detection) -> bool:
        rejected = (track.seen.face.box for track in self._tracker.tracks() if track.rejected)
        return all(found.box.overlap(box) < SAME_PLACE for box in rejected)

    def _classify_new(self, gray: Gray, now: float) -> dict[int, ClassifiedFace]:
        """Judge the one in front, and who may be none: those that nobody has judged, and those refused before."""
        primary, width = self._tracker.primary, gray.shape[1]
        seen = sorted(self._tracker.seen_at(now), key=lambda track: -prominence(track.seen.face.box, width))
        asked = [track for track in seen if track is primary or track.rejected or track.track_id not in self._evidence]
        return {track.track_id: self._classify(gray, track, now) for track in asked[:MOST_CLASSIFIED]}

    def _classify(self, gray: Gray, track: Track, now: float) -> ClassifiedFace:
        found = track.seen.face
        known_s = now - self._since_s.get(track.track_id, now)
        least = 0.0 if found.evidence is None else NEW + (KNOWN - NEW) * min(1.0, known_s / KNOWN_AFTER_S)
        face, evidence = classify_face(gray, found, self._classifier)
        if evidence is not None:
            before, before_s = self._evidence.get(track.track_id, (evidence, now))
            share = 1.0 - math.exp(-(now - before_s) / EVIDENCE_MEMORY_S)
            average = before + share * (evidence - before)
            self._evidence[track.track_id] = (average, now)
            track.rejected = average < least
        if track.rejected:
            self._since_s.pop(track.track_id, None)
        else:
            self._since_s.setdefault(track.track_id, now)
        return face


def with_appearance(gray: Gray, found: Detection) -> DescribedDetection:
    """The face, with what tells its person from others."""
    thumbnail = standardise(resize_face(upright_crop(gray, found.box, found.roll_deg), THUMBNAIL_PX))
    return DescribedDetection(found, Appearance(thumbnail, clothes_below(gray, found.box)))
