"""Checks that the sound board of the settings is there, and says what to do when it is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import SpeechError
from assistant.speech.boards import BLUEALSA, BOARDS, SoundBoard
from assistant.speech.drivers.alsa import outputs
from assistant.speech.drivers.mixer import BoardMixer
from assistant.speech.drivers.sound_cards import ASOUND, card_of

CONFIG_FILES = (Path("/boot/firmware/config.txt"), Path("/boot/config.txt"))
"""The firmware's settings: from release 12 of Raspberry Pi OS on, and before."""


def check_board(name: str, root: Path = ASOUND, config_files: Sequence[Path] = CONFIG_FILES) -> str:
    """Set the board's mixer, and return which card the board is.

    SpeechError is raised when the board is missing or its mixer cannot be set; it says what to do.
    """
    board = BOARDS[name]
    if board.device == BLUEALSA:
        return _bluealsa()
    card = card_of(name, root)
    if card is None:
        raise SpeechError(_what_to_do(board, config_files))
    complaints = BoardMixer(name, root).set()
    if complaints:
        raise SpeechError("; ".join(complaints))
    return f"{board.title} is sound card {card.number}, {card.name}"


def _bluealsa() -> str:
    if not any(output.name.partition(":")[0] == BLUEALSA for output in outputs()):
        packages = "bluez-alsa-utils libasound2-plugin-bluez"
        raise SpeechError(f"BlueALSA is not installed: sudo apt install {packages}; then pair the earphone")
    return "BlueALSA is installed; the line of the sound says whether the earphone plays"


def _what_to_do(board: SoundBoard, config_files: Sequence[Path]) -> str:
    missing = f"{board.title} is not there"
    if not board.lines:
        return f"{missing}: plug it in"
    file = next((each for each in config_files if each.is_file()), config_files[0])
    needed = " or ".join(board.lines)
    if not set(board.lines).isdisjoint(_active_lines(file)):
        driver = f", and install its driver ({board.driver})" if board.driver else ""
        return f"{missing}, although {file} has its line: check that it sits on all pins{driver}, and restart the Pi"
    driver = f", install its driver ({board.driver})" if board.driver else ""
    return f"{missing}: add the line {needed} to {file}{driver}, and restart the Pi"


def _active_lines(file: Path) -> Sequence[str]:
    """Return the lines of config.txt without comments, and without what follows a comma."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return [line.partition("#")[0].partition(",")[0].strip() for line in text.splitlines()]
