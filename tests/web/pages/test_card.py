"""The card to print: the introduction in every language."""

import re

import pytest

from assistant.speech.phrases import Phrases, languages
from assistant.speech.sentences import INTRODUCTION
from assistant.web.pages.card import NAMES, RIGHT_TO_LEFT
from tests.web.client import Client


def shown(text):
    """Return the paragraphs of each card by its language, and the directions in which they are written."""
    cards = re.findall(r'<section class="card" lang="(\w+)" dir="(\w+)".*?</h2>(.*?)</section>', text, re.DOTALL)
    return (
        {language: re.findall(r"<p>(.*?)</p>", body) for language, _, body in cards},
        {language: direction for language, direction, _ in cards},
    )


def test_every_language_has_its_card(client):
    """Each card has the sentences of the introduction, and its language's own name and direction."""
    paragraphs, directions = shown(client.get("/card").text)
    assert set(paragraphs) == set(languages()) == set(NAMES)
    for language, sentences in paragraphs.items():
        phrases = Phrases.load(language).all()
        assert [each.lower().rstrip(".।") for each in sentences] == [
            phrases[key].lower().replace("'", "&#39;") for key in INTRODUCTION
        ]
        assert all(each[0] == each[0].upper() and each[-1] in ".।" for each in sentences)
    assert {each for each, direction in directions.items() if direction == "rtl"} == RIGHT_TO_LEFT
    assert paragraphs["en"][1] == "It keeps nothing of what it sees."


def test_one_language_is_shown_alone(client):
    """`?language=` shows one card; a language without a card is an error that names the languages."""
    assert list(shown(client.get("/card?language=hi").text)[0]) == ["hi"]
    refused = client.get("/card?language=tlh")
    assert refused.status == 404
    assert "The languages are ar, de, en, es, fr, hi, pt." in refused.text


def test_the_wearers_own_wording_is_on_the_card(serve, tmp_path):
    """The card of the wearer's language has the wearer's phrases; if their file is damaged, it has the usual ones."""
    config, own = tmp_path / "settings.toml", tmp_path / "phrases.toml"
    config.write_text("", encoding="utf-8")
    own.write_text('[introduction]\nkeeps = "it stores nothing <at all>!"\n', encoding="utf-8")
    client = Client(serve(config=config).address.url)
    paragraphs, _ = shown(client.get("/card").text)
    assert paragraphs["en"][1] == "It stores nothing &lt;at all&gt;!"
    assert paragraphs["de"][1] == "Es speichert nichts von dem, was es sieht."
    own.write_text("[introduction", encoding="utf-8")
    assert shown(client.get("/card").text)[0]["en"][1] == "It keeps nothing of what it sees."


@pytest.mark.parametrize("path", ["/live", "/headset", "/health"])
def test_the_pages_have_a_link_to_it(client, path):
    """A helper reaches the card from every page."""
    assert '<a href="/card">' in client.get(path).text
