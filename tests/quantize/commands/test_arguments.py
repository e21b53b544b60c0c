"""Tests of the arguments that several commands of `quantize` share."""

import pytest

from quantize.cli import main


@pytest.fixture
def help_of(capsys):
    """The function that returns what a command prints with --help."""

    def ask(*words):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help"])
        assert ended.value.code == 0
        return " ".join(capsys.readouterr().out.split())

    return ask


@pytest.mark.parametrize("words", [("models",), ("balance",), ("compare",), ("publish",), ("finder", "pack")])
def test_commands_that_draw_nothing_take_no_seed(help_of, words):
    """A seed that would change nothing is no option."""
    assert "--seed" not in help_of(*words)


@pytest.mark.parametrize("words", [("train",), ("convert",), ("stats",), ("finder", "head")])
def test_commands_that_draw_take_a_seed(help_of, words):
    """The help of a command that draws random numbers gives the seed that it draws them by."""
    assert "--seed N number that decides" in help_of(*words)
