"""How often an emotion or a person is announced although nobody is there.

    python benchmarks/silence.py [--minutes 30] [--faces faces/] [--clip FILE ...]

The photographs without people come with scikit-image; none was used in training. With `--faces`, every seventh scene
without people of the part that the finder's training never sees is added (docs/finder.md says what the folder has). The
pictures are shown as a worn camera would show them: moving, nearer and farther, brighter and darker, noisy. The frames
go through detection, tracking, network, debouncer and announcer, with presence switched on. A recording that is given
by `--clip` should show nobody who could be announced.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from shared.clips import recorded_frames
from shared.command_line import benchmark_parser, existing_path
from shared.headset import headset_perception, shipped_classifier
from shared.photographs import WITHOUT_PEOPLE, gray_photograph

from assistant.app.configuration.settings import Settings
from assistant.emotion.debouncing.debounce import Debouncer
from assistant.frame import Frame
from assistant.pictures.reading import Gray
from assistant.speech.announcer import Announcer
from assistant.speech.announcer_settings import AnnouncerSettings
from quantize.finder.export.validation import Validation

SIZE = (640, 480)
FPS = 15


def wandering(gray: Gray, seconds: float, seed: int) -> Iterator[Frame]:
    """Yield the frames of a camera that wanders over a photograph."""
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
        yield Frame(np.clip(frame + rng.normal(0, 4, frame.shape), 0, 255).astype(np.uint8), t_s)


def said(frames: Iterator[Frame]) -> tuple[float, Counter[str]]:
    """Return the length of these frames in seconds, and how often each phrase would be said."""
    settings, classifier = Settings(), shipped_classifier()
    perception, debouncer = headset_perception(classifier=classifier), Debouncer(settings.debounce, classifier.bounds)
    announcer = Announcer(replace(AnnouncerSettings(), presence=True))
    phrases: Counter[str] = Counter()
    t_s = 0.0
    for frame in frames:
        t_s = frame.t_s
        seen = perception.perceive(frame.gray, t_s)
        for change in debouncer.update(t_s, seen):
            if (announcement := announcer.announcement_for(change, seen, t_s)) is not None:
                phrases[announcement.parts[0]] += 1
    return t_s, phrases


def sources(minutes: float, faces: Path | None, clips: list[Path]) -> Iterator[tuple[str, Iterator[Frame]]]:
    """Yield the name and the frames of each picture, shown for equal parts of the time, and of each recording."""
    pictures = {name: gray_photograph(name) for name in WITHOUT_PEOPLE}
    if faces:
        pictures |= {f"scene {i}": scene for i, scene in enumerate(Validation(faces).empty) if i % 7 == 0}
    for seed, (name, picture) in enumerate(pictures.items()):
        yield name, wandering(picture, 60 * minutes / len(pictures), seed)
    for clip in clips:
        yield clip.name, recorded_frames(clip)


def main() -> int:
    """Print what would be said; return 1 when that is an emotion or a person."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="how long the pictures are shown (default: 30)")
    parser.add_argument("--faces", type=Path, metavar="faces/", help="the folder from which `quantize finder` learns")
    parser.add_argument(
        "--clip",
        type=existing_path,
        action="append",
        default=[],
        metavar="FILE",
        help="a recording; may be given again",
    )
    arguments = parser.parse_args()
    total_s, all_phrases = 0.0, Counter[str]()
    for name, frames in sources(arguments.minutes, arguments.faces, arguments.clip):
        seconds, phrases = said(frames)
        total_s += seconds
        all_phrases += phrases
        print(f"{name:<28}{seconds / 60:6.1f} minutes   {dict(phrases) or 'nothing'}", flush=True)
    emotions = sum(count for phrase, count in all_phrases.items() if "." in phrase)
    announced = f"{emotions} emotions (limit 0), {all_phrases['arrived']} people (limit 0)"
    print(f"{'all':<28}{total_s / 60:6.1f} minutes   {announced}")
    return int(sum(all_phrases.values()) > 0)


if __name__ == "__main__":
    sys.exit(main())
