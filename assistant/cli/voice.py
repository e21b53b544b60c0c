"""`assistant say`, `voices` and `devices`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.common import Subparsers, add_command, add_settings
from assistant.errors import ConfigError
from assistant.speech.device_names import DEVICE_NAME
from assistant.speech.registry import ENGINES

if TYPE_CHECKING:
    from assistant.speech.settings import VoiceSettings

SAY_EXAMPLES = """examples:
  assistant say "looks happy"
  assistant say --introduction
  assistant say --voice piper --name ~/piper-voices/en_GB-alan-low.onnx hello
"""
VOICES_EXAMPLES = """examples:
  assistant voices
  assistant voices piper
  assistant voices --render --config settings.toml
"""
NEVER_TRIED = "this board was never tried with this program"

DEVICES_EXAMPLES = """example:
  assistant devices
"""


def add(commands: Subparsers) -> None:
    """Add the three commands with their arguments."""
    say = add_command(commands, "say", _say, "say a text, or introduce the headset", SAY_EXAMPLES)
    add_settings(say)
    say.add_argument("text", nargs="*", metavar="TEXT")
    say.add_argument(
        "--introduction",
        action="store_true",
        help="instead of TEXT: say to other people what the headset does, and that it keeps nothing",
    )
    say.add_argument("--voice", default="", help=f"{', '.join(ENGINES)} (default: the settings')")
    say.add_argument("--name", help="voice of the engine; `assistant voices` lists them")
    say.add_argument("--rate", type=_rate, metavar="N", help="words a minute, 80 to 450")
    say.add_argument("--device", type=_device, help="sound output; `assistant devices` lists them")
    voices = add_command(commands, "voices", _voices, "list the voices of an engine", VOICES_EXAMPLES)
    voices.add_argument(
        "engine",
        nargs="?",
        default="espeak-ng",
        metavar="ENGINE",
        help=f"{', '.join(ENGINES)} (default: %(default)s); ignored with --render",
    )
    voices.add_argument(
        "--render",
        action="store_true",
        help="list no voices; render all phrases of the settings' voice and engine in advance",
    )
    add_settings(voices, "settings file of --render; `assistant settings` prints one")
    add_command(commands, "devices", _devices, "list the names of cameras and sound outputs", DEVICES_EXAMPLES)


def _rate(text: str) -> int:
    if not text.isdecimal() or not 80 <= int(text) <= 450:
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 80 to 450 is needed")
    return int(text)


def _device(text: str) -> str:
    if not DEVICE_NAME.fits(text):
        raise argparse.ArgumentTypeError(f"{text!r}: allowed is {DEVICE_NAME.words}")
    return text


def _say(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from assistant.app.configuration.settings_files import load_settings
    from assistant.speech.build import say_texts

    if arguments.voice not in ("", *ENGINES):
        raise ConfigError(f"--voice {arguments.voice!r}: allowed is {', '.join(ENGINES)}")
    settings = load_settings(arguments.config).voice
    chosen = {
        "engine": arguments.voice or None,
        "name": arguments.name,
        "rate_wpm": arguments.rate,
        "device": arguments.device,
    }
    changed = replace(settings, **{key: value for key, value in chosen.items() if value is not None})
    say_texts(_texts(arguments, changed), changed, arguments.config)
    return 0


def _texts(arguments: argparse.Namespace, voice: VoiceSettings) -> list[str]:
    """Return the text of the arguments, or the introduction in the language of the settings."""
    from assistant.speech.build import load_phrases
    from assistant.speech.sentences import INTRODUCTION

    if arguments.introduction == bool(arguments.text):
        raise ConfigError("say: either TEXT or --introduction is needed")
    if arguments.text:
        return [" ".join(arguments.text)]
    phrases = load_phrases(voice, arguments.config).all()
    return [phrases[key] for key in INTRODUCTION]


def _voices(arguments: argparse.Namespace) -> int:
    from assistant.speech.drivers.engine import voices

    if arguments.render:
        return _render(arguments)

    if arguments.engine not in ENGINES:
        raise ConfigError(f"voices {arguments.engine}: allowed is {', '.join(ENGINES)}")
    for voice in voices(arguments.engine):
        print(f"{voice.name:<30} {voice.language:<12} {voice.description}")
    return 0


def _render(arguments: argparse.Namespace) -> int:
    from assistant.app.configuration.settings_files import load_settings
    from assistant.speech.build import render_phrases

    begin, is_watched = ("\r", True) if sys.stdout.isatty() else ("", False)
    try:
        for count, left in enumerate(render_phrases(load_settings(arguments.config).voice, arguments.config), 1):
            if is_watched or not left:
                print(f"{begin}{count} of {count + left} phrases", end="", flush=True)
    finally:
        print(flush=True)
    return 0


def _devices(_: argparse.Namespace) -> int:
    from assistant.camera.drivers.picamera import has_picamera2
    from assistant.camera.drivers.webcam_names import named_webcams, webcams
    from assistant.speech.drivers.alsa import outputs

    found = [f"webcam:{name}" for name in (*webcams(), *named_webcams())]
    cameras = [*(["picamera"] if has_picamera2() else []), *found]
    print("cameras, for --camera:")
    print("\n".join(f"  {name}" for name in cameras) or "  none")
    print("sound outputs, for device under [voice] in the settings:")
    print("\n".join(f"  {output.name:<40} {output.description}" for output in outputs()) or "  none")
    print("sound boards, for board under [voice] in the settings:")
    print("\n".join(board_lines()) or "  none")
    return 0


def board_lines(root: Path | None = None) -> list[str]:
    """Return a line for each sound card that is a known board; `root` is the kernel's folder of sound cards."""
    from assistant.speech.drivers.sound_cards import ASOUND, recognised

    return [f"  {' or '.join(boards):<40} {card.title}; {NEVER_TRIED}" for card, boards in recognised(root or ASOUND)]
