"""What can go wrong, told in one line that names the thing and what to do."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text with every sign that a terminal would obey, or that is no letter, written as its number."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


class AssistantError(Exception):
    """The parent of every failure that the program expects; its text is one line, meant for a person."""

    exit_code = 1

    def __str__(self) -> str:
        return one_line(super().__str__())


class ConfigError(AssistantError, ValueError):
    """A setting or an argument that is not allowed."""

    exit_code = 2


class CameraError(AssistantError, OSError):
    """A camera or recording that cannot be opened or has stopped."""


class DetectorError(AssistantError, OSError):
    """OpenCV's cascade files are missing."""


class ModelError(AssistantError, ValueError):
    """A model or its card that cannot be trusted."""


class SpeechError(AssistantError, OSError):
    """A phrase that could not be rendered or played."""


class VoiceError(SpeechError):
    """A voice that the engine has not: the settings are wrong, and time does not mend it."""

    exit_code = 2


class ButtonError(AssistantError, OSError):
    """A button whose pin or library is missing."""


class DisplayError(AssistantError, OSError):
    """A window or a video that cannot be opened or written."""


class DataError(AssistantError, ValueError):
    """Training or test data that cannot be read."""


LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """A value in a message, cut short where it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
