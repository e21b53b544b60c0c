"""The sound cards that the kernel has found, and which of the known boards they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SpeechError
from assistant.speech.boards import BOARDS, FIRST_USB

ASOUND = Path("/proc/asound")
CARD = re.compile(r"^ *(?P<number>\d+) \[(?P<name>\S+) *\]: (?P<driver>\S+) - (?P<title>.*)$", re.MULTILINE)
"""Matches the first of a card's two lines in `/proc/asound/cards` (the kernel's sound/core/init.c)."""

USB_DRIVER = "USB-Audio"


@dataclass(frozen=True, slots=True)
class SoundCard:
    """A card that can play."""

    number: int
    name: str
    """The name by which ALSA takes the card, as in plughw:CARD=NAME."""
    driver: str
    title: str

    def boards(self) -> Sequence[str]:
        """Return the names of the boards that the card may be: two boards may have cards of the same name."""
        if self.driver == USB_DRIVER:
            return ("usb",)
        return tuple(name for name, board in BOARDS.items() if self.name in board.cards)


def sound_cards(root: Path = ASOUND) -> Sequence[SoundCard]:
    """Return the cards that can play, in the kernel's order; none where the kernel has no sound."""
    try:
        listed = (root / "cards").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    cards = [SoundCard(int(each["number"]), *each.group("name", "driver", "title")) for each in CARD.finditer(listed)]
    return [card for card in cards if any((root / f"card{card.number}").glob("pcm*p"))]


def card_of(board: str, root: Path = ASOUND) -> SoundCard | None:
    """Return the card of a board; None where it has none, or is not there."""
    return next((card for card in sound_cards(root) if board in card.boards()), None)


def opened_name(device: str, root: Path = ASOUND) -> str:
    """Return ALSA's name of an output of the settings; SpeechError is raised when no USB adapter is there."""
    if device != FIRST_USB:
        return device
    card = card_of("usb", root)
    if card is None:
        raise SpeechError("no USB sound adapter is there: plug it in")
    return f"plughw:CARD={card.name},DEV=0"


def recognised(root: Path = ASOUND) -> Sequence[tuple[SoundCard, Sequence[str]]]:
    """Return the cards that are known boards, each with the boards' names."""
    return [(card, card.boards()) for card in sound_cards(root) if card.boards()]
