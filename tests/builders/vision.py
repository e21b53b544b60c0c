"""A vision loop on a clock that a test moves."""

from __future__ import annotations

from assistant.app.vision import VisionLoop
from assistant.camera.settings import CameraSettings
from assistant.camera.watchdog import CameraWatch
from tests.fakes.cameras import Nobody


def vision(clock, open_camera, *, reopens=True, **settings):
    """Make a vision loop with these camera settings, which sees nobody."""
    watch = CameraWatch(CameraSettings(**settings), 0.0)
    return VisionLoop(open_camera, Nobody(), watch, clock, reopens)
