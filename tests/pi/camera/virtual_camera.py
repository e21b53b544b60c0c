"""Lets the real Picamera2 open libcamera's virtual camera; import it first.

That camera has no raw stream and fills buffers of its own making; and there is no screen for a preview, whose module
needs another one that no registry has.
"""

import sys
from types import SimpleNamespace

sys.modules["picamera2.previews.drm_preview"] = SimpleNamespace(DrmPreview=None, list_devices=None)

from picamera2 import Picamera2, picamera2  # noqa: E402
from picamera2.allocators import LibcameraAllocator  # noqa: E402


class OwnBuffers(LibcameraAllocator):
    """Buffers of the camera that is open when they are needed."""

    refused = 0
    """So many times there is no memory, as on a Zero 2 W (raspberrypi/picamera2#1358)."""

    def __init__(self):
        super().__init__(None)

    def allocate(self, configuration, use_case):
        """Return the camera's own buffers instead of those that a Pi's kernel gives."""
        if OwnBuffers.refused:
            OwnBuffers.refused -= 1
            raise OSError(12, "Cannot allocate memory")
        (opened,) = Picamera2._cm.cameras.values()
        self.camera = opened.camera
        super().allocate(configuration, use_case)


def give_modes(views):
    """Let Picamera2 take the camera for a Pi's, whose sensor has these sizes, each with what it shows."""
    told = Picamera2.camera_controls

    def with_view(camera):
        sensor = camera.camera_config.get("sensor") or {}
        view = views.get(sensor.get("output_size"))
        return told.fget(camera) | ({"ScalerCrop": (view, view, view)} if view else {})

    Picamera2._is_rpi_camera = lambda _: True
    Picamera2._get_raw_modes = lambda _: [{"format": "SBGGR10_CSI2P", "size": size} for size in views if size]
    Picamera2.camera_controls = property(with_view)


picamera2.DmaAllocator = OwnBuffers
Picamera2._get_raw_modes = lambda _: [{"format": "NV12", "size": (640, 480)}]
