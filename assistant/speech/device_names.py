"""Which names of sound outputs are given to ALSA: its `file` and `tee` write files and run commands."""

from __future__ import annotations

import re

from assistant.setting import Form

ARGUMENT = r"(?:\w+=)?[\w.:+-]+"

DEVICE_NAME = Form(
    re.compile(rf"(?!.*\b(?:file|tee)\b)\w[\w.-]*(?::{ARGUMENT}(?:,{ARGUMENT})*)?", re.ASCII | re.IGNORECASE),
    "a name that `assistant devices` lists, such as default or plughw:CARD=Headphones,DEV=0, "
    "without quotes, bars, braces, `file` and `tee`, by which ALSA would write files or run commands",
)
