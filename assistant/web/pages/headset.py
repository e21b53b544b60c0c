"""The page with the headset's commands: what it says, its volume and its mode; and a test of its aim and buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from assistant.controls.commands import Command
from assistant.errors import AssistantError
from assistant.speech.build import load_phrases, say_texts
from assistant.web.forms import read_form
from assistant.web.site import Site, render, site_of

GROUPS: Mapping[str, Mapping[Command, str]] = {
    "Speak": {
        Command.STATUS: "Test phrase: say how you are",
        Command.TELL: "Say what you see",
        Command.REPEAT: "Say the last phrase again",
        Command.INTRODUCE: "Introduce yourself to the people in front",
        Command.SILENCE: "Be silent now",
    },
    "Volume": {
        Command.LOUDER: "Louder",
        Command.QUIETER: "Quieter",
        Command.MUTE: "Mute",
        Command.UNMUTE: "Speak again",
    },
    "Mode": {
        Command.MODE_CHANGES: "Say what changes",
        Command.MODE_ASK: "Only when asked",
        Command.MODE_FULL: "Say everything",
    },
}
ALLOWED = {str(command): command for group in GROUPS.values() for command in group}
TEST = "test"
TEST_PHRASE = "ready"


async def show(request: Request) -> Response:
    """Show the commands."""
    return _page(request)


async def command(request: Request) -> Response:
    """Give the headset a command; without a headset, say a test phrase with the settings' voice."""
    site = site_of(request)
    asked = (await read_form(request, site.guard)).get("command", "")
    if site.headset is None:
        if asked != TEST:
            raise HTTPException(404, "No headset runs here, so there is none to command.")
        return _page(request, done=await asyncio.to_thread(_say_phrase, site))
    if asked not in ALLOWED:
        raise HTTPException(422, "The headset has no such command. Load the page again.")
    reply = await site.headset.ask(ALLOWED[asked])
    if not reply.get("ok"):
        return _page(
            request, done=f"The headset did not do this: {reply.get('error', 'it gave no reason')}.", status=503
        )
    return _page(request, done=_words_of(reply))


def _words_of(reply: Mapping[str, object]) -> str:
    if "said" in reply:
        return f"The headset says: {reply['said']}."
    return "The headset says how it is." if len(reply) > 1 else "Done."


def _say_phrase(site: Site) -> str:
    try:
        settings = site.store.load().settings
        phrase = load_phrases(settings.voice, site.config).all()[TEST_PHRASE]
        say_texts([phrase], settings.voice, site.config)
    except AssistantError as error:
        return f"The test phrase could not be said: {error}."
    return f"The test phrase was said: {phrase}."


def _page(request: Request, done: str = "", status: int = 200) -> Response:
    headset = site_of(request).headset
    presses = [] if headset is None else [each for each in headset.feed.entries if each.kind == "button"][::-1]
    looking = headset is not None and "aim" in request.query_params
    return render(
        request, "headset.html", status, groups=GROUPS, done=done, presses=presses, looking=looking, test=TEST
    )
