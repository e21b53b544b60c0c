"""The settings: their file, their text, and what is refused."""

import dataclasses
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app.configuration.settings import Settings, parse_settings, settings_as_toml
from assistant.app.configuration.settings_files import load_settings
from assistant.errors import ConfigError


def test_the_printed_file_reads_back_as_the_defaults(assistant, tmp_path):
    """The file that `assistant settings` prints changes no setting."""
    file = tmp_path / "settings.toml"
    file.write_text(assistant("settings").out, encoding="utf-8")
    assert load_settings(file) == Settings()


def test_every_setting_is_explained():
    """Above each line of the printed file stands a comment that says what is allowed."""
    lines = settings_as_toml(Settings()).splitlines()
    values = [number for number, line in enumerate(lines) if " = " in line]
    assert len(values) == sum(
        len(dataclasses.fields(getattr(Settings(), each.name))) for each in dataclasses.fields(Settings)
    )
    assert all(lines[number - 1].startswith("# ") for number in values)


def test_where_a_setting_comes_from_breaks_no_line():
    """The name of a file in a comment is written without its line ends and control characters."""
    sources = {"debounce.hold_s": Path("/a\nb\x1b[2J\udcff.toml")}
    assert parse_settings(tomllib.loads(settings_as_toml(Settings(), sources))) == Settings()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("debounce.hold_s = -1", "debounce.hold_s = -1: allowed is a number from 0 to 30 seconds"),
        ("debounce.hold_s = nan", "debounce.hold_s = nan: allowed is"),
        ("debounce.hold_s = '1'", "debounce.hold_s = '1': allowed is"),
        ("debounce.hold_s = true", "debounce.hold_s = True: allowed is"),
        ("camera.width_px = 640.5", "camera.width_px = 640.5: allowed is a whole number from 160 to 1920 pixels"),
        ("announce.happy = 'loud'", "announce.happy = 'loud': allowed is auto or off or hedged or plain"),
        ("announce.presence = 1", "announce.presence = 1: allowed is true or false"),
        ("voice.pitch = 3", "voice.pitch = 3: no such setting; there are language, engine, name, rate_wpm, volume"),
        ("voice.device = 'a\tb'", "voice.device = 'a\\tb': allowed is a name that `assistant devices` lists"),
        ("sound.volume = 1", "sound = {'volume': 1}: no such setting; there are camera,"),
        ("camera = 3", "camera = 3: a section [camera] is needed"),
    ],
)
def test_what_is_not_allowed_is_named(text, complaint):
    """The error names the setting, its value and what is allowed."""
    with pytest.raises(ConfigError) as caught:
        parse_settings(tomllib.loads(text))
    assert str(caught.value).startswith(complaint)


tables = st.dictionaries(
    st.sampled_from([each.name for each in dataclasses.fields(Settings)]) | st.text(max_size=5),
    st.dictionaries(
        st.sampled_from(["hold_s", "volume", "gpio", "happy"]), st.none() | st.integers() | st.floats() | st.text()
    )
    | st.integers(),
)


@given(tables)
def test_any_table_is_taken_or_refused_in_one_line(table):
    """Any table is read, or refused by an error of one line."""
    refusal = ""
    try:
        settings = parse_settings(table)
    except ConfigError as error:
        refusal = str(error)
    else:
        assert parse_settings(tomllib.loads(settings_as_toml(settings))) == settings
    assert len(refusal.splitlines()) <= 1
