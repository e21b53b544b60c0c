"""Joins what `assistant practice` needs."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from assistant.adapters.clocks import MonotonicClock
from assistant.adapters.tflite import TFLiteClassifier
from assistant.announcer import Announcer, card_wordings
from assistant.controls import build_controls
from assistant.gestures import ControlPanel
from assistant.practice import Practice, Stopped
from assistant.settings import Settings
from assistant.shipped import shipped_model
from assistant.voices import build_speaker, load_phrases


def build_practice(voice: str, settings: Settings, config: Path | None) -> int:
    """Practise by the keys of the terminal, and by the button and the remote where there are any; the exit code."""
    clock = MonotonicClock()
    phrases = load_phrases(settings.voice, config)
    classifier = TFLiteClassifier(shipped_model())
    remarks: list[str] = []
    with ExitStack() as closing:
        speaker = build_speaker(voice, settings.voice, phrases, clock, printed=sys.stdout, remarks=remarks)
        closing.callback(speaker.close, finish=False)
        for remark in remarks:
            print(remark, file=sys.stderr)
        panel = ControlPanel(build_controls(settings, clock, remarks, keys=True, control=False), settings.gestures)
        closing.callback(panel.close)
        announcer = Announcer(settings.announce, card_wordings(classifier.card.speaking()))
        with suppress(Stopped):
            Practice(speaker, phrases, panel, clock).run(announcer, classifier)
    return 0
