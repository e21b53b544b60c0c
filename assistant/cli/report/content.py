"""The parts of the report, in the order in which a helper reads them."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from assistant.app.configuration.card import card_path
from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import Layers, load_layers
from assistant.cli.doctor.checks import PARTS
from assistant.cli.report import machine
from assistant.cli.report.journal import journal
from assistant.cli.report.measured import MissingError, last_line, output_of, section

UNIT = "emotion-assistant.service"
STATE = Path("/var/lib/emotion-assistant")
"""Where the service keeps what the wearer has changed; only root and the service may read it."""

HELD_BY_SERVICE = ("camera", "sound", "button", "light", "vibration")
"""The doctor cannot try these while the service has them."""

ASKED_FOR_ONLY = ("card", "board", "button", "light", "vibration")
"""The doctor tries these only where the settings name them, unless they are asked for."""

DOCTOR_TIMEOUT_S = 120.0

HIDDEN = "(set, not shown)"

INTRODUCTION = """# Report of emotion-assistant, {now:%Y-%m-%d %H:%M} UTC

It tells how the headset and its machine are. It holds no picture, no emotion, nothing that was said about people, no
token, and no name of a user, machine or network. Read it before you send it.
"""


PRIVATE = [
    f"{part.name}.{each.name}"
    for part in dataclasses.fields(Settings)
    for each in dataclasses.fields(getattr(Settings(), part.name))
    if each.metadata["private"]
]
VALUES = re.compile(rf"\b({'|'.join(map(re.escape, PRIVATE))}) = (?!{re.escape(HIDDEN)}).*")


def without_secrets(text: str) -> str:
    """Hide the values of private settings, which messages about wrong settings name, up to the end of their lines."""
    return VALUES.sub(rf"\1 = {HIDDEN}", text)


def parts(config: Path | None, camera: str) -> Iterator[str]:
    """Yield the report's sections; a part that is not known says why. `config` is the machine's settings file."""
    yield from map(without_secrets, _parts(config, camera))


def _parts(config: Path | None, camera: str) -> Iterator[str]:
    if "STATE_DIRECTORY" not in os.environ and os.access(STATE, os.R_OK | os.X_OK):
        os.environ["STATE_DIRECTORY"] = str(STATE)
    yield INTRODUCTION.format(now=datetime.now(UTC))
    yield section("Doctor", partial(doctor, config, camera))
    yield section("Service", service)
    yield section("Settings that are not the defaults", partial(settings, config))
    yield section("Machine", machine.machine)
    yield section("Heat and voltage", machine.heat)
    yield section("Cameras", machine.cameras)
    yield section("Sound cards", machine.sound)
    yield section("config.txt", machine.firmware_lines)
    yield section("Versions", machine.versions)
    yield section("Start of the service", start)
    yield section("Journal since the machine's start, times in UTC", partial(journal, UNIT))


def doctor(config: Path | None, camera: str) -> str:
    """Return the doctor's findings and its exit code; what a running service has is not tried."""
    command = [sys.executable, "-P", "-m", "assistant", "doctor", "--camera", camera]
    command += ["--config", str(config)] if config else []
    remark = ""
    if is_active():
        left = [part for part in PARTS if part not in (*HELD_BY_SERVICE, *ASKED_FOR_ONLY)]
        command += [*left, *(["card"] if card_path() else [])]
        remark = f"\nnot tried, because the service runs and has them: {', '.join(HELD_BY_SERVICE)}"
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=DOCTOR_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise MissingError(f"the doctor did not end within {DOCTOR_TIMEOUT_S:g} s") from None
    return f"{(ended.stdout or last_line(ended.stderr)).strip()}\nexit code {ended.returncode}{remark}"


def is_active() -> bool:
    """Return whether the service runs."""
    try:
        return output_of(["systemctl", "is-active", UNIT], may_fail=True).strip() == "active"
    except MissingError:
        return False


SHOWN = (
    "ActiveState",
    "SubState",
    "Result",
    "NRestarts",
    "ExecMainStatus",
    "MemoryCurrent",
    "MemoryPeak",
    "StatusText",
)


def service() -> str:
    """Return the service's state, without whom it sees."""
    values = _shown("LoadState", *SHOWN)
    if values.get("LoadState") != "loaded":
        raise MissingError("the service is not installed")
    words = values.get("StatusText", "").split(", ")
    about_people = ("sees ", "somebody ", "starts: sees ")
    values["StatusText"] = ", ".join(each for each in words if not each.startswith(about_people))
    return "\n".join(f"{name}: {values[name]}" for name in SHOWN if values.get(name))


def _shown(*names: str) -> dict[str, str]:
    shown = output_of(["systemctl", "show", UNIT, *(f"-p{name}" for name in names)])
    return dict(line.partition("=")[::2] for line in shown.splitlines())


def start() -> str:
    """Return when the installed service was ready, and what it waited for."""
    values = _shown("LoadState", "ActiveEnterTimestampMonotonic")
    if values.get("LoadState") != "loaded":
        raise MissingError("the service is not installed")
    up_s = int(values.get("ActiveEnterTimestampMonotonic") or 0) / 1e6
    chain = output_of(["systemd-analyze", "critical-chain", UNIT, "--no-pager"], may_fail=True)
    return f"ready {up_s:.1f} s after the kernel began\n" + "\n".join(line for line in chain.splitlines()[3:] if line)


def settings(config: Path | None) -> str:
    """Return the settings that differ from the defaults, each with its file; ConfigError becomes the reason."""
    layers = load_layers(config)
    lines = [*_changed(layers), *([f"the wearer's own file is damaged: {layers.damage}"] if layers.damage else [])]
    lines += [f"{layers.card.path}: {fault}" for fault in layers.card.faults]
    if STATE.exists() and not os.access(STATE, os.R_OK | os.X_OK):
        lines.append(f"what the wearer has changed is in {STATE}, which this user may not read: run it with sudo")
    return "\n".join(lines) or "all are the defaults"


def _changed(layers: Layers) -> Sequence[str]:
    lines = []
    for part in dataclasses.fields(Settings):
        values = getattr(layers.settings, part.name)
        for each in dataclasses.fields(values):
            value, name = getattr(values, each.name), f"{part.name}.{each.name}"
            if value != each.default:
                shown = HIDDEN if each.metadata["private"] else repr(value)
                lines.append(f"{name} = {shown}  # {layers.sources.get(name, 'the command line')}")
    return lines
