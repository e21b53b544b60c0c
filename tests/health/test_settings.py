"""The settings of the battery."""

import pytest

from assistant.errors import ConfigError
from assistant.health.settings import BatterySettings, command_words


@pytest.mark.parametrize(
    ("command", "words"),
    [("", []), ("/opt/ups/charge", ["/opt/ups/charge"]), ("python3 'my ups.py' -q", ["python3", "my ups.py", "-q"])],
)
def test_a_command_is_split_into_words(command, words):
    """The words are those of a shell, but no shell runs them."""
    assert command_words(BatterySettings(command=command)) == words


def test_a_command_that_cannot_be_used_is_named():
    """The error is one line with the setting's name."""
    with pytest.raises(ConfigError, match=r"battery.command = .*: no closing quotation"):
        command_words(BatterySettings(command="cat '/tmp/charge"))
    with pytest.raises(ConfigError, match=r'battery.source = "command": set battery.command too'):
        command_words(BatterySettings(source="command"))
