"""A `journalctl` and a `systemctl` of a machine whose service has logged these lines."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

JOURNALCTL = """#!/bin/sh
case "$*" in "-b -u emotion-assistant.service -o json "*) cat '{folder}/lines' ;; *) exit 1 ;; esac
"""
SYSTEMCTL = """#!/bin/sh
case $1 in
  is-active) echo {state} ;;
  show) printf '%s\\n' LoadState=loaded ActiveState={state} NRestarts=3 ActiveEnterTimestampMonotonic=9100000 \
    'StatusText=sees someone, 14.8 pictures a second, mode changes, somebody looks through the camera' ;;
esac
"""
FIRST_US = 1_790_000_000_000_000
"""The time of the first line, in microseconds since 1970."""


def journal_environment(folder: Path, lines: Sequence[str], state: str = "inactive") -> dict[str, str]:
    """Write both programs into the folder, and return a PATH with them in front."""
    entries = [
        {"MESSAGE": line, "__REALTIME_TIMESTAMP": str(FIRST_US + number), "_COMM": "assistant"}
        for number, line in enumerate(lines)
    ]
    (folder / "lines").write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")
    for name, script in (("journalctl", JOURNALCTL), ("systemctl", SYSTEMCTL)):
        (folder / name).write_text(script.format(folder=folder, state=state), encoding="utf-8")
        (folder / name).chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
