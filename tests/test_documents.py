"""Files that people hand in: whatever is wrong with a file is said in one line that names the file."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents import DEEPEST, is_deep, read_bytes, read_json, read_text, read_toml
from assistant.errors import ConfigError

DEEP = {
    "lists": "a = " + "[" * 1000 + "]" * 1000,
    "tables": "a = " + "{b=" * 400 + "1" + "}" * 400,
    "a dotted key": ".".join("a" * 20_000) + " = 1",
    "a dotted key with quotes": ".".join(['"a"'] * 10_000) + " = 1",
    "a dotted header": "[" + " . ".join("a" * 9_000) + "]",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_what_is_nested_deeply_is_refused_before_it_is_parsed(tmp_path, text):
    """Deep nesting is refused, since Python's parsers take a minute for it or fail in ways of their own."""
    file = tmp_path / "file.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"file.toml: .* nested too deeply"):
        read_toml(file, ConfigError)


def test_signs_in_texts_and_comments_are_no_depth():
    """Brackets and points in texts, in comments and in numbers, and many tables side by side, do not count as depth."""
    signs = "[" * 99 + "."
    texts = (f'a = "{signs}"', f"a = '{signs}'", f'a = """{signs}"""', f"# {signs}", f'a = "\\"{signs}"')
    assert not any(map(is_deep, (*texts, f"a = [{'1.5, ' * 999}]", "[a.b]\n" * 99)))
    assert not is_deep("[" * DEEPEST + "]" * DEEPEST)


WRONG = {
    "JSON that ends": (b'{"a": ', "is not valid JSON"),
    "a number of 5,000 digits": (b"1" * 5000, "is not valid JSON"),
    "UTF-16": ("{}".encode("utf-16"), "is not saved as UTF-8; save it as UTF-8"),
    "latin-1": ('{"a": "ö"}'.encode("latin-1"), "is not saved as UTF-8; save it as UTF-8"),
    "nothing": (b"", "is not valid JSON"),
    "too much": (b" " * 70_000, "is larger than 64 KB, the largest file that is read"),
}


@pytest.mark.parametrize(("content", "complaint"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_read_is_named(tmp_path, content, complaint):
    """The error is one line with the name of the file and what is wrong with it."""
    file = tmp_path / "file.json"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as raised:
        read_json(file, ConfigError)
    assert str(raised.value).startswith(f"{file}: {complaint}")
    assert "\n" not in str(raised.value)


def test_a_byte_order_mark_is_passed_over(tmp_path):
    """A byte order mark, which some editors write, is ignored."""
    file = tmp_path / "file"
    file.write_text('a = "b"', encoding="utf-8-sig")
    assert read_toml(file, ConfigError) == {"a": "b"}
    assert read_text(file, ConfigError) == 'a = "b"'
    file.write_text('{"a": 1}', encoding="utf-8-sig")
    assert read_json(file, ConfigError) == {"a": 1}


def test_what_is_no_file_is_not_read(tmp_path):
    """A pipe, which could be waited for without end, a device and a folder are refused."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(ConfigError, match="name a regular file"):
            read_bytes(path, ConfigError)
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_bytes(tmp_path, ConfigError)
    with pytest.raises(ConfigError, match="none: cannot be read: No such file or directory"):
        read_bytes(tmp_path / "none", ConfigError)


@given(
    st.recursive(st.none() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_no_json_of_ours_is_refused(tmp_path_factory, value):
    """Any JSON that Python writes can be read again, unless it is nested deeply."""
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    if not is_deep(file.read_text(encoding="utf-8")):
        assert repr(read_json(file, ConfigError)) == repr(value)
