"""Writes files so that they are there whole or not at all, and finds the folders that they are in.

The folders are those that systemd gives to a service; outside of a service, they are the XDG base directories.
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
    """Lend a temporary path beside `path`; it gets the name of `path` when the block ends without an error.

    After an error it is removed. A link is followed. Where `path` is a device or a pipe, `path` itself is lent.
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
    """Return the temporary name of a file that is being written."""
    return target.with_name(f".unfinished-{target.name}")


def refuse_overwriting(option: str, target: Path, inputs: Iterable[Path | None]) -> None:
    """Raise ConfigError where `target`, which `option` would write, is one of the files that are read."""
    for read in inputs:
        if read is not None and read.exists() and target.exists() and target.samefile(read):
            raise ConfigError(f"{option} {target}: would overwrite a file that is read; name another one")


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for what the wearer has changed; ConfigError where the user has no home folder."""
    return _folder("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state", environment)


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for what can be made again; ConfigError where the user has no home folder."""
    return _folder("CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache", environment)


def configuration_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for what a person has written; ConfigError where the user has no home folder."""
    return _folder("CONFIGURATION_DIRECTORY", "XDG_CONFIG_HOME", ".config", environment)


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for what programs share; ConfigError where the user has no home folder."""
    return _base("XDG_DATA_HOME", ".local/share", environment)


def expanded(name: str) -> Path:
    """Return the path of a name that may begin with ~ or ~user; ConfigError where that user has no home folder."""
    if not name.startswith("~"):
        return Path(name)
    user, _, rest = name.partition("/")
    try:
        folder = Path(pwd.getpwnam(user[1:]).pw_dir) if user != "~" else _home(os.environ)
    except (KeyError, ValueError):
        raise ConfigError(f"{name}: {user} has no home folder; write the whole path") from None
    return folder / rest


def _folder(given: str, base: str, below_home: str, environment: Mapping[str, str]) -> Path:
    """Return the first folder that systemd gives in `given`, or this program's folder below a base directory."""
    of_service = environment.get(given, "").partition(":")[0]
    return Path(of_service) if of_service else _base(base, below_home, environment) / PROGRAM


def _base(name: str, below_home: str, environment: Mapping[str, str]) -> Path:
    """Return a base directory; the specification says that a relative path in the variable does not count."""
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
