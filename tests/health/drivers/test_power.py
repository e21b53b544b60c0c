"""What the machine reports about itself."""

from dataclasses import replace

import pytest

from assistant.health.drivers.power import LinuxMachine, QuietMachine
from assistant.health.machine import MachineHealth


@pytest.mark.parametrize(
    ("bits", "low", "slow"),
    [("0", False, False), ("50000", False, False), ("1", True, False), ("50005", True, True), ("2", False, True)],
)
def test_a_raspberry_pis_files_are_read(tmp_path, bits, low, slow):
    """The lower bits are the present state; the upper ones, which are the past, do not count."""
    (tmp_path / "temp").write_text("61234\n", encoding="ascii")
    (tmp_path / "throttled").write_text(f"{bits}\n", encoding="ascii")
    health = LinuxMachine(tmp_path, temperature=tmp_path / "temp", throttled=tmp_path / "throttled").health()
    assert (health.temperature_c, health.voltage_is_low, health.is_throttled) == (61.234, low, slow)
    assert health.free_bytes > 0


def test_what_is_not_there_is_not_known(tmp_path):
    """Files that are missing or wrong, as on a desktop, give unknown readings."""
    (tmp_path / "temp").write_text("hot", encoding="ascii")
    machine = LinuxMachine(tmp_path / "not" / "yet", temperature=tmp_path / "temp", throttled=tmp_path / "none")
    health = machine.health()
    assert health.free_bytes > 0
    assert replace(health, free_bytes=None) == QuietMachine().health() == MachineHealth()


def test_little_memory_is_told_in_the_log_once(tmp_path, caplog):
    """The log has one message, and a second one only after there was enough memory again."""
    memory = tmp_path / "meminfo"
    machine = LinuxMachine(tmp_path, memory=memory)
    for available_kb in (100_000, 39_000, 30_000, 50_000, 39_000, 70_000, 20_000):
        memory.write_text(f"MemTotal: 430000 kB\nMemAvailable: {available_kb} kB\n", encoding="ascii")
        machine.health()
    assert caplog.messages == ["little memory: 39 MB are available", "little memory: 20 MB are available"]
    memory.unlink()
    machine.health()
