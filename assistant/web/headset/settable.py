"""What the page may set: these settings and no others, and no path among them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.setting import Form

IN_THE_FILE = "This is set in the settings file alone."

VOICE_NAME = Form(
    re.compile(r"(?:[\w+-][\w .+-]*)?"), "a name that `assistant voices` lists; files are for the settings"
)

SETTABLE: Mapping[str, str] = {
    "camera": "width_px height_px fps turn_deg mirror view_deg stalled_s covered_s reopen_s give_up_s stuck_s",
    "pace": "idle_after_s idle_fps spared_fps",
    "search": "detector full_scan_s several_scan_s idle_scan_s margin smallest largest",
    "tracking": "switch_s switch_ratio",
    "debounce": "time_constant_s appear_s lost_s hold_s lead_confidence lead_margin fade_s flicker_window_s "
    "frame_gap_s",
    "announce": "mode angry disgust fear happy sad surprise neutral presence repeat_s",
    "speech": "least_gap_s most_a_minute stale_s answer_stale_s fault_stale_s",
    "voice": "language engine name rate_wpm volume device stays_open tones",
    "button": "gpio louder_gpio quieter_gpio",
    "gestures": "again_s status_s shut_down_s stuck_s",
    "remote": "device tell repeat mode louder quieter",
    "web": "enabled host port names viewers fps",
}
"""The keys of each section. A new setting is not to be set from the page until it stands here."""

STRICTER: Mapping[str, Form] = {"voice.name": VOICE_NAME}
"""Settings that the file may fill in with more than the page."""


def is_settable(name: str) -> bool:
    """Whether the page may change the setting of this name, section.key, at all."""
    section, _, key = name.partition(".")
    return key in SETTABLE.get(section, "").split()


def refusal(name: str, value: object) -> str:
    """Why the page may not give a setting this value, which the settings allow; empty where it may."""
    if not is_settable(name):
        return IN_THE_FILE
    form = STRICTER.get(name)
    return "" if form is None or form.fits(str(value)) else f"From the page it is {form.words}."
