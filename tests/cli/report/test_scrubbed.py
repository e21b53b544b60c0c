"""What could identify a person or a machine is not in a report."""

import pytest

from assistant.cli.report.scrubbed import scrubbed, without_networks


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("bluealsa:DEV=AA:BB:cc:01:02:03,PROFILE=a2dp", "bluealsa:DEV=(address),PROFILE=a2dp"),
        ("bluez_output.AA_BB_CC_01_02_03.1", "bluez_output.(address).1"),
        ("Serial: 10000000abcdef01", "Serial: (number)"),
        ("SHA-256 71af6c1c5df0...", "SHA-256 71af6c1c5df0..."),
        ("4.14.0.94, 0.59 s", "4.14.0.94, 0.59 s"),
        ("'/home/anna/voices/de.onnx'", "'/home/(name)/voices/de.onnx'"),
    ],
)
def test_addresses_and_serial_numbers_are_left_out(printed, kept):
    """Addresses, serial numbers and folders of persons are removed; versions and the hash of the model stay."""
    assert scrubbed(printed) == kept


def test_the_names_of_user_and_machine_are_left_out(monkeypatch):
    """Names that every Pi has say nothing, and stay."""
    monkeypatch.setenv("HOME", "/srv/owner")
    monkeypatch.setenv("LOGNAME", "anna")
    monkeypatch.setattr("socket.gethostname", lambda: "annas-pi")
    told = "no /srv/owner/settings.toml for anna on annas-pi, hannah"
    assert scrubbed(told) == "no (name)/settings.toml for (name) on (name), hannah"
    monkeypatch.setenv("LOGNAME", "root")
    monkeypatch.setattr("socket.gethostname", lambda: "raspberrypi")
    assert scrubbed("root on raspberrypi") == "root on raspberrypi"


def test_addresses_of_a_network_are_left_out_of_logs():
    """The machine's own address stays."""
    assert without_networks("the page: https://192.168.1.20:8765/, http://127.0.0.1:8765/") == (
        "the page: https://(address):8765/, http://127.0.0.1:8765/"
    )
