"""Builds the outputs that the settings name."""

from __future__ import annotations

from assistant.outputs.drivers.camera_light import CameraLight
from assistant.outputs.drivers.gpio_outputs import try_output
from assistant.outputs.drivers.motors import SETTINGS, Motors
from assistant.outputs.haptics import Haptics, NoHaptics
from assistant.outputs.settings import HapticsSettings, LightSettings


def build_light(settings: LightSettings) -> list[CameraLight]:
    """Return the light, or nothing where the settings name none; OutputError is raised when it cannot be used."""
    return [CameraLight(settings.gpio)] if settings.gpio >= 0 else []


def build_haptics(settings: HapticsSettings, *, is_felt: bool = True) -> Haptics:
    """Return the motors, or none where the settings name none; OutputError is raised when one cannot be used.

    Without `is_felt`, no motor is used.
    """
    gpios = settings.gpios()
    return Motors(gpios, settings.strength) if gpios and is_felt else NoHaptics()


def try_light(settings: LightSettings) -> None:
    """Switch the light on for a second; OutputError is raised when it cannot be used."""
    try_output("light.gpio", settings.gpio)


def try_motors(settings: HapticsSettings) -> None:
    """Let each motor vibrate for a second, one after the other; OutputError is raised when one cannot be used."""
    for side, gpio in settings.gpios().items():
        try_output(SETTINGS[side], gpio, settings.strength)
