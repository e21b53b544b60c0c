"""What `script/report-pi` prints: nothing that names a person, and a reason where a figure cannot be had."""

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "script" / "report-pi"


@pytest.fixture(scope="module")
def report():
    """The script as a module."""
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
    """Versions and the model's hash are not."""
    assert report.scrubbed(printed) == kept


def test_a_home_folder_is_left_out(report, monkeypatch):
    """Wherever it is named."""
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
    """As `vcgencmd get_throttled` has them."""
    assert report.throttling(bits) == words


def test_a_line_that_cannot_be_had_says_why(report):
    """With the complaint's last line."""
    command = [sys.executable, "-c", "import sys; sys.exit('first\\nthe camera is missing')"]
    line = report.row("camera", lambda: report.output_of(command))
    assert line == "| camera | not had: the camera is missing |"


def test_a_cell_stays_in_its_cell(report):
    """Lines and bars would end it."""
    assert report.row("what", lambda: "a | b\nc\n") == "| what | a \\| b<br>c |"


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        (["--assistant", "/nowhere/assistant"], 1, "not installed"),
        (["--seconds", "5"], 2, "at least 40"),
    ],
)
def test_nothing_is_measured_without_the_program_or_time(options, code, complaint):
    """One line says so, and no table is begun."""
    ended = subprocess.run([sys.executable, SCRIPT, *options], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert complaint in ended.stderr.splitlines()[-1]


def test_the_wirings_drawing_is_what_its_script_draws():
    """`script/draw-wiring` writes it."""
    subprocess.run([sys.executable, SCRIPT.with_name("draw-wiring"), "--check"], check=True)
