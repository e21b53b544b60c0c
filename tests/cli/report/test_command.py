"""`assistant report`: one file that a helper can read."""

import dataclasses

import pytest

from assistant.app.configuration.settings import Settings
from assistant.cli.report.content import HIDDEN
from assistant.cli.report.machine import firmware_lines, throttling
from assistant.cli.report.measured import MissingError, output_of, section
from tests.fakes.journal import journal_environment

HEADINGS = [
    "## Doctor",
    "## Service",
    "## Settings that are not the defaults",
    "## Machine",
    "## Heat and voltage",
    "## Cameras",
    "## Sound cards",
    "## config.txt",
    "## Versions",
    "## Start of the service",
    "## Journal since the machine's start, times in UTC",
]


@pytest.fixture
def report(assistant, tmp_path, monkeypatch):
    """Return a function that writes a report of a machine with these log lines, and returns what ran with its text."""

    def report(lines, *arguments, state="inactive", **environment):
        (tmp_path / "fakes").mkdir(exist_ok=True)
        file = tmp_path / "report.txt"
        ran = assistant(
            *("report", "--camera", "simulated", "--out", file, *arguments),
            **journal_environment(tmp_path / "fakes", lines, state),
            **environment,
        )
        return ran, file.read_text(encoding="utf-8") if file.exists() else ""

    return report


def test_a_report_has_all_parts(report):
    """Each part has a heading; the lines below it are indented, so that they stay lines in an issue."""
    ran, text = report(["the page has stopped"])
    assert (ran.code, ran.err) == (0, "")
    assert "report.txt is written. It holds nothing about people." in ran.out
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("## ")] == HEADINGS
    assert "    ok   camera: simulated gives frames of 640x480" in lines
    assert "    NRestarts: 3" in lines
    assert "    StatusText: 14.8 pictures a second, mode changes" in lines
    assert "    ready 9.1 s after the kernel began" in lines
    assert "    09-21 14:13:20 the page has stopped" in lines
    assert not [line for line in lines[5:] if line and not line.startswith(("## ", "    "))]


def test_a_running_service_keeps_its_camera(report):
    """The doctor does not try what the service has, and the report says so."""
    _, text = report(["ready"], state="active")
    assert "ok   model: " in text
    assert "camera: simulated" not in text
    assert "not tried, because the service runs and has them: camera, sound, button, light, vibration" in text


def test_settings_are_shown_without_secrets(report, tmp_path):
    """What may hold a secret or a name is hidden; of all others the file is named."""
    card = tmp_path / "card.toml"
    card.write_text("[button]\ngpio = 17\nlouder_gpio = 99\n", encoding="utf-8")
    config = tmp_path / "settings.toml"
    config.write_text(
        "[voice]\nvolume = 0.5\n[battery]\ncommand = 'secret --token 4711'\n[remote]\ndevice = 'Remote of Anna'\n",
        encoding="utf-8",
    )
    _, text = report(["ready"], "--config", config, EMOTION_ASSISTANT_CARD=str(card))
    assert f"    voice.volume = 0.5  # {config}" in text
    assert f"    battery.command = {HIDDEN}  # {config}" in text
    assert f"    button.gpio = 17  # {card}" in text
    assert f"    {card}: line 3: button.louder_gpio = 99: allowed is a whole number from -1 to 27" in text
    assert "4711" not in text
    assert "Anna" not in text


def test_messages_about_wrong_settings_tell_no_secret(report, tmp_path):
    """Neither the doctor, the settings nor the journal shows the value of a setting that may hold a secret."""
    config = tmp_path / "settings.toml"
    config.write_text("[battery]\ncommand = 'secret --token 4711 \"'\n", encoding="utf-8")
    line = "settings are wrong: battery.command = 'secret --token 4711 \"': no closing quotation"
    _, text = report([line], "--config", config)
    assert "4711" not in text
    assert f"settings are wrong: battery.command = {HIDDEN}" in text


def test_every_setting_that_is_a_free_text_is_hidden_or_harmless():
    """A new setting with a free text is considered before a report shows it."""
    shown = {
        f"{section.name}.{each.name}"
        for section in dataclasses.fields(Settings)
        for each in dataclasses.fields(section.default)
        if isinstance(each.default, str)
        and not each.metadata["choices"]
        and not each.metadata["form"]
        and not each.metadata["private"]
    }
    remote = {f"remote.{key}" for key in ("tell", "repeat", "mode", "louder", "quieter")}
    assert shown == {"voice.name", "web.host", *remote}


def test_wrong_settings_are_a_line_of_the_report(report, tmp_path):
    """The report is written all the same."""
    config = tmp_path / "settings.toml"
    config.write_text("[voice]\nvolume = 7\n", encoding="utf-8")
    ran, text = report(["ready"], "--config", config)
    assert ran.code == 0
    assert "    not known: " in text
    assert "voice.volume = 7: allowed is a number from 0 to 1" in text


def test_without_a_name_it_is_written_here(assistant, tmp_path, monkeypatch):
    """The name has the date and the time."""
    monkeypatch.chdir(tmp_path)
    ran = assistant("report", "--camera", "simulated")
    (file,) = tmp_path.glob("emotion-assistant-report-20*.txt")
    assert (ran.code, ran.out.startswith(f"{file.name} is written.")) == (0, True)


def test_a_file_that_cannot_be_written_is_one_line(assistant, tmp_path):
    """A missing folder, and the settings file itself."""
    ran = assistant("report", "--out", tmp_path / "no" / "report.txt")
    assert (ran.code, "cannot be written: No such file or directory; name another --out" in ran.complaint()) == (
        1,
        True,
    )
    config = tmp_path / "settings.toml"
    config.touch()
    ran = assistant("report", "--out", config, "--config", config)
    assert (ran.code, "would overwrite a file that is read" in ran.complaint()) == (2, True)


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (0x0, "now nothing, since the start nothing"),
        (0x50000, "now nothing, since the start low voltage and throttled"),
        (0x80008, "now soft temperature limit, since the start soft temperature limit"),
    ],
)
def test_the_firmwares_bits_are_told_in_words(bits, words):
    """The bits of `vcgencmd get_throttled` become words."""
    assert throttling(bits) == words


def test_the_lines_of_config_txt_that_count(tmp_path):
    """Comments are left out; without a file, the places are named."""
    file = tmp_path / "config.txt"
    with pytest.raises(MissingError, match=r"there is no .*config\.txt"):
        firmware_lines((file,))
    file.write_text("# mine\n\n[all]\r\ndtparam=audio=on\n", encoding="utf-8")
    assert firmware_lines((file,)).splitlines() == [str(file), "[all]", "dtparam=audio=on"]


def test_a_figure_that_cannot_be_had_says_why():
    """The reason is the last line of the failed command; a command that is missing is named."""
    shell = ["/bin/sh", "-c", "echo first >&2; echo the camera is missing >&2; exit 1"]
    assert section("camera", lambda: output_of(shell)) == "## camera\n\n    not known: the camera is missing\n"
    with pytest.raises(MissingError, match="no-such-program: No such file"):
        output_of(["no-such-program"])
    with pytest.raises(MissingError, match=r"sh did not end within 0\.1 s"):
        output_of(["/bin/sh", "-c", "sleep 5"], 0.1)
