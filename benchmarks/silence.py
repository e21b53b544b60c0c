"""Whether anything is said where nobody is: a camera that wanders over photographs without people, and recordings.

    python benchmarks/silence.py [--minutes 30] [--faces faces/] [--clip FILE ...]

The photographs come with scikit-image; none was used in training. With `--faces`, every seventh scene without people of
the part that the finder's training never sees is added (docs/finder.md says what the folder holds). They are shown as
a worn camera would show them: moving, nearer and farther, brighter and darker, noisy. All goes through detection,
tracking, model, state machine and announcer, with presence switched on. A recording given by `--clip` should show
nobody who could be spoken of.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from not_faces import WITHOUT_PEOPLE
from skimage import data as photographs

from assistant.app.settings import Settings
from assistant.camera.drivers.recording import ReplaySource
from assistant.emotion.debounce import Debouncer
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.networks.shipped import shipped_model
from assistant.speech.announcer import Announcer, AnnouncerSettings, card_wordings
from quantize.finder.export.validation import Validation

Gray = npt.NDArray[np.uint8]
SIZE = (640, 480)
FPS = 15


def photograph(name: str) -> Gray:
    """One of scikit-image's, gray."""
    picture = np.asarray(getattr(photographs, name)())
    return np.asarray(picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def wandering(gray: Gray, seconds: float, seed: int) -> Iterator[tuple[float, Gray]]:
    """Frames with their times of a camera that wanders over a photograph."""
    rng = np.random.default_rng(seed)
    height, width = gray.shape
    pace = rng.uniform(0.05, 0.3, 5)
    for number in range(round(seconds * FPS)):
        t_s = number / FPS
        across, down, near, turn, light = np.sin(2 * np.pi * (pace * t_s + np.arange(5) / 5))
        scale = SIZE[0] / width * (1.6 + 0.6 * near)
        place = (width / 2 + 0.15 * width * across, height / 2 + 0.15 * height * down)
        matrix = cv2.getRotationMatrix2D(place, 10 * turn, scale)
        matrix[:, 2] += (SIZE[0] / 2 - width / 2, SIZE[1] / 2 - height / 2)
        frame = cv2.warpAffine(gray, matrix, SIZE, borderMode=cv2.BORDER_REFLECT) * (1 + 0.3 * light)
        yield t_s, np.clip(frame + rng.normal(0, 4, frame.shape), 0, 255).astype(np.uint8)


def recorded(clip: Path) -> Iterator[tuple[float, Gray]]:
    """The frames of a recording."""
    source = ReplaySource(clip)
    source.open()
    while (frame := source.grab()) is not None:
        yield frame.t_s, frame.gray


def said(frames: Iterator[tuple[float, Gray]]) -> tuple[float, Counter[str]]:
    """How many seconds that were, and how often each phrase would be said."""
    settings = Settings()
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    classifier = TFLiteClassifier(shipped_model())
    perception = Perception(build_detector(), classifier, tracker, ScanSchedule(settings.search))
    debouncer, announcer = (
        Debouncer(settings.debounce),
        Announcer(replace(AnnouncerSettings(), presence=True), card_wordings(classifier.card.speaking())),
    )
    phrases: Counter[str] = Counter()
    t_s = 0.0
    for t_s, frame in frames:
        seen = perception.perceive(frame, t_s)
        scores, weight = (seen.face.scores, seen.face.weight) if seen.face else (None, 0.0)
        for change in debouncer.update(t_s, seen.track_id, scores, weight):
            if (announcement := announcer.announcement_for(change, seen, t_s)) is not None:
                phrases[announcement.parts[0]] += 1
    return t_s, phrases


def main() -> int:
    """Print what was said; 1 when that was an emotion, or that somebody is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--faces", type=Path, help="the folder that `quantize finder` learns from")
    parser.add_argument("--clip", type=Path, action="append", default=[])
    arguments = parser.parse_args()
    pictures = {name: photograph(name) for name in WITHOUT_PEOPLE}
    if arguments.faces:
        pictures |= {f"scene {i}": scene for i, scene in enumerate(Validation(arguments.faces).empty) if i % 7 == 0}
    each_s = 60 * arguments.minutes / len(pictures)
    sources = {name: wandering(picture, each_s, seed) for seed, (name, picture) in enumerate(pictures.items())}
    sources |= {clip.name: recorded(clip) for clip in arguments.clip}
    total_s, all_phrases = 0.0, Counter[str]()
    for name, frames in sources.items():
        seconds, phrases = said(frames)
        total_s += seconds
        all_phrases += phrases
        print(f"{name:<28}{seconds / 60:6.1f} minutes   {dict(phrases) or 'nothing'}", flush=True)
    emotions = sum(count for phrase, count in all_phrases.items() if "." in phrase)
    print(f"{'all':<28}{total_s / 60:6.1f} minutes   {emotions} emotions, {all_phrases['arrived']} people (limit 0)")
    return int(sum(all_phrases.values()) > 0)


if __name__ == "__main__":
    sys.exit(main())
