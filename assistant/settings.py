"""The settings: frozen dataclasses filled from a TOML table; every value has a unit, bounds and an explanation."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from assistant.announcer import AnnouncerSettings
from assistant.commands import RemoteSettings
from assistant.debounce import DebounceSettings
from assistant.device_names import DEVICE_NAME
from assistant.errors import ConfigError, one_line, shown
from assistant.face.scan import SearchSettings
from assistant.gestures import GestureSettings
from assistant.pace import PaceSettings
from assistant.phrases import languages
from assistant.setting import allowed_values, is_allowed, setting
from assistant.speech_queue import SpeechSettings
from assistant.tracking import TrackingSettings
from assistant.web_settings import WebSettings


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """The camera."""

    width_px: int = setting(640, "Width of the pictures that it is asked for", unit="pixels", low=160, high=1920)
    height_px: int = setting(480, "Their height", unit="pixels", low=120, high=1080)
    fps: float = setting(15.0, "Pictures a second that it is asked for", unit="a second", low=1, high=120)
    turn_deg: int = setting(
        0, "How far its pictures are turned clockwise, so that they stand upright", choices=(0, 90, 180, 270)
    )
    mirror: bool = setting(False, "Exchange left and right then, for a camera that looks into a mirror")
    view_deg: float = setting(
        52.0,
        "How much its pictures show from the left edge to the right, once turned; Camera Module 3's in 640x480 52",
        unit="degrees",
        low=20,
        high=175,
    )
    stalled_s: float = setting(
        3.0, "Without a picture for this long it counts as stopped, which is said", unit="seconds", low=0.5, high=60
    )
    covered_s: float = setting(
        10.0, "Pictures in which nothing can be made out for this long are told of", unit="seconds", low=1, high=600
    )
    reopen_s: float = setting(
        1.0, "A stopped one is opened again after this long, then after twice that", unit="seconds", low=0.1, high=60
    )
    give_up_s: float = setting(
        60.0,
        "One stopped for this long ends the program with exit code 1, unless it runs with --wait-for-camera",
        unit="seconds",
        low=1,
        high=86400,
    )
    stuck_s: float = setting(
        30.0,
        "A driver that has not come back for this long is stuck: systemd then starts the program again",
        unit="seconds",
        low=11,
        high=600,
    )
    replay_megapixels: float = setting(
        50.0, "Of --camera replay:PATH; larger pictures are refused unread", unit="megapixels", low=0.1, high=1000
    )


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """The voice."""

    language: str = setting("en", "Language of the phrases and of the voice", choices=tuple(languages()))
    engine: str = setting("pyttsx3", "What speaks", choices=("pyttsx3", "espeak-ng", "piper"))
    name: str = setting(
        "", "The engine's voice, see `assistant voices`; of piper its .onnx file; empty: the language's"
    )
    rate_wpm: int = setting(0, "Speed; 0: the language's own, about 175", unit="words a minute", high=450)
    volume: float = setting(1.0, "Loudness, beside the language's own")
    device: str = setting("default", "Sound output, see `assistant devices`", form=DEVICE_NAME)
    stays_open: bool = setting(True, "Keep the output open with silence, so that no beginning is swallowed")
    tones: bool = setting(False, "A short tone for a face found or lost, and before an emotion that is said unasked")
    wordings: str = setting("", "A TOML file with wordings of your own; empty: phrases.toml beside the settings")


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """The wearer's buttons, each by the number of its GPIO pin (BCM)."""

    gpio: int = setting(-1, "The button that asks what is seen; -1: there is none", low=-1, high=27)
    louder_gpio: int = setting(-1, "The one that makes the voice louder; -1: there is none", low=-1, high=27)
    quieter_gpio: int = setting(-1, "The one that makes it quieter; -1: there is none", low=-1, high=27)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, a section each."""

    camera: CameraSettings = CameraSettings()
    pace: PaceSettings = PaceSettings()
    search: SearchSettings = SearchSettings()
    tracking: TrackingSettings = TrackingSettings()
    debounce: DebounceSettings = DebounceSettings()
    announce: AnnouncerSettings = AnnouncerSettings()
    speech: SpeechSettings = SpeechSettings()
    voice: VoiceSettings = VoiceSettings()
    button: ButtonSettings = ButtonSettings()
    gestures: GestureSettings = GestureSettings()
    remote: RemoteSettings = RemoteSettings()
    web: WebSettings = WebSettings()


LARGEST_INT = 2**53
"""Beyond it a whole number has no float of its own, and no setting its bounds."""


def parse_settings(table: Mapping[str, Any]) -> Settings:
    """Check a table read from TOML and fill in the defaults."""
    sections = {section.name: section.default for section in dataclasses.fields(Settings)}
    _refuse_unknown(table, sections, "")
    return Settings(**{name: _parse_section(name, table.get(name, {}), default) for name, default in sections.items()})


def _parse_section(name: str, values: Any, default: Any) -> Any:
    if not isinstance(values, Mapping):
        raise ConfigError(f"{name} = {shown(values)}: a section [{name}] is needed")
    fields = {each.name: each for each in dataclasses.fields(default)}
    _refuse_unknown(values, fields, f"{name}.")
    return type(default)(**{key: _checked(f"{name}.{key}", value, fields[key]) for key, value in values.items()})


def _refuse_unknown(values: Mapping[str, Any], known: Mapping[str, Any], prefix: str) -> None:
    for key in values:
        if key not in known:
            named = key if key.isidentifier() else shown(key)
            raise ConfigError(f"{prefix}{named} = {shown(values[key])}: no such setting; there are {', '.join(known)}")


def _checked(name: str, value: Any, of: dataclasses.Field[Any]) -> Any:
    allowed = ConfigError(f"{name} = {shown(value)}: allowed is {allowed_values(of)}")
    kind = type(of.default)
    if kind is float and type(value) is int and abs(value) < LARGEST_INT:
        value = float(value)
    if type(value) is not kind:
        raise allowed
    if not is_allowed(value, of):
        raise allowed
    return value


def settings_as_toml(settings: Settings, sources: Mapping[str, object] = MappingProxyType({})) -> str:
    """All settings as a file ready to edit; behind each is told where it was set, if `sources` has its name."""
    lines = ["# Settings of emotion-assistant. Read with: assistant run --config FILE"]
    for section in dataclasses.fields(settings):
        values = getattr(settings, section.name)
        summary = (type(values).__doc__ or "").splitlines()[0]
        lines += ["", f"# {summary}", f"[{section.name}]"]
        for each in dataclasses.fields(values):
            lines.append(f"# {each.metadata['doc']}: {allowed_values(each)}.")
            source = sources.get(f"{section.name}.{each.name}")
            told = "" if source is None else f"  # {one_line(str(source))}"
            lines.append(f"{each.name} = {_as_toml(getattr(values, each.name))}{told}")
    return "\n".join(lines) + "\n"


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
