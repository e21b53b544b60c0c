"""Counts what a data set holds: the pictures of each emotion, double, blank and broken pictures, FER+'s agreement."""

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
from quantize.progress import progress_bar

BLANK_DEVIATION = 3.0
"""A picture whose gray levels have a lower standard deviation counts as blank."""

SAMPLES_PER_EMOTION = 10


@dataclass(slots=True)
class Statistics:
    """What was counted, picture by picture; `problems` and `blank` name locations."""

    counts: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    problems: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    met: dict[bytes, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    """For each picture's digest, the (usage, label) of every entry with this picture."""
    rows: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """For each usage, the (row, label) of its pictures."""
    samples: dict[int, list[Gray]] = field(default_factory=lambda: defaultdict(list))
    """A few pictures of each label, each of which is drawn with the same chance."""

    def add(self, entry: Entry, label: int, picture: Gray, rng: np.random.Generator) -> None:
        """Count one picture."""
        self.counts[entry.usage][label] += 1
        self.rows[entry.usage].append((entry.row, label))
        self.met[hashlib.sha256(picture.tobytes()).digest()].append((entry.usage, label))
        if picture.std() < BLANK_DEVIATION:
            self.blank.append(entry.location)
        self._sample(label, picture, rng)

    def _sample(self, label: int, picture: Gray, rng: np.random.Generator) -> None:
        """Keep the picture with the same chance as all pictures before (reservoir sampling, J. Vitter, 1985)."""
        kept, seen = self.samples[label], sum(counts[label] for counts in self.counts.values())
        if len(kept) < SAMPLES_PER_EMOTION:
            kept.append(picture)
        elif (place := int(rng.integers(0, seen))) < SAMPLES_PER_EMOTION:
            kept[place] = picture

    def doubles(self) -> dict[str, Any]:
        """Count the pictures that are there twice: within a part, in several parts, and with another label."""
        again = [places for places in self.met.values() if len(places) > 1]
        usages = [Counter(usage for usage, _ in places) for places in again]
        return {
            "within": {usage: sum(max(0, each[usage] - 1) for each in usages) for usage in self.counts},
            "across": sum(len(each) > 1 for each in usages),
            "with_another_label": sum(len({label for _, label in places}) > 1 for places in again),
        }


def gather(stream: Iterable[Entry], seed: int, *, strict: bool) -> Statistics:
    """Count a stream of entries; a bad entry is added to the problems, or with `strict` raises DataError."""
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
    """Compare FER+'s majority with FER-2013's labels, by usage and as a table (rows: FER-2013, columns: FER+).

    The share is None for a usage in which no picture has a majority among the seven emotions.
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
    """Return all that was counted as numbers and names, ready for JSON."""
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
    """Read a data set; return what was counted and its summary.

    A data set of which no picture can be read raises DataError.
    """
    votes = data.votes()
    statistics = gather(progress_bar(entries(data), "reading"), seed, strict=strict)
    if statistics.counts:
        return statistics, summary(statistics, votes)
    if not statistics.problems:
        raise DataError(f"{data.path}: has no pictures")
    number, first = len(statistics.problems), statistics.problems[0]
    raise DataError(f"{data.path}: none of its {number} pictures can be read; the first: {first}")
