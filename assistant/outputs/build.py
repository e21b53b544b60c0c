"""Builds the outputs that the settings name."""

from __future__ import annotations

from assistant.outputs.drivers.camera_light import CameraLight
from assistant.outputs.settings import LightSettings


def build_light(settings: LightSettings) -> list[CameraLight]:
    """Return the light, or nothing where the settings name none; OutputError is raised when it cannot be used."""
    return [CameraLight(settings.gpio)] if settings.gpio >= 0 else []
