"""What the Raspberry Pi's camera shows in 640x480: its sensor mode, the part of the sensor that is seen, and its lens.

    python benchmarks/pi_camera.py

The camera is opened by the assistant's driver, and described after 30 frames. There is no limit. `script/report-pi`
runs this.
"""

from __future__ import annotations

import sys
from typing import Any

from shared.command_line import benchmark_parser

from assistant.camera.drivers.picamera import PicameraSource
from assistant.errors import CameraError

SETTLED_FRAMES = 30


def description(camera: Any) -> str:
    """Describe an open Picamera2 after `SETTLED_FRAMES` frames."""
    for _ in range(SETTLED_FRAMES):
        metadata = camera.capture_metadata()
    crop, array = metadata.get("ScalerCrop"), camera.camera_properties.get("PixelArraySize")
    mode = camera.camera_configuration().get("sensor") or {}
    seen = "unknown"
    if crop and array:
        seen = f"{crop[2] / array[0]:.0%} of its width, {crop[3] / array[1]:.0%} of its height"
    moves = "AfMode" in camera.camera_controls
    lens = f"follows, {metadata.get('LensPosition')} per metre" if moves else "does not move"
    model, size = camera.camera_properties.get("Model"), mode.get("output_size")
    return f"{model}, sensor mode {size}, in 640x480: {seen}; its lens {lens}"


def main() -> int:
    """Print the description; return 1 when the camera cannot be opened."""
    benchmark_parser(__doc__).parse_args()
    source = PicameraSource(640, 480, 15)
    try:
        source.open()
    except CameraError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        print(description(source._camera))
    finally:
        source.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
