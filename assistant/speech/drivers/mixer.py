"""Sets the mixer of a sound board with amixer. A mixer that cannot be set is logged, and stops nothing."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Sequence
from pathlib import Path

from assistant.speech.boards import BOARDS, MixerValue
from assistant.speech.drivers.child_process import INSTALL_HINT, last_line
from assistant.speech.drivers.sound_cards import ASOUND, SoundCard, card_of

TIMEOUT_S = 2.0

NOT_THERE = "Unable to find simple control"
"""With these words amixer says that a card has no control of this name (alsa-utils, amixer.c)."""

logger = logging.getLogger(__name__)


class BoardMixer:
    """The mixer of a board; it is set each time the sound output is opened, since an adapter may come later."""

    def __init__(self, board: str, root: Path = ASOUND) -> None:
        """`board` is a name of `BOARDS`, or another text for no board; `root` has the kernel's list of sound cards."""
        self._board = board
        self._root = root
        self._complaints: Sequence[str] = ()

    def set(self) -> Sequence[str]:
        """Set all controls, and return one line for each that cannot be set; a new one is logged."""
        complaints = self._set_all()
        for each in complaints:
            if each not in self._complaints:
                logger.warning("%s", each)
        self._complaints = complaints
        return complaints

    def _set_all(self) -> Sequence[str]:
        board = BOARDS.get(self._board)
        card = card_of(self._board, self._root) if board is not None and board.mixer else None
        if board is None or card is None:
            return ()
        found = (_set_one(card, value) for value in board.mixer)
        return tuple(dict.fromkeys(complaint for complaint in found if complaint))


def _set_one(card: SoundCard, value: MixerValue) -> str:
    """Set the first control that the card has; return why none could be set, or an empty text."""
    mixer = f"the mixer of the sound card {card.name}"
    for control in value.controls:
        try:
            ended = subprocess.run(
                ("amixer", "-q", "-c", card.name, "sset", control, *value.values),
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except FileNotFoundError:
            return f"{mixer} cannot be set: amixer is not installed: {INSTALL_HINT}"
        except subprocess.TimeoutExpired:
            return f"{mixer} cannot be set: amixer does not answer"
        if not ended.returncode:
            return ""
        if NOT_THERE.encode() not in ended.stderr:
            return f"{mixer} cannot be set: {last_line(ended.stderr)}"
    return f"{mixer} has no control {' or '.join(value.controls)}"
