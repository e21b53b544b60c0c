"""An `amixer` that writes down how it was called, and has only the controls that a test gives it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

SCRIPT = """#!/bin/sh
printf '%s|' "$@" >>{folder}/calls
echo >>{folder}/calls
control=$5
if [ -e {folder}/broken ]; then echo "amixer: Control hw:$3 open error: No such device" >&2; exit 1; fi
grep -qxF "$control" {folder}/controls && exit 0
echo "amixer: Unable to find simple control '$control',0" >&2
exit 1
"""
"""The errors are those of alsa-utils 1.2.14."""


class RecordingAmixer:
    """Stands first on the PATH."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, controls: Sequence[str]) -> None:
        self._folder = folder / "mixer"
        self._folder.mkdir()
        (self._folder / "controls").write_text("\n".join(controls) + "\n", encoding="utf-8")
        program = self._folder / "amixer"
        program.write_text(SCRIPT.format(folder=self._folder), encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{self._folder}{os.pathsep}{os.environ['PATH']}")

    def break_down(self) -> None:
        """Fail from now on, as for a card that is gone."""
        (self._folder / "broken").touch()

    def calls(self) -> list[list[str]]:
        """Return the arguments of each call, behind `-q -c`."""
        file = self._folder / "calls"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [line.split("|")[2:-1] for line in lines]
