"""The file that keeps the faults that were said, over a restart."""

import pytest

from assistant.app.drivers.fault_store import FILE_NAME, FaultFile, fault_store


def test_what_is_kept_is_read_by_the_next_run(tmp_path):
    """The faults are kept in the first folder that systemd names, and no other file is left there."""
    environment = {"RUNTIME_DIRECTORY": f"{tmp_path}:/run/other"}
    assert fault_store(environment).load() == ()
    fault_store(environment).save(["hot", "camera_lost"])
    fault_store(environment).save(["hot"])
    assert fault_store(environment).load() == ("hot",)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    "content", [b"", b"[", b"{}", b"[1]", b"\xff\xfe", b'["hot"' + b" " * 9000 + b"]", b"[" * 9000]
)
def test_a_damaged_file_is_as_none(tmp_path, content):
    """A damaged file counts as empty, and the next fault is written over it."""
    memory = FaultFile(tmp_path / "told.json")
    (tmp_path / "told.json").write_bytes(content)
    assert memory.load() == ()
    memory.save(["hot"])
    assert memory.load() == ("hot",)


def test_without_a_folder_nothing_is_kept(tmp_path, caplog):
    """Without a folder of systemd, and with one that is gone, nothing is kept; the log says that it is gone."""
    fault_store({}).save(["hot"])
    assert fault_store({}).load() == ()
    memory = FaultFile(tmp_path / "gone" / "told.json")
    memory.save(["hot"])
    assert memory.load() == ()
    assert "the faults that were said cannot be stored: No such file" in caplog.text
