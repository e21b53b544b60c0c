"""A headset with its page, started as a person would start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STOP_S = 30.0


@contextmanager
def running_headset(script: str, state: Path, *options: str) -> Iterator[str]:
    """Run `assistant web` with a simulated camera that plays the script; yield the address of the page."""
    command = [sys.executable, "-m", "assistant", "web", "--port", "0", "--voice", "none"]
    with subprocess.Popen(
        [*command, "--camera", f"simulated:{script}", *options],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"STATE_DIRECTORY": str(state)},
    ) as running:
        try:
            assert running.stderr is not None
            lines = (re.search(r"https?://\S+", line) for line in running.stderr)
            yield next(found[0] for found in lines if found)
        finally:
            running.terminate()
            running.wait(STOP_S)
