"""The layers of the settings: the machine's file, and above it the file of what the wearer has changed."""

import pytest

from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import load_layers, load_settings, state_file, voice_of
from assistant.errors import ConfigError
from assistant.speech.settings import VoiceSettings


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Return the paths of the machine's file and of the wearer's file, which do not exist yet."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    return tmp_path / "machine.toml", tmp_path / "settings.toml"


def test_the_wearers_file_stands_above_the_machines(files):
    """The wearer's value of each key wins, and the source of each setting is known."""
    machine, own = files
    machine.write_text("voice.volume = 0.5\nvoice.rate_wpm = 200\n[camera]\nfps = 10\n", encoding="utf-8")
    own.write_text("[voice]\nvolume = 0.7\n[announce]\nmode = 'ask'\n", encoding="utf-8")
    layers = load_layers(machine)
    voice = layers.settings.voice
    assert (voice.volume, voice.rate_wpm, layers.settings.announce.mode) == (0.7, 200, "ask")
    assert layers.sources == {
        "voice.volume": own,
        "voice.rate_wpm": machine,
        "camera.fps": machine,
        "announce.mode": own,
    }
    assert load_settings(None).voice == VoiceSettings(volume=0.7)


def test_the_place_of_the_wearers_file(tmp_path):
    """The file lies in the first folder that systemd names, else in the person's home."""
    assert state_file({"STATE_DIRECTORY": "/var/lib/a:/var/lib/b"}).parent.as_posix() == "/var/lib/a"
    home = state_file({"XDG_STATE_HOME": str(tmp_path)})
    assert home == tmp_path / "emotion-assistant" / "settings.toml"
    assert state_file({}).as_posix().endswith("/.local/state/emotion-assistant/settings.toml")


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\0\0", b"[voi", b"voice.volume = 7\n", b"[sound]\nx = 1\n", b"voice = 3\n"]
)
def test_a_damaged_file_of_the_wearers_does_not_count(files, content, caplog):
    """Only the machine's file counts then, and the log says why; an empty file is not damaged."""
    machine, own = files
    machine.write_text("voice.volume = 0.5\n", encoding="utf-8")
    own.write_bytes(content)
    layers = load_layers(machine)
    assert layers.settings == load_layers(machine).settings == Settings(voice=VoiceSettings(volume=0.5))
    assert bool(layers.damage) == bool(content)
    assert (str(own) in caplog.text) == bool(content)


def test_a_wrong_file_of_the_machines_is_refused(files):
    """The error names the file, the setting and what is allowed."""
    machine, own = files
    own.write_text("voice.volume = 0.7\n", encoding="utf-8")
    machine.write_text("voice.volume = 7\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"machine.toml: voice.volume = 7: allowed is a number from 0 to 1"):
        load_settings(machine)


def test_what_is_wrong_is_said_in_the_wearers_voice(files):
    """The settings of the voice are read as far as they can be read."""
    machine, own = files
    machine.write_text('[camera]\nfps = "many"\n[voice]\nlanguage = "de"\nvolume = 9\nloud = 1\n', encoding="utf-8")
    own.write_text('[voice]\ndevice = "plughw:1"\n', encoding="utf-8")
    assert voice_of(machine) == VoiceSettings(language="de", device="plughw:1")
    machine.write_text("[voice\n", encoding="utf-8")
    own.write_text("voice = 3\n", encoding="utf-8")
    assert voice_of(machine) == voice_of(None) == VoiceSettings()


def test_the_command_tells_where_each_comes_from(assistant, files):
    """`assistant settings --current` names the file of each changed setting."""
    machine, own = files
    machine.write_text("camera.fps = 10\n", encoding="utf-8")
    own.write_text("voice.volume = 0.7\n", encoding="utf-8")
    lines = assistant("settings", "--current", "--config", machine).out.splitlines()
    assert [line for line in lines if " = " in line and "#" in line] == [
        f"fps = 10.0  # {machine}",
        f"volume = 0.7  # {own}",
    ]


def test_a_settings_file_is_refused_where_the_defaults_are_printed(assistant, files):
    """Without --current no file is read, so --config is refused with exit code 2."""
    machine, _ = files
    ran = assistant("settings", "--config", machine)
    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint() == f"assistant: settings --config {machine}: only with --current"
