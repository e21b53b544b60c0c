"""The camera's settings."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """The camera."""

    width_px: int = setting(640, "Width of the pictures that it is asked for", unit="pixels", low=160, high=1920)
    height_px: int = setting(480, "Their height", unit="pixels", low=120, high=1080)
    fps: float = setting(15.0, "Pictures a second that it is asked for", unit="a second", low=1, high=120)
    turn_deg: int = setting(
        0, "How far its pictures are turned clockwise, so that they stand upright", choices=(0, 90, 180, 270)
    )
    mirror: bool = setting(False, "Exchange left and right then, for a camera that looks into a mirror")
    view_deg: float = setting(
        52.0,
        "How much its pictures show from the left edge to the right, once turned; Camera Module 3's in 640x480 52",
        unit="degrees",
        low=20,
        high=175,
    )
    stalled_s: float = setting(
        3.0, "Without a picture for this long it counts as stopped, which is said", unit="seconds", low=0.5, high=60
    )
    covered_s: float = setting(
        10.0, "Pictures in which nothing can be made out for this long are told of", unit="seconds", low=1, high=600
    )
    reopen_s: float = setting(
        1.0, "A stopped one is opened again after this long, then after twice that", unit="seconds", low=0.1, high=60
    )
    give_up_s: float = setting(
        60.0,
        "One stopped for this long ends the program with exit code 1, unless it runs with --wait-for-camera",
        unit="seconds",
        low=1,
        high=86400,
    )
    stuck_s: float = setting(
        30.0,
        "A driver that has not come back for this long is stuck: systemd then starts the program again",
        unit="seconds",
        low=11,
        high=600,
    )
    replay_megapixels: float = setting(
        50.0, "Of --camera replay:PATH; larger pictures are refused unread", unit="megapixels", low=0.1, high=1000
    )
