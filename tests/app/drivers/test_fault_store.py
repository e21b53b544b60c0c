"""The file that keeps what was told over a restart."""

import pytest

from assistant.app.drivers.fault_store import FILE_NAME, FaultFile, fault_store


def test_what_is_kept_is_read_by_the_next_run(tmp_path):
    """In systemd's folder, of which it names the first; nothing else is left there."""
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
    """And is written over."""
    memory = FaultFile(tmp_path / "told.json")
    (tmp_path / "told.json").write_bytes(content)
    assert memory.load() == ()
    memory.save(["hot"])
    assert memory.load() == ("hot",)


def test_without_a_folder_nothing_is_kept(tmp_path, caplog):
    """Where systemd gives none, and where the one that it gave has gone, which the log tells."""
    fault_store({}).save(["hot"])
    assert fault_store({}).load() == ()
    memory = FaultFile(tmp_path / "gone" / "told.json")
    memory.save(["hot"])
    assert memory.load() == ()
    assert "the faults that were said cannot be stored: No such file" in caplog.text
