"""`assistant run`."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from assistant.command_line.common import Subparsers, add_command, add_machine, frames_a_second, positive

EXAMPLES = """examples:
  assistant run                                    the camera that is there, aloud
  assistant run --camera simulated --voice print   a demonstration with drawn faces
  assistant run --keys                             asked by keys; ? lists them
  assistant run --camera replay:talk.mp4 --fast --events -
"""


def add(commands: Subparsers) -> None:
    """Its arguments."""
    run = add_command(commands, "run", _run, "watch the camera and say what the face in front shows", EXAMPLES)
    add_machine(run)
    run.add_argument(
        "--voice",
        default="auto",
        help="auto, pyttsx3, espeak-ng, piper, print, wav:DIR or none (default: auto, the one of the settings)",
    )
    run.add_argument("--keys", action="store_true", help="take questions by keys of the terminal; ? lists them")
    run.add_argument(
        "--control", action="store_true", help="listen to `assistant ctl`; with a real camera it always does"
    )
    run.add_argument("--events", metavar="FILE", help="write what happens as JSON lines; - is standard output")
    run.add_argument("--show", action="store_true", help="open a window with the live picture")
    run.add_argument("--record", metavar="FILE.mp4", type=Path, help="write that picture to a video (said aloud)")
    run.add_argument("--fast", action="store_true", help="play a recording as fast as it goes, every frame")
    run.add_argument(
        "--fps",
        type=frames_a_second,
        metavar="N",
        help="pictures a second, 1 to 120 (a folder's: 10; videos have their own)",
    )
    run.add_argument("--duration", type=positive, metavar="S", help="end after this many seconds")


def _run(arguments: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    from assistant.assemble import RunOptions, build_service
    from assistant.errors import AssistantError
    from assistant.settings import Settings, load_settings
    from assistant.voices import say_fault

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
        keys=arguments.keys,
        control=arguments.control,
    )
    settings = default = Settings()
    try:
        settings = load_settings(arguments.config)
        service = build_service(options, settings, stop)
    except AssistantError as error:
        say_fault(_phrase(error, settings_read=settings is not default), options.voice, settings.voice, options.config)
        raise
    service.run()
    return 0


def _phrase(error: Exception, *, settings_read: bool) -> str:
    """Why it does not start, as it is said: details are for those who can read them."""
    from assistant.errors import ModelError

    if isinstance(error, ModelError):
        return "model_refused"
    return "cannot_start" if settings_read else "settings_wrong"
