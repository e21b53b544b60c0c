"""`assistant doctor`."""

from __future__ import annotations

import argparse

from assistant.cli.common import Subparsers, add_command, add_machine

EXAMPLES = """examples:
  assistant doctor
  assistant doctor camera sound
  assistant doctor --speak
"""
PARTS_HELP = (
    "the part to try: camera, detector, model, voice, sound, battery, card, board, button, light or vibration "
    "(default: all, but the card only if it has settings, and the last four only if the settings name them)"
)


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    doctor = add_command(commands, "doctor", _doctor, "try each part on this machine", EXAMPLES)
    add_machine(doctor)
    doctor.add_argument("parts", nargs="*", metavar="PART", help=PARTS_HELP)
    doctor.add_argument("--speak", action="store_true", help="also say the findings aloud")


def _doctor(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from assistant.app.configuration.settings_files import load_layers
    from assistant.cli.doctor.checks import PARTS, examine
    from assistant.errors import ConfigError
    from assistant.networks.shipped import shipped_model
    from assistant.speech.build import say_texts

    unknown = [part for part in arguments.parts if part not in PARTS]
    if unknown:
        raise ConfigError(f"doctor {unknown[0]}: no such part; there are {', '.join(PARTS)}")
    layers = load_layers(arguments.config)
    findings = []
    model = arguments.model or shipped_model()
    for finding in examine(layers, arguments.camera, model, arguments.parts, arguments.config):
        print(finding, flush=True)
        findings.append(finding)
    if arguments.speak:
        english = replace(layers.settings.voice, language="en", name="")  # since the findings are in English
        say_texts([finding.spoken for finding in findings], english, arguments.config)
    return 0 if all(finding.works for finding in findings) else 1
