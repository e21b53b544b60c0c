"""`script/report-pi` prints nothing that identifies a person, and a reason where it has no figure."""

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "script" / "report-pi"


@pytest.fixture(scope="module")
def report():
    """Return the script as a module."""
    loader = SourceFileLoader("report_pi", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = written
    return module


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("bluealsa:DEV=AA:BB:cc:01:02:03,PROFILE=a2dp", "bluealsa:DEV=(address),PROFILE=a2dp"),
        ("bluez_output.AA_BB_CC_01_02_03.1", "bluez_output.(address).1"),
        ("Serial: 10000000abcdef01", "Serial: (number)"),
        ("SHA-256 71af6c1c5df0...", "SHA-256 71af6c1c5df0..."),
        ("4.14.0.94, 0.59 s", "4.14.0.94, 0.59 s"),
    ],
)
def test_addresses_and_serial_numbers_are_left_out(report, printed, kept):
    """Addresses and serial numbers are removed; versions and the hash of the model stay."""
    assert report.scrubbed(printed) == kept


def test_a_home_folder_is_left_out(report, monkeypatch):
    """The home folder is removed wherever it is named."""
    monkeypatch.setenv("HOME", "/home/owner")
    assert report.scrubbed("no /home/owner/settings.toml") == "no (name)/settings.toml"


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (0x0, "now nothing, since the start nothing"),
        (0x50000, "now nothing, since the start low voltage and throttled"),
        (0x80008, "now soft temperature limit, since the start soft temperature limit"),
    ],
)
def test_the_firmwares_bits_are_told_in_words(report, bits, words):
    """The bits of `vcgencmd get_throttled` become words."""
    assert report.throttling(bits) == words


def test_a_line_that_cannot_be_had_says_why(report):
    """The reason is the last line of the failed command."""
    command = [sys.executable, "-c", "import sys; sys.exit('first\\nthe camera is missing')"]
    line = report.row("camera", lambda: report.output_of(command))
    assert line == "| camera | not measured: the camera is missing |"


def test_a_cell_stays_in_its_cell(report):
    """Line ends and bars of a value do not break the table."""
    assert report.row("what", lambda: "a | b\nc\n") == "| what | a \\| b<br>c |"


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        (["--assistant", "/nowhere/assistant"], 1, "not installed"),
        (["--seconds", "5"], 2, "at least 40"),
    ],
)
def test_nothing_is_measured_without_the_program_or_time(options, code, complaint):
    """The script says so in one line and begins no table."""
    ended = subprocess.run([sys.executable, SCRIPT, *options], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert complaint in ended.stderr.splitlines()[-1]


def test_the_wirings_drawing_is_what_its_script_draws():
    """The drawing is what `script/draw-wiring` writes."""
    subprocess.run([sys.executable, SCRIPT.with_name("draw-wiring"), "--check"], check=True)
