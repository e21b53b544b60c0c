"""The evidence for and against a face, in one picture and in a stream of frames."""

from __future__ import annotations

import math

import pytest

from assistant.face.evidence import (
    KNOWN,
    KNOWN_AFTER_S,
    LEAST_DOUBT,
    NETWORK_WEIGHT,
    NEW,
    NOT_A_FACE_FROM,
    TrackEvidence,
    face_evidence,
    log_odds,
    veto_evidence,
)

FPS = 15
TRACK = 7


def decisions(*scenes: tuple[float, float | None], network_alone: bool = False) -> list[tuple[float, bool]]:
    """Give the evidence of each scene (seconds, log odds or None) frame by frame; return each changed decision."""
    evidence, changes, frame = TrackEvidence(), [], 0
    for seconds, given in scenes:
        for _ in range(round(seconds * FPS)):
            is_face = evidence.update(frame / FPS, TRACK, given, network_alone=network_alone)
            if not changes or changes[-1][1] != is_face:
                changes.append((round(frame / FPS, 2), is_face))
            frame += 1
    return changes


CASES = {
    "much evidence makes a face at once": ([(1, NEW)], [(0.0, True)]),
    "a new track needs more than a single picture": ([(5, NEW - 0.01)], [(0.0, False)]),
    "a face that is known needs less": ([(3, 1.0), (5, KNOWN + 0.01)], [(0.0, True)]),
    "a face that is known still needs something": ([(3, 1.0), (3, -2.0)], [(0.0, True), (3.13, False)]),
    "one doubtful frame is averaged away": ([(3, 1.0), (1 / FPS, -2.0), (3, 1.0)], [(0.0, True)]),
    "who was rejected is new again": (
        [(3, 1.0), (1, -2.0), (3, 0.0), (3, 2 * NEW)],
        [(0.0, True), (3.13, False), (7.2, True)],
    ),
    "without evidence a new track is a face": ([(3, None)], [(0.0, True)]),
    "without evidence the decision stays": ([(1, -1.0), (3, None)], [(0.0, False)]),
    "the time without evidence makes a face known": ([(3, None), (3, 0.0)], [(0.0, True)]),
}


@pytest.mark.parametrize(("scenes", "expected"), CASES.values(), ids=CASES.keys())
def test_a_track_is_a_face(scenes, expected):
    """The first decision and the time of each change are as in each case of the table above."""
    assert decisions(*scenes) == expected


@pytest.mark.parametrize(("evidence", "is_face"), [(0.01, True), (-0.01, False)])
def test_the_network_alone_decides_from_0_on(evidence, is_face):
    """Without log odds of the detector, the needed evidence is zero from the first frame on."""
    assert decisions((5, evidence), network_alone=True) == [(0.0, is_face)]


def test_the_need_falls_steadily():
    """After half of the time, the needed evidence has fallen by half."""
    half = (NEW + KNOWN) / 2
    for given, is_face in ((half + 0.01, True), (half - 0.01, False)):
        evidence = TrackEvidence()
        assert evidence.update(0.0, TRACK, None)
        assert evidence.update(KNOWN_AFTER_S / 2, TRACK, given) is is_face


def test_each_track_has_its_own_evidence():
    """A track that was forgotten begins anew, and a track without evidence has none."""
    evidence = TrackEvidence()
    assert not evidence.update(0.0, 1, -1.0)
    assert evidence.update(0.0, 2, 1.0)
    assert evidence.update(0.0, 3, None)
    assert [evidence.has_evidence(track_id) for track_id in (1, 2, 3, 4)] == [True, True, False, False]
    evidence.keep_only({2, 3})
    assert [evidence.has_evidence(track_id) for track_id in (1, 2, 3)] == [False, True, False]
    assert evidence.update(0.1, 1, 1.0)


@pytest.mark.parametrize(
    ("found", "face_log_odds", "expected"),
    [(0.7, None, 0.7), (0.7, 0.0, 0.7), (0.0, 2.0, 2 * NETWORK_WEIGHT), (-1.0, -2.0, -1 - 2 * NETWORK_WEIGHT)],
)
def test_the_evidence_of_one_picture(found, face_log_odds, expected):
    """The detector's log odds count whole, those of the emotion network by their weight."""
    assert face_evidence(found, face_log_odds) == pytest.approx(expected)


def test_the_network_rejects_from_its_threshold_on():
    """Where the detector gives no log odds, the probability of "not a face" decides."""
    assert veto_evidence(0.01, threshold=0.01) == pytest.approx(0.0)
    assert veto_evidence(0.5, NOT_A_FACE_FROM) < 0 < veto_evidence(0.0, NOT_A_FACE_FROM)


@pytest.mark.parametrize("probability", [0.0, LEAST_DOUBT, 0.1, 0.5, 0.9, 1.0])
def test_log_odds_are_finite(probability):
    """The logistic function leads from the log odds back to the probability."""
    assert 1 / (1 + math.exp(-log_odds(probability))) == pytest.approx(probability, abs=2 * LEAST_DOUBT)
