"""The face detectors that can be chosen: to add one, write its file and a line of `DETECTORS`.

A detector's file has a function `build(finder)`, which is given the path of the learned finder's network. Nothing heavy
is imported here, so that the settings can take their texts from `DETECTORS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from assistant.face.detector import FaceDetector
from assistant.networks.shipped import shipped_finder

DetectorBuilder = Callable[[Path], FaceDetector]


@dataclass(frozen=True, slots=True)
class DetectorKind:
    """One face detector: what builds it, and what it is, in words."""

    build: DetectorBuilder
    text: str


def detector_file(module: str) -> DetectorBuilder:
    """Return the `build` of a detector's file, which is imported at the first call."""

    def build(finder: Path) -> FaceDetector:
        detector: FaceDetector = import_module(module).build(finder)
        return detector

    return build


DETECTORS: Mapping[str, DetectorKind] = {
    "both": DetectorKind(detector_file("assistant.face.detectors.both"), "the cascade first, then the learned finder"),
    "haar": DetectorKind(detector_file("assistant.face.detectors.haar"), "OpenCV's Haar cascade alone"),
    "finder": DetectorKind(detector_file("assistant.face.detectors.finder_file"), "the learned finder alone"),
}
"""Each detector by its name."""

DEFAULT = "both"


def build_detector(
    name: str = DEFAULT, finder: Path | None = None, detectors: Mapping[str, DetectorKind] = DETECTORS
) -> FaceDetector:
    """Build the detector of this name; `finder` is the learned finder's network, by default the shipped one.

    DetectorError or ModelError says what is missing.
    """
    import cv2

    # OpenCV has one number of threads for the whole process, and whatever detects faces begins here: on pictures this
    # small, more threads cost more than they bring.
    cv2.setNumThreads(1)
    return detectors[name].build(finder or shipped_finder())


def detector_help(detectors: Mapping[str, DetectorKind] = DETECTORS) -> str:
    """Return each detector's name with what it is."""
    return ", ".join(f"{name} ({kind.text})" for name, kind in detectors.items())
