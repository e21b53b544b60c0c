"""Reads the settings again while the program runs, and says which of them count only after a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace

from assistant.app.configuration.pins import refuse_equal_pins
from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import Layers
from assistant.errors import AssistantError
from assistant.speech.sentences import card_wrong

EXCHANGEABLE = ("announce", "speech", "debounce", "gestures", "voice", "guiding")
"""The sections that are exchanged while the program runs."""

FIXED = ("debounce.lost_s", "announce.nods")
"""Settings of these sections that need a restart, since perception was built with them too."""

logger = logging.getLogger(__name__)


def changed(old: Settings, new: Settings) -> tuple[str, ...]:
    """Return the names, section.key, of the settings that differ."""
    return tuple(
        f"{section.name}.{each.name}"
        for section in fields(Settings)
        for each in fields(getattr(old, section.name))
        if getattr(getattr(old, section.name), each.name) != getattr(getattr(new, section.name), each.name)
    )


def needing_restart(names: Sequence[str]) -> tuple[str, ...]:
    """Return those of these settings that count only from the next start on."""
    return tuple(name for name in names if name in FIXED or name.partition(".")[0] not in EXCHANGEABLE)


class Reload:
    """Reads the settings and has the service exchange what has changed."""

    def __init__(
        self,
        settings: Settings,
        read: Callable[[], Layers],
        reconfigure: Callable[[Settings], None],
        changed_by_hand: Callable[[], Mapping[str, object]],
    ) -> None:
        """The program was started with `settings`; `changed_by_hand` returns what the wearer may have changed."""
        self._first = self._settings = settings
        self._read = read
        self._reconfigure = reconfigure
        self._changed_by_hand = changed_by_hand

    def run(self) -> Sequence[str]:
        """Read and exchange; return the keys of the phrases to say. Wrong settings leave everything as it was."""
        known = self._with_changes_by_hand()
        lost: Sequence[str] = ()
        try:
            layers = self._read()
            faults = layers.card.faults
            lost = (
                *(card_wrong([fault.line for fault in faults]) if faults else ()),
                *(("changes_lost",) if layers.damage else ()),
            )
            refuse_equal_pins(layers.settings)
            self._reconfigure(layers.settings)
        except AssistantError as error:
            logger.warning("the settings are wrong, the old ones stay: %s", error)
            return ("settings_wrong", *lost)
        return (*self._news(layers.settings, known), *lost)

    def _with_changes_by_hand(self) -> Settings:
        """Return the settings as the wearer knows them."""
        settings = self._settings
        for name, value in self._changed_by_hand().items():
            section, _, key = name.partition(".")
            settings = replace(settings, **{section: replace(getattr(settings, section), **{key: value})})
        return settings

    def _news(self, new: Settings, known: Settings) -> Sequence[str]:
        old, self._settings = self._settings, new
        names = [name for name in changed(old, new) if name in changed(known, new)]
        if not names:
            return ()
        late = needing_restart(changed(self._first, new))
        logger.info("new settings: %s; only after a restart: %s", ", ".join(names), ", ".join(late) or "-")
        return ("settings_new", "restart_needed") if needing_restart(names) and late else ("settings_new",)
