"""`assistant run`."""

from __future__ import annotations

import argparse
import contextlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.common import Subparsers, add_command, add_machine, frames_a_second, positive
from assistant.cli.signals import Signals
from assistant.speech.registry import VOICES

if TYPE_CHECKING:
    from assistant.app.configuration.options import RunOptions
    from assistant.app.configuration.settings import Settings
    from assistant.app.configuration.settings_files import Layers
    from assistant.app.service import Service
    from assistant.errors import AssistantError
    from assistant.web.build import HeadsetPage

EXAMPLES = """examples:
  assistant run                                    the camera that is there, aloud
  assistant run --camera simulated --voice print   a demonstration with drawn faces
  assistant run --keys                             commands by keys; ? lists the keys
  assistant run --camera replay:talk.mp4 --fast --events -
"""


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    run = add_command(commands, "run", _run, "watch the camera and say what the face in front shows", EXAMPLES)
    add_machine(run)
    run.add_argument(
        "--voice",
        default="auto",
        help=f"{VOICES} (default: auto); auto: the engine of the settings, or print where there is no sound; "
        "print: the phrases as text; wav:DIR: sound files in the folder DIR; none: nothing",
    )
    run.add_argument("--keys", action="store_true", help="take commands by the keys of the terminal; ? lists the keys")
    run.add_argument(
        "--control",
        action="store_true",
        help="let `assistant ctl` control a run without a real camera; with a real camera it always can",
    )
    run.add_argument(
        "--wait-for-camera",
        action="store_true",
        help="try a missing camera or sound device again without end, at the start and later",
    )
    run.add_argument("--events", metavar="FILE", help="write the events to FILE, as JSON lines; -: to standard output")
    run.add_argument("--show", action="store_true", help="show the picture with what is found in a window")
    run.add_argument(
        "--record",
        metavar="FILE.mp4",
        type=Path,
        help="write the picture with what is found to FILE.mp4, with or without --show; the voice says so",
    )
    run.add_argument(
        "--fast", action="store_true", help="play a recording or drawn faces as fast as possible, with every frame"
    )
    run.add_argument(
        "--fps",
        type=frames_a_second,
        metavar="N",
        help="frames a second, 1 to 120; a video with times keeps them "
        "(default: the setting camera.fps for a real camera, 15 for drawn faces, 10 for pictures)",
    )
    run.add_argument("--duration", type=positive, metavar="S", help="end after this many seconds")


def _run(arguments: argparse.Namespace) -> int:
    reloads = arguments.wait_for_camera or bool(os.environ.get("NOTIFY_SOCKET"))
    signals = Signals(reloads=reloads, keys=arguments.keys)
    from assistant.app.configuration.options import RunOptions

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
    run_headset(options, signals)
    return 0


def run_headset(options: RunOptions, signals: Signals) -> None:
    """Run a headset to its end. AssistantError says why it cannot start, and the voice says so too.

    The exit code is 2 when a restart cannot help, so that systemd does not try again.
    """
    from assistant.errors import AssistantError, ConfigError, ModelError

    try:
        service = _built(options, signals)
    except AssistantError as error:
        refused = ConfigError(str(error)) if isinstance(error, ModelError) else error
        _say_why(phrase_of(error), options, again=refused.exit_code == ConfigError.exit_code)
        raise refused from error
    signals.reload, signals.wake = service.requests.reload, service.wake
    service.run()
    signals.leave()


def _built(options: RunOptions, signals: Signals) -> Service:
    """Build the service; without the card's settings when they are what keeps it from being built."""
    from assistant.errors import AssistantError, ConfigError, VoiceError

    layers = _layers(options)
    try:
        return _build(options, layers, signals)
    except (ConfigError, VoiceError) as error:
        if not any(layers.card.table.values()):
            raise
        try:
            return _build(options, _without_card(options, layers, error), signals)
        except AssistantError:
            raise error from None  # the card's settings were not the reason


def _without_card(options: RunOptions, layers: Layers, error: AssistantError) -> Layers:
    """Return the settings without those of the card; that they cannot be used is one more fault of theirs."""
    import logging

    from assistant.app.configuration.card import CardFault

    logging.getLogger(__name__).warning("%s: tried without it, because %s", layers.card.path, error)
    without = _layers(options, with_card=False)
    card = replace(without.card, faults=(*without.card.faults, CardFault(str(error))))
    return replace(without, card=card, damage=layers.damage)


def _layers(options: RunOptions, *, with_card: bool = True) -> Layers:
    from assistant.app.configuration.settings_files import read_layers

    return read_layers(options.config, with_card=with_card)


def _build(options: RunOptions, layers: Layers, signals: Signals) -> Service:
    from assistant.app.build import build_service

    faults = layers.card.faults
    wrong = [fault.line for fault in faults] if faults else None
    told = replace(options, lost_changes=bool(layers.damage), wrong_lines=wrong)
    return build_service(told, layers.settings, signals.stop, helper_page)


def helper_page(settings: Settings, config: Path | None, model: Path, remarks: list[str]) -> HeadsetPage | None:
    """Make the helper's page, not served yet; None when the settings want none.

    Missing packages of the page stop no headset: they become a remark.
    """
    if not settings.web.enabled:
        return None
    try:
        from assistant.web.build import HeadsetPage
    except ImportError as error:
        remarks.append(f"web.enabled: {error.name} is not installed, there is no page: install the extra 'web'")
        return None
    return HeadsetPage(settings, config, model)


def _say_why(phrase: str, options: RunOptions, *, again: bool) -> None:
    """Say why the program does not start.

    Without `again`, a reason is not said when it was heard just before, at an earlier start by systemd.
    """
    from assistant.app.configuration.settings_files import voice_of
    from assistant.app.drivers.fault_store import fault_store
    from assistant.errors import AssistantError
    from assistant.speech.build import say_fault

    store = fault_store()
    said = store.load()
    if phrase in said and not again:
        return
    with contextlib.suppress(AssistantError):  # the reason itself is raised
        if say_fault(phrase, options.voice, voice_of(options.config)):
            store.save(tuple(dict.fromkeys((*said, phrase))))


def phrase_of(error: Exception) -> str:
    """Return the phrase that says why the program does not start; details are for those who can read them."""
    from assistant.errors import ConfigError, ModelError, VoiceError

    if isinstance(error, ModelError):
        return "model_refused"
    return "settings_wrong" if isinstance(error, ConfigError | VoiceError) else "cannot_start"
