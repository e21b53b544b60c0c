"""What a data set holds: how many of each emotion, what is double, blank or broken, how FER+ sees it."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assistant.errors import DataError
from quantize.data.dataset import DataSet, entries
from quantize.data.ferplus import Votes, majority
from quantize.data.samples import SEVEN, Entry, Gray
from quantize.progress import shown

BLANK_DEVIATION = 3.0
"""Gray levels: with less there is nothing to see."""

SAMPLES_PER_EMOTION = 10


@dataclass(slots=True)
class Statistics:
    """Gathered picture by picture; `problems` and `blank` name places."""

    counts: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    problems: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    met: dict[bytes, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    """For each picture's digest where it was met: (usage, label)."""
    rows: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """For each usage (row, label)."""
    samples: dict[int, list[Gray]] = field(default_factory=lambda: defaultdict(list))
    """Some pictures of each label, drawn evenly from all."""

    def add(self, entry: Entry, label: int, picture: Gray, rng: np.random.Generator) -> None:
        """Count one picture."""
        self.counts[entry.usage][label] += 1
        self.rows[entry.usage].append((entry.row, label))
        self.met[hashlib.sha256(picture.tobytes()).digest()].append((entry.usage, label))
        if picture.std() < BLANK_DEVIATION:
            self.blank.append(entry.place)
        self._sample(label, picture, rng)

    def _sample(self, label: int, picture: Gray, rng: np.random.Generator) -> None:
        """Reservoir sampling (J. Vitter, 1985): after n pictures each was kept with the same chance."""
        kept, seen = self.samples[label], sum(counts[label] for counts in self.counts.values())
        if len(kept) < SAMPLES_PER_EMOTION:
            kept.append(picture)
        elif (place := int(rng.integers(0, seen))) < SAMPLES_PER_EMOTION:
            kept[place] = picture

    def doubles(self) -> dict[str, Any]:
        """Pictures that are there again: within each part, across parts, and with another label."""
        again = [places for places in self.met.values() if len(places) > 1]
        usages = [Counter(usage for usage, _ in places) for places in again]
        return {
            "within": {usage: sum(max(0, each[usage] - 1) for each in usages) for usage in self.counts},
            "across": sum(len(each) > 1 for each in usages),
            "with_another_label": sum(len({label for _, label in places}) > 1 for places in again),
        }


def gather(stream: Iterable[Entry], seed: int, *, strict: bool) -> Statistics:
    """Count a stream of entries; a bad one is noted, or with `strict` raised as DataError."""
    statistics, rng = Statistics(), np.random.default_rng(seed)
    for entry in stream:
        try:
            label, picture = entry.load()
        except DataError as error:
            if strict:
                raise
            statistics.problems.append(str(error))
        else:
            statistics.add(entry, label, picture, rng)
    return statistics


def agreement(statistics: Statistics, votes: Votes) -> dict[str, Any]:
    """How FER+'s majority and FER-2013's labels agree: by usage, and as a table (rows: FER-2013, columns: FER+).

    The share is None for a usage in which no picture has a majority that is one of the seven emotions.
    """
    table, shares = np.zeros((len(SEVEN), len(SEVEN)), dtype=np.int64), {}
    for usage, pairs in statistics.rows.items():
        row, label = np.array(pairs, dtype=np.int64).T
        crowd = majority(votes[row])
        named = crowd >= 0
        np.add.at(table, (label[named], crowd[named]), 1)
        share = round(float((crowd == label)[named].mean()), 4) if named.any() else None
        shares[usage] = {"n": int(named.sum()), "agree": share}
    return {"shares": shares, "table": table.tolist()}


def summary(statistics: Statistics, votes: Votes | None) -> dict[str, Any]:
    """Everything as numbers and names, ready for JSON."""
    return {
        "counts": {
            usage: {label: counts[number] for number, label in enumerate(SEVEN)}
            for usage, counts in statistics.counts.items()
        },
        "doubles": statistics.doubles(),
        "blank": statistics.blank,
        "problems": statistics.problems,
        "ferplus": None if votes is None else agreement(statistics, votes),
    }


def statistics_of(data: DataSet, seed: int, *, strict: bool) -> tuple[Statistics, dict[str, Any]]:
    """Read a data set and return what was gathered and its summary; DataError when no picture can be read."""
    votes = data.votes()
    statistics = gather(shown(entries(data), "reading"), seed, strict=strict)
    if statistics.counts:
        return statistics, summary(statistics, votes)
    if not statistics.problems:
        raise DataError(f"{data.path}: has no picture")
    number, first = len(statistics.problems), statistics.problems[0]
    raise DataError(f"{data.path}: none of its {number} pictures can be read; the first: {first}")
