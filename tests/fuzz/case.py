"""A bad input with the command that takes it, and its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

FAULTS = ("traceback", "hang", "signal", "half-written", "exit code", "words", "memory")
"""What counts as a failure, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Case:
    """A command of this program with a bad input."""

    what: str
    """The input, in words."""
    module: str
    arguments: tuple[str, ...]
    codes: tuple[int, ...] = (0, 1)
    """The exit codes that are right."""
    environment: Mapping[str, str] = field(default_factory=dict)
    may_wait: bool = False
    """It may wait for more input, as for a pipe that nobody writes to; then it must end when told to."""
    overrides_rights: bool = True
    """As root's processes do, to which no file is closed."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Bytes that are sent to a running headset or to its page."""

    what: str
    pieces: tuple[bytes, ...]
    """Sent one after the other; then the sender has nothing more to say."""
    target: str
    """`socket`, `page` or `tls`."""
    is_bare: bool = False
    """Sent to a port that wants TLS without any."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a case."""

    kind: str
    number: int
    what: str
    command: str
    """The line that shows it again."""
    code: int | None
    seconds: float
    faults: tuple[tuple[str, str], ...] = ()
    """Each one's name, of `FAULTS`, and what was seen."""


Seeds = Path
"""The folder with the valid inputs that bad ones are made from."""

Make = Callable[[Random, Path, Seeds], Case | Talk]
"""Draws a case, and writes its inputs into a folder."""


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that the same workers try."""

    name: str
    warm: tuple[str, ...]
    """Modules that are imported once, before the first case."""
    most_mb: int
    """The memory that is enough."""
    exits_early: bool = False
    """Processes end without tidying up, which takes longer than all else where TensorFlow was imported."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of input."""

    make: Make
    group: Group
    weight: int
    """How many of all inputs are of this kind, beside the others' weights."""
    needs: tuple[str, ...] = ()
    """Libraries without which the kind is left out."""
