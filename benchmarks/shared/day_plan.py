"""The plan of a wearer's day: its steps, and what the simulated camera shows at each time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Any

TALK = "talk"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at `at_s` seconds."""

    at_s: float
    what: str
    show: str | None = None
    """A script of the simulated camera, or `talk`."""
    press: str | None = None
    battery: float | None = None
    viewers: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the simulated camera shows from `start_s` on: a word with its marks."""

    start_s: float
    word: str
    seconds: float

    def is_called(self, said: str) -> bool:
        """Return whether an English phrase names the emotion that is shown."""
        emotion = self.word.partition("+")[0]
        return emotion in said or (emotion == "surprise" and "surprised" in said)


@dataclass(frozen=True)
class Day:
    """A day as it is planned in a table of `day.toml`; the same seed gives the same day."""

    plan: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Values of the settings that differ from their defaults, by section."""

    @property
    def length_s(self) -> float:
        """The length of the day in seconds."""
        return 60.0 * float(self.plan["minutes"])

    @property
    def steps(self) -> Sequence[Step]:
        """The steps, in their order."""
        rows: Sequence[Mapping[str, Any]] = self.plan["step"]
        steps = [Step(_seconds(row["at"]), **{name: row[name] for name in row if name != "at"}) for row in rows]
        return [step for step in steps if step.at_s < self.length_s]

    def shown(self) -> Sequence[Shown]:
        """Return what the camera shows, from the beginning to the end."""
        rng = random.Random(self.plan["seed"])  # noqa: S311 - a day is no secret
        shows = [(step.at_s, step.show) for step in self.steps if step.show is not None]
        ends = [*(at_s for at_s, _ in shows[1:]), self.length_s]
        return [
            each
            for (at_s, show), end_s in zip(shows, ends, strict=True)
            for each in self._until(rng, show, at_s, end_s)
        ]

    def _until(self, rng: random.Random, show: str, at_s: float, end_s: float) -> Iterator[Shown]:
        while at_s < end_s:
            for word, seconds in self._talk(rng, show) if show.startswith(TALK) else _entries(show):
                lasts_s = min(seconds, end_s - at_s)
                if lasts_s > 0:
                    yield Shown(at_s, word, lasts_s)
                at_s += lasts_s

    def _talk(self, rng: random.Random, show: str) -> Iterator[tuple[str, float]]:
        """Yield one face of a conversation."""
        talk = self.plan["talk"]
        face, look = (rng.choices(list(each), list(each.values()))[0] for each in (talk["faces"], talk["looks"]))
        yield f"{face}{look}{show.removeprefix(TALK)}", rng.uniform(*talk["face_s"])

    def camera(self) -> str:
        """Return the script of the simulated camera."""
        return ", ".join(f"{each.word} {each.seconds:.3f}" for each in self.shown())

    def shown_at(self, t_s: float) -> tuple[Shown, float]:
        """Return what is shown at a time, and for how many seconds that has been so."""
        begun = [each for each in self.shown() if each.start_s <= t_s]
        same = list(takewhile(lambda each: each.word == begun[-1].word, reversed(begun)))
        return begun[-1], t_s - same[-1].start_s

    def charge_at(self, t_s: float) -> float:
        """Return the charge of the battery in percent; it falls evenly from one step that names it to the next."""
        known = [(step.at_s, step.battery) for step in self.steps if step.battery is not None]
        for (start_s, first), (end_s, last) in pairwise(known):
            if start_s <= t_s < end_s:
                return first + (last - first) * (t_s - start_s) / (end_s - start_s)
        return known[-1][1]


def _entries(show: str) -> Iterator[tuple[str, float]]:
    for entry in show.split(", "):
        word, seconds = entry.split(" ")
        yield word, float(seconds)


def _seconds(at: str) -> float:
    minutes, seconds = at.split(":")
    return 60.0 * int(minutes) + int(seconds)
