"""The settings that may be changed on the page. No setting that names a file or a command is among them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.setting import Form

IN_THE_FILE = "This setting can be changed in the settings file only."

VOICE_NAME = Form(
    re.compile(r"(?:[\w+-][\w .+-]*)?"),
    "a name that `assistant voices` lists; a voice's file can be named in the settings file only",
)

SETTABLE: Mapping[str, str] = {
    "camera": "width_px height_px fps turn_deg mirror view_deg stalled_s covered_s reopen_s give_up_s stuck_s",
    "pace": "idle_after_s idle_fps spared_fps",
    "search": "detector full_scan_s several_scan_s idle_scan_s still_scan_s margin smallest largest",
    "tracking": "switch_s switch_ratio",
    "debounce": "look_s memory_s caution hold_s appear_s lost_s fade_s flicker_window_s frame_gap_s",
    "announce": "mode words angry disgust fear happy sad surprise neutral presence attention nods repeat_s",
    "speech": "least_gap_s most_a_minute stale_s answer_stale_s fault_stale_s",
    "voice": "language engine name rate_wpm volume device stays_open tones",
    "guiding": "always stereo height longest_s",
    "button": "gpio louder_gpio quieter_gpio",
    "light": "gpio",
    "haptics": "left_gpio middle_gpio right_gpio strength",
    "gestures": "again_s status_s shut_down_s stuck_s",
    "remote": "device tell repeat mode louder quieter",
    "battery": "source low_percent switch_off_percent",
    "web": "enabled host port names viewers fps",
}
"""The keys of each section. A new setting cannot be changed on the page before it is listed here."""

STRICTER: Mapping[str, Form] = {"voice.name": VOICE_NAME}
"""Settings that may have fewer values on the page than in the settings file."""


def is_settable(name: str) -> bool:
    """Return whether the setting with this name, `section.key`, may be changed on the page."""
    section, _, key = name.partition(".")
    return key in SETTABLE.get(section, "").split()


def refusal(name: str, value: object) -> str:
    """Return why a setting may not have this value on the page, although the file may; empty when it may."""
    if not is_settable(name):
        return IN_THE_FILE
    form = STRICTER.get(name)
    return "" if form is None or form.fits(str(value)) else f"On the page, allowed is {form.words}."
