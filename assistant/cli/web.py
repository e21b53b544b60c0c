"""`assistant web`."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli.common import MODEL_HELP, Subparsers, add_command, add_settings

if TYPE_CHECKING:
    from assistant.web.build import Page

EXAMPLES = """examples:
  assistant web                          pictures, settings and health, for browsers of this machine
  assistant web --camera simulated       with a headset whose camera is simulated
  assistant web --host 0.0.0.0           for other machines too: over TLS, and with the token
  assistant web --token                  print the token; --say-token says it
"""


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    web = add_command(commands, "web", _web, "serve the page on which a helper tries and sets up the headset", EXAMPLES)
    add_settings(web)
    web.add_argument("--host", help="address on which the page listens (default: the setting web.host, 127.0.0.1)")
    web.add_argument("--port", type=_port, help="port of the page; 0: a free one (default: the setting web.port, 8765)")
    web.add_argument("--camera", help="also run a headset with this camera; see `assistant run --help`")
    web.add_argument("--voice", default="auto", help="the voice of the headset that --camera starts (default: auto)")
    web.add_argument("--model", type=Path, metavar="FILE", help=MODEL_HELP)
    token = web.add_mutually_exclusive_group()
    token.add_argument("--token", action="store_true", help="print the token that other machines need, and end")
    token.add_argument("--say-token", action="store_true", help="say the token aloud, and end")


def _web(arguments: argparse.Namespace) -> int:
    if arguments.token or arguments.say_token:
        return _give_token(arguments)
    _check_extra()
    chosen = {name: getattr(arguments, name) for name in ("host", "port") if getattr(arguments, name) is not None}
    if arguments.camera:
        return _run_headset(arguments, {"enabled": True, **chosen})
    return _serve(arguments, {"enabled": True, **chosen})


def _serve(arguments: argparse.Namespace, chosen: Mapping[str, Any]) -> int:
    from assistant.app.configuration.settings_files import load_settings
    from assistant.cli.signals import Signals
    from assistant.networks.shipped import shipped_model
    from assistant.web.build import build_page

    signals = Signals(reloads=False)
    settings = load_settings(arguments.config)
    settings = replace(settings, web=replace(settings.web, **chosen))
    page = build_page(settings, arguments.config, arguments.model or shipped_model())
    page.server.start()
    _log_address(page)
    signals.stop.wait()
    page.server.close()
    return 0


def _run_headset(arguments: argparse.Namespace, chosen: Mapping[str, Any]) -> int:
    from assistant.app.configuration.options import RunOptions
    from assistant.camera.choose import played_on
    from assistant.cli.run import run_headset
    from assistant.cli.signals import Signals

    signals = Signals(reloads=False)
    camera = played_on(
        arguments.camera
    )  # a demonstration of some seconds would be over before somebody has opened the page
    options = RunOptions(
        camera=camera, config=arguments.config, model=arguments.model, voice=arguments.voice, web=chosen
    )
    run_headset(options, signals)
    if not signals.stop.is_set():
        logging.getLogger(__name__).info("%s is over, and so is the page", camera)
    return 0


def _log_address(page: Page) -> None:
    log = logging.getLogger(__name__)
    log.info("the page: %s (Ctrl-C ends it)", page.address.url)
    if page.certificate is not None:
        log.info("the page asks for the token, which `assistant web --token` prints")
        log.info("the browser warns about the page's certificate, whose SHA-256 is %s", page.certificate.fingerprint())


def _give_token(arguments: argparse.Namespace) -> int:
    from assistant.app.configuration.settings_files import load_settings, state_file
    from assistant.speech.build import say_texts
    from assistant.web.access.token import kept_token

    settings = load_settings(arguments.config)
    token = kept_token(state_file().parent)
    if arguments.say_token:
        say_texts(token.spoken, settings.voice, arguments.config)
    else:
        print(token.grouped)
    return 0


def _check_extra() -> None:
    from assistant.errors import ConfigError

    try:
        import jinja2
        import python_multipart
        import starlette
        import uvicorn
    except ImportError as error:
        raise ConfigError(f"web: {error.name} is not installed; pip install 'emotion-assistant[web]'") from None
    del jinja2, python_multipart, starlette, uvicorn


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 0 to 65535 is needed")
    return int(text)
