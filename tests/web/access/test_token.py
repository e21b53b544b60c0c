"""The token of the page."""

from __future__ import annotations

import pytest

from assistant.errors import ConfigError
from assistant.web.access.token import DIGITS, FILE, kept_token, new_token


def test_it_is_made_once_and_kept_for_its_owner_alone(tmp_path):
    """The token is the same at each start, in a file that only its owner may read."""
    first = kept_token(tmp_path / "state")
    assert kept_token(tmp_path / "state") == first
    assert (tmp_path / "state" / FILE).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in (tmp_path / "state").iterdir()] == [FILE]
    assert len(first.digits) == DIGITS
    assert first.digits.isdecimal()
    assert new_token() != new_token()


def test_one_that_others_may_read_is_refused(tmp_path):
    """A file that others may read is refused, since the token may be known."""
    kept_token(tmp_path)
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(ConfigError, match="other users may read the token: delete this file"):
        kept_token(tmp_path)


@pytest.mark.parametrize("text", ["", "1234\n", "1234 xyz\n", "1 2 3\n", "é\n"])
def test_a_damaged_one_is_refused(tmp_path, text):
    """The error says to delete the file."""
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(ConfigError, match="has no token: delete this file"):
        kept_token(tmp_path)


def test_a_folder_that_cannot_be_is_named(tmp_path):
    """The error names the folder."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="the token cannot be read or written"):
        kept_token(tmp_path / "file")


def test_it_is_typed_as_it_is_read_or_heard():
    """Spaces and hyphens do not matter, and a missing digit does."""
    token = new_token()
    assert token.is_typed(token.grouped)
    assert token.is_typed(token.grouped.replace(" ", "-"))
    assert token.is_typed(" ".join(token.spoken))
    assert not token.is_typed(token.digits[:-1])
    assert not token.is_typed("")
