"""Counts the results for people."""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fuzz.case import FAULTS, Result


@dataclass(slots=True)
class Tally:
    """The counts of one kind."""

    tried: int = 0
    refused: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)


class Report:
    """The results, which come from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tallies: dict[str, Tally] = defaultdict(Tally)
        self._failures: list[Result] = []

    def add(self, result: Result) -> None:
        """Count a result."""
        with self._lock:
            tally = self._tallies[result.kind]
            tally.tried += 1
            tally.seconds += result.seconds
            tally.refused += bool(result.code)
            tally.faults.update({name for name, _ in result.faults})
            if result.faults:
                self._failures.append(result)

    @property
    def tried(self) -> int:
        """The number of inputs."""
        return sum(tally.tried for tally in self._tallies.values())

    @property
    def failed(self) -> int:
        """The number of inputs with a fault."""
        return len(self._failures)

    def table(self) -> Iterator[str]:
        """Return a line for each kind."""
        yield f"{'kind':<10}{'inputs':>8}{'refused':>9}" + "".join(f"{name:>14}" for name in FAULTS) + f"{'s each':>8}"
        total = Tally()
        for kind, tally in self._tallies.items():
            yield _line(kind, tally)
            total.tried, total.refused = total.tried + tally.tried, total.refused + tally.refused
            total.seconds += tally.seconds
            total.faults.update(tally.faults)
        yield _line("all", total)

    def failures(self) -> Iterator[str]:
        """Return each distinct failure, how often it occurred, and one input that shows it."""
        alike: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
        for result in sorted(self._failures, key=lambda each: (each.kind, each.number)):
            for name, seen in result.faults:
                alike[result.kind, name, re.sub(r"/\S+|\d+", "#", seen)[:80]].append(result)
        for (kind, name, _), results in sorted(alike.items(), key=lambda each: -len(each[1])):
            first = results[0]
            seen = next(seen for fault, seen in first.faults if fault == name)
            yield f"{len(results)} x {kind}: {name}: {seen!a}"
            yield f"    {first.kind}-{first.number}, {first.what[:200]!a}"
            yield f"    {first.command[:600]!a}"


def _line(kind: str, tally: Tally) -> str:
    counts = "".join(f"{tally.faults[name]:>14}" for name in FAULTS)
    each_s = tally.seconds / max(tally.tried, 1)
    return f"{kind:<10}{tally.tried:>8}{tally.refused:>9}{counts}{each_s:>8.2f}"
