"""Files that are either there whole or not at all, never in the place of what is read; and the folders they are in.

These are the folders that systemd gives a service, else those of the XDG base directories.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import ConfigError

PROGRAM = "emotion-assistant"


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


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """What the wearer has changed; ConfigError where nobody has a home."""
    return _folder("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state", environment)


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """What can be made again; ConfigError where nobody has a home."""
    return _folder("CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache", environment)


def configuration_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """What a person has written; ConfigError where nobody has a home."""
    return _folder("CONFIGURATION_DIRECTORY", "XDG_CONFIG_HOME", ".config", environment)


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """What programs share; ConfigError where nobody has a home."""
    return _base("XDG_DATA_HOME", ".local/share", environment)


def expanded(name: str) -> Path:
    """A path that may begin with ~ or ~user; ConfigError where that one has no home."""
    if not name.startswith("~"):
        return Path(name)
    user, _, rest = name.partition("/")
    try:
        folder = Path(pwd.getpwnam(user[1:]).pw_dir) if user != "~" else _home(os.environ)
    except (KeyError, ValueError):
        raise ConfigError(f"{name}: {user} has no home folder; write the whole path") from None
    return folder / rest


def _folder(given: str, base: str, below_home: str, environment: Mapping[str, str]) -> Path:
    """The first of systemd's, or this program's own below a base directory."""
    of_service = environment.get(given, "").partition(":")[0]
    return Path(of_service) if of_service else _base(base, below_home, environment) / PROGRAM


def _base(name: str, below_home: str, environment: Mapping[str, str]) -> Path:
    """A base directory; one that is no whole path does not count, as the specification says."""
    chosen = Path(environment.get(name, ""))
    return chosen if chosen.is_absolute() else _home(environment) / below_home


def _home(environment: Mapping[str, str]) -> Path:
    home = Path(environment.get("HOME", ""))
    if home.is_absolute():
        return home
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        raise ConfigError("there is no home folder to keep anything in: set HOME to one") from None
