"""Tests of facts beside a network that are damaged."""

import pytest

from assistant.errors import DataError
from quantize.training.facts import facts_path, training_facts

FACTS = {
    "a number": "5",
    "a recipe that is a number": '{"recipe": 5}',
    "a seed that is a letter": '{"recipe": {"seed": "x"}}',
    "a seed of many digits": f'{{"recipe": {{"seed": {"9" * 5000}}}}}',
    "deep": "[" * 5000,
    "a list for a name": '{"recipe": {"seed": 1, "architecture": [1]}}',
    "another head": '{"recipe": {"seed": 1, "architecture": "lite", "heads": "three"}, "training_pictures": 5}',
    "a limit in words": '{"recipe": {"seed": 1, "architecture": "lite"}, "training_pictures": 5, "limit": "all"}',
    "no pictures": '{"recipe": {"seed": 1, "architecture": "lite"}}',
    "half": '{"recipe": {"seed": 1',
}


@pytest.mark.parametrize("text", FACTS.values(), ids=FACTS.keys())
def test_facts_that_are_damaged_are_named(tmp_path, text):
    """Damaged facts are refused in one line that names their file."""
    model = tmp_path / "model.keras"
    model.write_bytes(b"")
    facts_path(model).write_text(text)
    with pytest.raises(DataError, match=r"model-facts\.json: ") as refused:
        training_facts(model)
    assert len(str(refused.value).splitlines()) == 1
