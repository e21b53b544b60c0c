"""The card to print, which tells other people what the headset does: a sheet of all languages, or one of them alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from assistant.errors import AssistantError
from assistant.speech.build import load_phrases
from assistant.speech.phrases import Phrases, languages
from assistant.speech.sentences import INTRODUCTION
from assistant.web.site import Site, render, site_of

NAMES: Mapping[str, str] = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "pt": "Português",
}
"""Each language's own name, by its code."""

RIGHT_TO_LEFT = frozenset({"ar"})
FULL_STOPS: Mapping[str, str] = {"hi": "।"}
"""The sign that ends a sentence, where it is not a point."""


@dataclass(frozen=True, slots=True)
class Card:
    """The introduction in one language, for people who read."""

    language: str
    name: str
    direction: str
    sentences: tuple[str, ...]


async def show(request: Request) -> Response:
    """Show the cards of all languages, or the card of the language that `?language=` names."""
    known = languages()
    wanted = request.query_params.get("language", "")
    if wanted not in ("", *known):
        raise HTTPException(404, f"There is no card in this language. The languages are {', '.join(known)}.")
    site = site_of(request)
    cards = [_card(site, language) for language in ([wanted] if wanted else known)]
    return render(request, "card.html", cards=cards, wanted=wanted, names={each: _name(each) for each in known})


def _card(site: Site, language: str) -> Card:
    phrases = _phrases(site, language).all()
    sentences = tuple(_sentence(phrases[key], language) for key in INTRODUCTION)
    return Card(language, _name(language), "rtl" if language in RIGHT_TO_LEFT else "ltr", sentences)


def _name(language: str) -> str:
    return NAMES.get(language, language)


def _phrases(site: Site, language: str) -> Phrases:
    """Return the phrases of a language; in the wearer's own language with the wearer's own wordings, if they are right.

    The settings form says what is wrong with them.
    """
    try:
        voice = site.store.load().settings.voice
        return load_phrases(voice, site.config) if voice.language == language else Phrases.load(language)
    except AssistantError:
        return Phrases.load(language)


def _sentence(phrase: str, language: str) -> str:
    """Return a phrase with a capital letter and a full stop."""
    end = "" if phrase.endswith((".", "!", "?", "।")) else FULL_STOPS.get(language, ".")
    return f"{phrase[:1].upper()}{phrase[1:]}{end}"
