"""The command `assistant`: reads the arguments, joins the parts, turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import AssistantError

RUN_EXAMPLES = """examples:
  assistant run                                    the camera that is there, aloud
  assistant run --camera simulated --voice print   a demonstration with drawn faces
  assistant run --camera replay:talk.mp4 --fast --events -
"""
LOOK_EXAMPLES = """examples:
  assistant look portrait.jpg
  assistant look --json holiday/*.jpg > faces.json
"""
DOCTOR_EXAMPLES = """examples:
  assistant doctor
  assistant doctor camera sound
"""
SETTINGS_EXAMPLES = """example:
  assistant settings > settings.toml && assistant run --config settings.toml
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong arguments or settings."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")  # its errors come as exceptions and return values
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files may hold what the terminal has not
    try:
        code = int(arguments.command(arguments))
        sys.stdout.flush()
    except AssistantError as error:
        print(f"assistant: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # who has stopped reading needs no message
            print(f"assistant: {error.filename or 'output'}: {error.strerror}", file=sys.stderr)
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - nothing is left to flush into
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant", description="Tells what the face in front of a camera shows. Everything stays on the device."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_look(commands)
    _add_doctor(commands)
    _add(commands, "settings", _settings, "print all settings as a file ready to edit", SETTINGS_EXAMPLES)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, command: object, what: str, examples: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=command)
    return parser


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _add(commands, "run", _run, "watch the camera and say what the face in front shows", RUN_EXAMPLES)
    _add_machine(run)
    run.add_argument("--voice", default="auto", help="auto, pyttsx3, print, wav:DIR or none (default: auto)")
    run.add_argument("--events", metavar="FILE", help="write what happens as JSON lines; - is standard output")
    run.add_argument("--show", action="store_true", help="open a window with the live picture")
    run.add_argument("--record", metavar="FILE.mp4", type=Path, help="write that picture to a video (said aloud)")
    run.add_argument("--fast", action="store_true", help="play a recording as fast as it goes, every frame")
    run.add_argument(
        "--fps", type=_fps, metavar="N", help="pictures a second, 1 to 120 (a folder's: 10; videos have their own)"
    )
    run.add_argument("--duration", type=_positive, metavar="S", help="end after this many seconds")


def _add_look(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    look = _add(commands, "look", _look, "judge the faces of pictures", LOOK_EXAMPLES)
    look.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    look.add_argument("--json", action="store_true", help="print a list with boxes and all scores")
    look.add_argument("--model", type=Path, metavar="FILE", help="another .tflite file, its card beside it")


def _add_doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    doctor = _add(commands, "doctor", _doctor, "try each part on this machine", DOCTOR_EXAMPLES)
    _add_machine(doctor)
    doctor.add_argument("parts", nargs="*", metavar="PART", help="camera, detector, model, voice, sound, button")


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings; see: assistant settings")
    parser.add_argument(
        "--camera",
        default="auto",
        help="auto, picamera, webcam[:N], replay:PATH or simulated[:SCRIPT] (default: auto, a real camera); a SCRIPT "
        'names emotions and seconds: "happy 4, empty 2, sad 4"',
    )
    parser.add_argument("--model", type=Path, metavar="FILE", help="another .tflite file, its card beside it")


def _positive(text: str) -> float:
    return _number(text, 0.0, 1e9, "a number above 0 is needed")


def _fps(text: str) -> float:
    return _number(text, 1.0, 120.0, "a number from 1 to 120 is needed")


def _number(text: str, low: float, high: float, needed: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not (low <= number <= high and number):
        raise argparse.ArgumentTypeError(f"{text!r}: {needed}")
    return number


def _run(arguments: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    from assistant.assemble import RunOptions, build_service
    from assistant.settings import load_settings

    options = RunOptions(
        camera=arguments.camera,
        config=arguments.config,
        model=arguments.model,
        voice=arguments.voice,
        events=arguments.events,
        show=arguments.show,
        record=arguments.record,
        fast=arguments.fast,
        fps=arguments.fps,
        duration_s=arguments.duration,
    )
    build_service(options, load_settings(arguments.config), stop).run()
    return 0


def _look(arguments: argparse.Namespace) -> int:
    from assistant.adapters.haar import HaarFaceDetector
    from assistant.adapters.tflite import TFLiteClassifier
    from assistant.assemble import shipped_model
    from assistant.look import judge_picture, write_json, write_text

    detector, classifier = HaarFaceDetector(), TFLiteClassifier(arguments.model or shipped_model())
    judgements = [judge_picture(path, detector, classifier) for path in arguments.pictures]
    if arguments.json:
        write_json(judgements, sys.stdout)
    else:
        write_text(judgements, sys.stdout, sys.stderr)
    return int(any(judgement.error for judgement in judgements))


def _doctor(arguments: argparse.Namespace) -> int:
    from assistant.assemble import shipped_model
    from assistant.doctor import PARTS, examine
    from assistant.errors import ConfigError
    from assistant.settings import load_settings

    unknown = [part for part in arguments.parts if part not in PARTS]
    if unknown:
        raise ConfigError(f"doctor {unknown[0]}: no such part; there are {', '.join(PARTS)}")
    works = True
    model = arguments.model or shipped_model()
    for finding in examine(load_settings(arguments.config), arguments.camera, model, arguments.parts):
        print(finding, flush=True)
        works = works and finding.works
    return 0 if works else 1


def _settings(_: argparse.Namespace) -> int:
    from assistant.settings import Settings, settings_as_toml

    print(settings_as_toml(Settings()), end="")
    return 0
