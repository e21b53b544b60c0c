"""A person's desktop session on a booted machine, whose sound, by PipeWire or PulseAudio, is recorded."""

from __future__ import annotations

import re

import numpy as np

from tests.fakes.ear import phrases_in, recognise
from tests.pi.booted import UNIT, Machine
from tests.pi.program import ROOT

PERSON, HOME = "desk", "/home/desk"
SESSION = ("systemctl", "--user", f"--machine={PERSON}@")
PACKAGES = "dbus-user-session libasound2-plugins libpam-systemd pipewire-pulse pulseaudio pulseaudio-utils wireplumber"
SERVERS = {"PipeWire": "pipewire-pulse", "PulseAudio": "pulseaudio"}
"""What serves PulseAudio's clients: one of them at a time."""

RECORDED = f"{HOME}/recorded.raw"
RECORDS = f"parec --latency-msec=20 --device=recorded.monitor --rate=22050 --channels=1 --format=s16le >{RECORDED}"


def documented() -> str:
    """Return what docs/service.md tells people to put beside the unit."""
    text = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"\n\n((?:    .*\n)*    BindPaths=.*\n(?:    .*\n)*)", text)
    return re.sub("^    ", "", block, flags=re.MULTILINE)


def make_person(machine: Machine) -> None:
    """Make a person with the number 1000, whose session goes on after the logout."""
    apt = "DEBIAN_FRONTEND=noninteractive apt-get -q -y"
    machine.shell(f"apt-get -q update; {apt} install --no-install-recommends {PACKAGES}")
    from_within(machine, f"useradd --create-home --uid 1000 {PERSON}; loginctl enable-linger {PERSON}")
    machine.check("install", "-o", PERSON, "/dev/null", RECORDED)


def serve(machine: Machine, server: str) -> None:
    """Let this server play the session's sound into a recorded sink, and give the service a copy of its cookie."""
    for name in SERVERS.values():
        machine.run(*SESSION, "mask", "--now", f"{name}.service", f"{name}.socket")
    machine.check(*SESSION, "unmask", f"{SERVERS[server]}.service", f"{SERVERS[server]}.socket")
    machine.check(*SESSION, "start", f"{SERVERS[server]}.socket")
    as_person = f"runuser -u {PERSON} -- env XDG_RUNTIME_DIR=/run/user/1000"
    from_within(
        machine,
        f"{as_person} pactl load-module module-null-sink sink_name=recorded rate=22050 channels=1; "
        f"{as_person} pactl set-default-sink recorded; "
        f"install -m 640 -g {UNIT} {HOME}/.config/pulse/cookie /etc/{UNIT}/pulse-cookie; truncate --size 0 {RECORDED}",
    )
    machine.check("systemd-run", "--quiet", "--collect", "--user", f"--machine={PERSON}@", "sh", "-c", RECORDS)


def from_within(machine: Machine, script: str) -> None:
    """Run a script as a child of systemd, since logind refuses a process from outside."""
    machine.check("systemd-run", "--quiet", "--wait", "--pipe", "sh", "-ec", script)


def recorded(machine: Machine) -> set[str]:
    """Return the phrases that the sink has recorded; the file is as long as the time."""
    samples = np.fromfile(machine.path / RECORDED.removeprefix("/"), dtype=np.int16)
    return set(map(recognise, phrases_in(samples)))
