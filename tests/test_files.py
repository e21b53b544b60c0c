"""A file is written as a whole or not at all."""

import pytest

from assistant.files import replaced_atomically


def test_a_file_keeps_its_content_until_the_new_one_is_whole(tmp_path):
    """When the writing fails, the old file stays, and no other file is left."""
    file = tmp_path / "file"
    file.write_text("old", encoding="utf-8")

    def fail():
        with replaced_atomically(file) as unfinished:
            unfinished.write_text("half", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]
    with replaced_atomically(file) as unfinished:
        unfinished.write_text("new", encoding="utf-8")
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["new"]


def test_a_link_stays_one_and_a_pipe_is_written_to(tmp_path):
    """A symbolic link stays a link, and its target is replaced; a pipe is written to and never replaced."""
    import os

    file, link, pipe = tmp_path / "file", tmp_path / "link", tmp_path / "pipe"
    file.write_text("old", encoding="utf-8")
    link.symlink_to(file)
    with replaced_atomically(link) as unfinished:
        unfinished.write_text("new", encoding="utf-8")
    assert (link.is_symlink(), file.read_text(encoding="utf-8")) == (True, "new")
    os.mkfifo(pipe)
    with replaced_atomically(pipe) as lent:
        assert lent == pipe
    assert pipe.is_fifo()
