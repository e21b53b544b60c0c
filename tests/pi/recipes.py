"""The Debian trees that the tests run in, apart from the one that is booted."""

from __future__ import annotations

from tests.pi.trees import Recipe

SOUND = ("alsa-utils", "espeak-ng", "libasound2-plugins", "libespeak-ng1", "libstdc++6")
DEBIAN_13 = Recipe("trixie", "arm64", SOUND)
DEBIAN_12 = Recipe("bookworm", "arm64", (*SOUND, "opencv-data", "python3-numpy", "python3-opencv"))

VIRTUAL_CAMERA = """"Virtual0":
  supported_formats: [{width: 640, height: 480, frame_rates: [15, 15]}]
  frames: {path: /carried/pictures}
"""
"""What it may hold: https://github.com/libcamera-org/libcamera/blob/master/src/libcamera/pipeline/virtual/README.md"""

CAMERA_PACKAGES = (
    "espeak-ng",
    "gcc",
    "libc6-dev",
    "libcamera-ipa",
    "libespeak-ng1",
    "python3-dev",
    "python3-libcamera",
    "python3-prctl",
)

TESTING = Recipe(
    "testing",  # the camera of Debian 13 does not stream
    "amd64",
    CAMERA_PACKAGES,
    configured=True,
    commands=(
        "python3 -m venv --system-site-packages /opt/picamera2",
        "/opt/picamera2/bin/pip install --quiet picamera2 'opencv-python-headless<5'",
        f"printf %s '{VIRTUAL_CAMERA}' >/usr/share/libcamera/pipeline/virtual/virtual.yaml",
    ),
)

PYTHON = "/opt/picamera2/bin/python"

BUILDERS = Recipe(
    "trixie",
    "amd64",
    ("apt-utils", "debhelper", "dpkg-dev", "gpg", "gpg-agent", "lintian"),
    configured=True,
    purpose="build",
)
