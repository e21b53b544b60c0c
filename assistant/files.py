"""Files that are either there whole or not at all, and never in the place of what is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import ConfigError


@contextmanager
def replaced_atomically(path: Path) -> Iterator[Path]:
    """Lend a temporary path beside `path` that takes its name when the block ends well, and is removed otherwise.

    A link is followed; what is no regular file (a device, a pipe) is lent itself.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        yield target
        return
    unfinished = unfinished_name(target)
    try:
        yield unfinished
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def unfinished_name(target: Path) -> Path:
    """The temporary name of a file that is being written."""
    return target.with_name(f".unfinished-{target.name}")


def refuse_overwriting(option: str, target: Path, inputs: Iterable[Path | None]) -> None:
    """Raise ConfigError when `target`, which `option` would write, is one of the files that are read."""
    for read in inputs:
        if read is not None and read.exists() and target.exists() and target.samefile(read):
            raise ConfigError(f"{option} {target}: would overwrite a file that is read; name another one")
