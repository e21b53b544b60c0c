"""The face detectors that can be chosen: to add one, write its file and a line of `DETECTORS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.face.detector import FaceDetector
from assistant.networks.shipped import shipped_finder


def _haar(finder: Path) -> FaceDetector:  # noqa: ARG001 - it needs no network
    from assistant.face.detectors.haar import HaarDetector

    return HaarDetector()


def _finder(finder: Path) -> FaceDetector:
    from assistant.face.detectors.finder_file import load_finder

    return load_finder(finder)


def _both(finder: Path) -> FaceDetector:
    from assistant.face.detectors.both import HaarAndFinder
    from assistant.face.detectors.finder_file import load_finder
    from assistant.face.detectors.haar import HaarDetector

    return HaarAndFinder(HaarDetector(), load_finder(finder))


DETECTORS: Mapping[str, Callable[[Path], FaceDetector]] = {"both": _both, "haar": _haar, "finder": _finder}
"""What builds each, given the finder's file."""

DEFAULT = "both"


def build_detector(name: str = DEFAULT, finder: Path | None = None) -> FaceDetector:
    """The detector of this name; `finder` is the network's file, the shipped one by default.

    DetectorError or ModelError says what is missing.
    """
    return DETECTORS[name](finder or shipped_finder())
