"""`assistant run`."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.command_line.common import Subparsers, add_command, add_machine, frames_a_second, positive

LATEST_END_S = 1.8
"""After a signal; what a driver or a device still holds up then is left to the system."""

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
    run.add_argument(
        "--wait-for-camera",
        action="store_true",
        help="a camera or a sound device that is missing, at the start or later, is tried again for ever",
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
    signals = Signals(reloads=arguments.wait_for_camera or bool(os.environ.get("NOTIFY_SOCKET")))
    from assistant.adapters.state_settings import set_aside
    from assistant.assemble import RunOptions, build_service
    from assistant.errors import AssistantError, ConfigError, ModelError
    from assistant.settings_files import load_layers, state_file

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
        waits_for_camera=arguments.wait_for_camera,
    )
    try:
        layers = load_layers(arguments.config)
        if layers.damage:
            set_aside(state_file())
        options = replace(options, lost_changes=bool(layers.damage))
        service = build_service(options, layers.settings, signals.stop)
    except AssistantError as error:
        refused = ConfigError(str(error)) if isinstance(error, ModelError) else error  # to start again helps nobody
        _say_why(phrase_of(error), arguments, again=refused.exit_code == ConfigError.exit_code)
        raise refused from error
    signals.take_up = service.request_reload
    service.run()
    signals.leave()
    return 0


def _say_why(phrase: str, arguments: argparse.Namespace, *, again: bool) -> None:
    """Say why it does not start; not `again` what was said when systemd started it just before."""
    from assistant.adapters.fault_memory import fault_memory
    from assistant.settings_files import voice_of
    from assistant.voices import say_fault

    memory = fault_memory()
    told = memory.load()
    if again or phrase not in told:
        say_fault(phrase, arguments.voice, voice_of(arguments.config))
        memory.save([*told, phrase])


def phrase_of(error: Exception) -> str:
    """Why it does not start, as it is said: details are for those who can read them."""
    from assistant.errors import ConfigError, ModelError, VoiceError

    if isinstance(error, ModelError):
        return "model_refused"
    return "settings_wrong" if isinstance(error, ConfigError | VoiceError) else "cannot_start"


class Signals:
    """What other programs tell this one: to end, which it does in time whatever hangs, and to take up its settings."""

    def __init__(self, *, reloads: bool) -> None:
        """With `reloads` a hang-up asks for the settings to be taken up, else it ends the program."""
        self.stop = threading.Event()
        self.take_up: Callable[[], None] = lambda: None
        """What to do when the settings are to be taken up; before the start they are about to be read anyway."""
        self._must_end = threading.Event()
        signal.signal(signal.SIGINT, lambda *_: self.stop.set())
        signal.signal(signal.SIGTERM, lambda *_: self._end())
        signal.signal(signal.SIGHUP, lambda *_: self.take_up() if reloads else self._end())
        threading.Thread(target=self._end_in_time, name="end", daemon=True).start()

    def leave(self) -> None:
        """End the program at once if it was told to end: tidying up the interpreter has been seen to take seconds."""
        if self._must_end.is_set():
            logging.shutdown()
            sys.stdout.flush()
            os._exit(0)

    def _end(self) -> None:
        self.stop.set()
        self._must_end.set()

    def _end_in_time(self) -> None:
        self._must_end.wait()
        time.sleep(LATEST_END_S)
        print("assistant: something did not end in time and was left behind", file=sys.stderr, flush=True)
        os._exit(0)
