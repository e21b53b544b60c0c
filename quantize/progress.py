"""A bar that shows how far a long loop is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def shown(items: Iterable[T], doing: str, total: int | None = None) -> Iterable[T]:
    """The items, with a bar on a terminal's standard error while they are taken; elsewhere nothing is written."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, doing, total=total, console=console, transient=True, disable=not console.is_terminal)
