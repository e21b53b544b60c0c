"""Shows on a terminal how far a long loop is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def progress_bar(items: Iterable[T], label: str, total: int | None = None) -> Iterable[T]:
    """Yield the items; meanwhile a terminal's standard error shows a bar with this label.

    Where standard error is not a terminal, nothing is written.
    """
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, label, total=total, console=console, transient=True, disable=not console.is_terminal)
