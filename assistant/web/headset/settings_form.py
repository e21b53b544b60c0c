"""The settings as a form: makes its fields from the settings' schema, and values from what was typed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.app.configuration.settings import Settings, parse_settings
from assistant.errors import ConfigError
from assistant.setting import LONGEST_TEXT, allowed_values
from assistant.web.headset.settable import is_settable, refusal


@dataclass(frozen=True, slots=True)
class Field:
    """One setting, as the form shows it."""

    name: str
    """`section.key`."""
    label: str
    doc: str
    allowed: str
    kind: str
    """`switch`, `choice`, `number` or `text`; `fixed` for a setting that cannot be changed on the page."""
    value: str
    default: str
    choices: Sequence[str] = ()
    step: str = "any"
    low: float = 0.0
    high: float = 0.0
    error: str = ""

    @property
    def id(self) -> str:
        """The id of the field's element in the page."""
        return self.name.replace(".", "-")

    @property
    def is_changed(self) -> bool:
        """True when the value differs from the default."""
        return self.value != self.default


@dataclass(frozen=True, slots=True)
class Section:
    """The settings of one section."""

    name: str
    summary: str
    fields: Sequence[Field]


def sections(settings: Settings, typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Section]:
    """Return all settings as fields, with what was typed in place of their values, and with its errors."""
    found = []
    for section in dataclasses.fields(settings):
        values = getattr(settings, section.name)
        fields = [_field(section.name, each, getattr(values, each.name)) for each in dataclasses.fields(values)]
        shown = [
            dataclasses.replace(each, value=typed.get(each.name, each.value), error=errors.get(each.name, ""))
            for each in fields
        ]
        found.append(Section(section.name, (type(values).__doc__ or "").splitlines()[0], shown))
    return found


def _field(section: str, of: dataclasses.Field[Any], value: Any) -> Field:
    words, _, unit = of.name.rpartition("_")
    label = words if unit in ("s", "px", "deg", "wpm", "gpio") and words else of.name
    return Field(
        name=f"{section}.{of.name}",
        label=label.replace("_", " ").capitalize(),
        doc=of.metadata["doc"],
        allowed=allowed_values(of),
        kind=_kind(of) if is_settable(f"{section}.{of.name}") else "fixed",
        value=_shown(value),
        default=_shown(of.default),
        choices=[str(choice) for choice in of.metadata["choices"]],
        step="1" if isinstance(of.default, int) else "any",
        low=of.metadata["low"],
        high=of.metadata["high"],
    )


def _kind(of: dataclasses.Field[Any]) -> str:
    if isinstance(of.default, bool):
        return "switch"
    if of.metadata["choices"]:
        return "choice"
    return "text" if isinstance(of.default, str) else "number"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def changed_values(settings: Settings, section: str, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the typed values of a section that differ from the settings, and the errors, both by `section.key`.

    ConfigError when there is no such section.
    """
    if section not in {each.name for each in dataclasses.fields(settings)}:
        raise ConfigError(f"{section}: the settings have no such section; load the page again")
    values, errors = {}, {}
    current = getattr(settings, section)
    for each in dataclasses.fields(current):
        name = f"{section}.{each.name}"
        if name not in typed:
            continue
        value, error = _checked(name, _value(typed[name], each), each, typed[name])
        if value == getattr(current, each.name):
            continue
        error = error or refusal(name, value)
        if error:
            errors[name] = error
        else:
            values[name] = value
    return values, errors


def _checked(name: str, value: object, of: dataclasses.Field[Any], typed: str) -> tuple[Any, str]:
    """Return a value as the settings hold it, and why they do not allow it; empty when they do."""
    section = name.partition(".")[0]
    try:
        return getattr(getattr(parse_settings({section: {of.name: value}}), section), of.name), ""
    except ConfigError:
        return value, f"{_named(typed)} is not allowed. Allowed is {allowed_values(of)}."


def _value(text: str, of: dataclasses.Field[Any]) -> object:
    """Return what was typed as the setting's type; unchanged when it is not of that type, so that it is refused."""
    if isinstance(of.default, str):
        return text.strip()
    if isinstance(of.default, bool):
        return {"true": True, "false": False}.get(text, text)
    number = text.strip().replace(",", ".", 1)
    try:
        return int(number) if isinstance(of.default, int) else float(number)
    except ValueError:
        return text


def _named(text: str) -> str:
    return f"“{text[: LONGEST_TEXT // 4]}”" if text.strip() else "Nothing"
