"""Lists at the end of a run what was skipped, by its reason: a test that is skipped everywhere tests nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any


def reasons(reports: Iterable[Any]) -> Counter[str]:
    """Count the skipped tests by their reason; a file that was skipped as a whole counts once.

    Each process of pytest-xdist reports a skipped file.
    """
    skipped = {(report.nodeid, _reason(report)) for report in reports}
    return Counter(reason for _, reason in skipped)


def lines(counted: Counter[str], left_out: Mapping[str, str]) -> list[str]:
    """Return a line for each reason, the most frequent one first, and one for each folder that was left out."""
    counts = [f"{count:>5} x {reason}" for reason, count in sorted(counted.items(), key=lambda each: (-each[1], each))]
    return [*counts, *(f"  all of {folder}: {reason}" for folder, reason in left_out.items())]


def _reason(report: Any) -> str:
    """Return why a test was skipped: pytest gives the file, the line and the reason."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
