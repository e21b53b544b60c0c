"""The settings: frozen dataclasses filled from a TOML table. Every value has a unit, bounds and an explanation."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from assistant.camera.frame_rate import FrameRateSettings
from assistant.camera.settings import CameraSettings
from assistant.controls.gestures import GestureSettings
from assistant.controls.settings import ButtonSettings, RemoteSettings
from assistant.emotion.debouncing.settings import DebounceSettings
from assistant.errors import ConfigError, one_line, shown
from assistant.face.scan import SearchSettings
from assistant.face.tracker import TrackingSettings
from assistant.health.settings import BatterySettings
from assistant.outputs.settings import HapticsSettings, LightSettings
from assistant.setting import allowed_values, is_allowed, setting
from assistant.speech.announcer_settings import AnnouncerSettings
from assistant.speech.guiding.settings import GuidingSettings
from assistant.speech.queue import SpeechSettings
from assistant.speech.settings import VoiceSettings


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The helper's page."""

    enabled: bool = setting(False, "Whether `assistant run` serves the helper's page")
    host: str = setting(
        "127.0.0.1", "Address on which the page listens; 0.0.0.0: all; other machines need the token, over TLS"
    )
    port: int = setting(8765, "Port of the page; 0: a free port", high=65535)
    names: str = setting("", "Further host names of the page, such as headset.home, separated by spaces", private=True)
    certificate: str = setting("", "Certificate of the page, a PEM file; empty: the program makes one", private=True)
    key: str = setting("", "Key of the page's certificate, a PEM file", private=True)
    viewers: int = setting(
        3, "Browsers that may watch the camera at once; a larger number uses more processor time", low=1, high=16
    )
    fps: float = setting(
        8.0,
        "Frames for each browser; a larger number uses more processor time",
        unit="a second",
        low=0.5,
        high=30,
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, one section each."""

    camera: CameraSettings = CameraSettings()
    pace: FrameRateSettings = FrameRateSettings()
    search: SearchSettings = SearchSettings()
    tracking: TrackingSettings = TrackingSettings()
    debounce: DebounceSettings = DebounceSettings()
    announce: AnnouncerSettings = AnnouncerSettings()
    speech: SpeechSettings = SpeechSettings()
    voice: VoiceSettings = VoiceSettings()
    guiding: GuidingSettings = GuidingSettings()
    button: ButtonSettings = ButtonSettings()
    gestures: GestureSettings = GestureSettings()
    remote: RemoteSettings = RemoteSettings()
    light: LightSettings = LightSettings()
    haptics: HapticsSettings = HapticsSettings()
    battery: BatterySettings = BatterySettings()
    web: WebSettings = WebSettings()


LARGEST_INT = 2**53
"""A larger whole number has no exact float, and no setting needs one."""


def parse_settings(table: Mapping[str, Any]) -> Settings:
    """Check a table read from TOML and fill in the defaults; ConfigError names the setting and what is allowed."""
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
    """Return all settings as a file ready to edit.

    Behind each setting stands the file that sets it, when `sources` has its name, section.key.
    """
    lines = ["# Settings of emotion-assistant. Read with: assistant run --config FILE"]
    for section in dataclasses.fields(settings):
        values = getattr(settings, section.name)
        summary = (type(values).__doc__ or "").splitlines()[0]
        lines += ["", f"# {summary}", f"[{section.name}]"]
        for each in dataclasses.fields(values):
            lines.append(f"# {each.metadata['doc']}: {allowed_values(each)}.")
            source = sources.get(f"{section.name}.{each.name}")
            comment = "" if source is None else f"  # {one_line(str(source))}"
            lines.append(f"{each.name} = {_as_toml(getattr(values, each.name))}{comment}")
    return "\n".join(lines) + "\n"


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
