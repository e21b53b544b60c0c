"""The token that opens the page from other machines.

The token is of digits, so that a voice can say it. Only the owner of its file may read it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ConfigError

FILE = "page-token"
DIGITS = 20
"""Twenty random digits have 66 bits."""

GROUP = 4


@dataclass(frozen=True, slots=True)
class Token:
    """The digits that a person types, and the key that signs sessions and forms."""

    digits: str
    key: bytes

    @property
    def grouped(self) -> str:
        """The digits as they are printed, in groups of four."""
        return " ".join(self.digits[start : start + GROUP] for start in range(0, len(self.digits), GROUP))

    @property
    def spoken(self) -> list[str]:
        """The digits as they are said, one by one, with a pause after each group."""
        return [" ".join(group) for group in self.grouped.split()]

    def is_typed(self, typed: str) -> bool:
        """Return whether a person typed these digits; spaces and hyphens do not count."""
        digits = "".join(typed.replace("-", " ").split())
        return hmac.compare_digest(digits.encode(), self.digits.encode())

    def signed(self, purpose: str, text: str) -> str:
        """Return a signature of a text that nobody without the key can make."""
        return hmac.new(self.key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def new_token() -> Token:
    """Make a token that nobody can guess."""
    return Token("".join(secrets.choice("0123456789") for _ in range(DIGITS)), secrets.token_bytes(32))


def kept_token(folder: Path) -> Token:
    """Return the token in this folder, made at the first call.

    ConfigError when the token cannot be read or written, or when other users may read it.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_first(path, new_token())
        with path.open(encoding="ascii") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise ConfigError(
                    f"{path}: other users may read the token: delete this file, and the next start makes a new token"
                )
            digits, key = file.read().split()
        return Token(digits, bytes.fromhex(key))
    except OSError as error:
        raise ConfigError(f"{path}: the token cannot be read or written: {error.strerror}") from error
    except ValueError as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{path}: has no token: delete this file, and the next start makes a new token") from error


def _write_first(path: Path, token: Token) -> None:
    """Write the token's file, unless there is one; of two programs that start at once, one writes and both read it."""
    unfinished = path.with_name(f".{secrets.token_hex(4)}-{path.name}")
    if path.exists():
        return
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"{token.digits}\n{token.key.hex()}\n")
        try:
            os.link(unfinished, path)
        except FileExistsError:
            return
    finally:
        unfinished.unlink(missing_ok=True)
