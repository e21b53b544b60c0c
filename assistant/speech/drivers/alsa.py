"""Sound outputs of ALSA: lists them, and checks that one opens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import ConfigError, SpeechError
from assistant.speech.device_names import DEVICE_NAME
from assistant.speech.drivers.child_process import INSTALL_HINT, last_line
from assistant.speech.drivers.sound_cards import opened_name
from assistant.speech.drivers.wav import RATE_HZ

CHECK_TIMEOUT_S = 5.0

CONVERTERS = ("lavrate", "samplerate", "speex", "speexrate", "upmix", "vdownmix")
NO_OUTPUTS = ("null", "hw", "dmix", "dsnoop", "front", "hdmi", "iec958", "usbstream", "jack", "oss", *CONVERTERS)
"""ALSA's names of outputs that make no sound, or take it only at their own rate; `plughw` and `default` convert."""

SOURCE_PLACE = re.compile(r"^(?:aplay: )?(?:ALSA lib )?(?:[\w.]+:\d+:\s*)?(?:\(\w+\)\s*)?(?:audio open error: )?")
"""The beginning of an error line of ALSA or aplay, which names a place in their source."""


@dataclass(frozen=True, slots=True)
class SoundOutput:
    """An output that plays sound."""

    name: str
    """The output's name for `voice.device` in the settings."""
    description: str


def outputs() -> Sequence[SoundOutput]:
    """Return the outputs that ALSA lists; raise SpeechError when aplay is not installed."""
    listed = _run_aplay("-L")
    found: list[SoundOutput] = []
    for line in listed.stdout.splitlines():
        if line and not line[0].isspace():
            found.append(SoundOutput(line.strip(), ""))
        elif line and found:
            described = ", ".join(filter(None, (found[-1].description, line.strip())))
            found[-1] = SoundOutput(found[-1].name, described)
    return [output for output in found if not _makes_no_sound(output.name)]


def _makes_no_sound(name: str) -> bool:
    kind = name.partition(":")[0]
    return kind in NO_OUTPUTS or kind.startswith("surround")


def check_sound_device(device: str = "default") -> None:
    """Open the device and play nothing; raise SpeechError when that fails, ConfigError when its name is not allowed."""
    tried = _run_aplay("-q", *device_option(device), "-t", "raw", "-f", "S16_LE", "-r", str(RATE_HZ), os.devnull)
    if tried.returncode:
        raise SpeechError(complaint(device, last_line(tried.stderr.encode())))


def device_option(device: str) -> tuple[str, str]:
    """Return aplay's option for the device.

    ConfigError is raised for a name with which ALSA might run a command, SpeechError when a USB adapter is missing.
    """
    if not DEVICE_NAME.fits(device):
        raise ConfigError(f"sound device {device!r}: allowed is {DEVICE_NAME.words}")
    return "-D", opened_name(device)


def _run_aplay(*arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("aplay") is None:
        raise SpeechError(f"aplay is not installed: {INSTALL_HINT}")
    try:
        return subprocess.run(
            ("aplay", *arguments), capture_output=True, text=True, timeout=CHECK_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise SpeechError("the sound device does not answer: is another program using it?") from None


def complaint(device: str, reason: str) -> str:
    """Return one line that says what is wrong with the device, and what to do."""
    return f"sound device {device!r}: {SOURCE_PLACE.sub('', reason)}; is it plugged in? See `assistant devices`"
