"""Joins what `assistant practice` needs."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from assistant.app.settings import Settings
from assistant.camera.drivers.clocks import MonotonicClock
from assistant.cli.lessons import Practice, Stopped
from assistant.controls.build import WantedControls, build_controls
from assistant.controls.gestures import ControlPanel
from assistant.emotion.tflite import TFLiteClassifier
from assistant.networks.shipped import shipped_model
from assistant.speech.announcer import Announcer, card_wordings
from assistant.speech.build import build_speaker, load_phrases


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
        controls = build_controls(WantedControls(settings.button, settings.remote, keys=True), clock, remarks)
        panel = ControlPanel(controls, settings.gestures)
        closing.callback(panel.close)
        announcer = Announcer(settings.announce, card_wordings(classifier.card.speaking()))
        with suppress(Stopped):
            Practice(speaker, phrases, panel, clock).run(announcer, classifier)
    return 0
