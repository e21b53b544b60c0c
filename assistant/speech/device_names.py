"""Which names of sound outputs may be given to ALSA, whose plugins `file` and `tee` write files and run commands."""

from __future__ import annotations

import re

from assistant.setting import Form

ARGUMENT = r"(?:\w+=)?[\w.:+-]+"

DEVICE_NAME = Form(
    re.compile(rf"(?!.*\b(?:file|tee)\b)\w[\w.-]*(?::{ARGUMENT}(?:,{ARGUMENT})*)?", re.ASCII | re.IGNORECASE),
    "a name that `assistant devices` lists, such as default or plughw:CARD=Headphones,DEV=0, "
    "without quotes, bars, braces, `file` or `tee`, with which ALSA would write files or run commands",
)
