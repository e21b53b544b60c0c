"""Builds the outputs that the settings name."""

from __future__ import annotations

from assistant.outputs.drivers.camera_light import CameraLight
from assistant.outputs.drivers.motors import Motors
from assistant.outputs.haptics import Haptics, NoHaptics
from assistant.outputs.settings import HapticsSettings, LightSettings


def build_light(settings: LightSettings) -> list[CameraLight]:
    """Return the light, or nothing where the settings name none; OutputError is raised when it cannot be used."""
    return [CameraLight(settings.gpio)] if settings.gpio >= 0 else []


def build_haptics(settings: HapticsSettings, *, is_felt: bool = True) -> Haptics:
    """Return the motors, or none where the settings name none; OutputError is raised when one cannot be used.

    Without `is_felt`, no motor is used.
    """
    wanted = {"left": settings.left_gpio, "ahead": settings.middle_gpio, "right": settings.right_gpio}
    gpios = {side: gpio for side, gpio in wanted.items() if gpio >= 0}
    return Motors(gpios, settings.strength) if gpios and is_felt else NoHaptics()
