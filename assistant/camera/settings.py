"""The camera's settings."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """The camera: its frames, and what happens when none come."""

    width_px: int = setting(
        640,
        "Width of the frames that the camera is asked for; wider frames show faces in more pixels, but take longer",
        unit="pixels",
        low=160,
        high=1920,
    )
    height_px: int = setting(
        480,
        "Height of the frames that the camera is asked for; higher frames show faces in more pixels, but take longer",
        unit="pixels",
        low=120,
        high=1080,
    )
    fps: float = setting(
        15.0,
        "Frame rate that the camera is asked for; more frames show a change sooner, but use more power",
        unit="frames a second",
        low=1,
        high=120,
    )
    turn_deg: int = setting(
        0, "Degrees by which each frame is turned clockwise, so that faces are upright", choices=(0, 90, 180, 270)
    )
    mirror: bool = setting(False, "Exchange left and right of each frame, for a camera that looks into a mirror")
    view_deg: float = setting(
        52.0,
        "Angle that a turned frame shows from its left edge to its right (Camera Module 3 in 640x480: 52); "
        "with a larger angle, faces count as nearer and further to the side",
        unit="degrees",
        low=20,
        high=175,
    )
    stalled_s: float = setting(
        3.0,
        "After this time without a frame the camera counts as stopped, and this is said; "
        "a larger value ignores longer pauses",
        unit="seconds",
        low=0.5,
        high=60,
    )
    covered_s: float = setting(
        10.0,
        "After this time with frames that show nothing the camera counts as covered, and this is said; "
        "a larger value ignores longer darkness",
        unit="seconds",
        low=1,
        high=600,
    )
    reopen_s: float = setting(
        1.0,
        "Pause before a stopped camera is opened again, where each further pause is twice as long; "
        "a larger value tries less often",
        unit="seconds",
        low=0.1,
        high=60,
    )
    give_up_s: float = setting(
        60.0,
        "A camera that is stopped for this time ends the program with exit code 1; "
        "with --wait-for-camera the program goes on instead",
        unit="seconds",
        low=1,
        high=86400,
    )
    stuck_s: float = setting(
        30.0,
        "A camera driver that does not answer for this time counts as stuck, and systemd starts the program again; "
        "a larger value gives the driver longer to answer",
        unit="seconds",
        low=11,
        high=600,
    )
    replay_megapixels: float = setting(
        50.0,
        "Largest frame of a recording (--camera replay:PATH) that is read; larger frames need more memory",
        unit="megapixels",
        low=0.1,
        high=1000,
    )
