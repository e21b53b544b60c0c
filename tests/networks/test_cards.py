"""Cards with an odd value anywhere are accepted, or refused by an error of one line."""

import copy
import json

import pytest

from assistant.emotion.model_card import parse_card
from assistant.errors import ModelError
from assistant.face.detectors.finder_card import parse_finder_card
from assistant.networks.shipped import shipped_finder, shipped_model

ODD = (None, True, 0, -1, 10**400, 0.0, float("nan"), float("inf"), "", "x" * 10_000, [], [[]], [1], [{}], {}, {"": {}})


def places(value, path=()):
    """Yield the path of each entry and item."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def with_odd(card, path, odd):
    """Return a copy of the card with this value at this place."""
    changed = copy.deepcopy(card)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return changed


def complaint(parse, card):
    """Return the error of a card, or None; any error but ModelError fails the test."""
    try:
        parse(card)
    except ModelError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("model", "parse"), [(shipped_model, parse_card), (shipped_finder, parse_finder_card)], ids=["emotion", "face"]
)
def test_a_card_with_an_odd_entry_is_taken_or_refused_in_one_line(model, parse):
    """An odd value in any place that is read is accepted, or refused by an error of one line."""
    card = json.loads(model().with_suffix(".json").read_text(encoding="utf-8"))
    read = {key: card[key] for key in card if key in {"schema", "sha256", "input", "outputs", "thresholds"}}
    cards = (with_odd(card, path, odd) for path in places(read) for odd in ODD)
    complaints = [said for each in cards if (said := complaint(parse, each)) is not None]
    assert len(complaints) > 200
    assert all("\n" not in said and len(said) < 300 for said in complaints)
