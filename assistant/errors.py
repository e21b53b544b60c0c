"""The errors that the program expects. Each is one line that names the thing and says what to do."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Return the text on one line: each character that cannot be printed is written as its number."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


class AssistantError(Exception):
    """The parent of every error that the program expects; its text is one line, written for a person."""

    exit_code = 1

    def __str__(self) -> str:
        return one_line(super().__str__())


class ConfigError(AssistantError, ValueError):
    """A setting or an argument is not allowed."""

    exit_code = 2


class CameraError(AssistantError, OSError):
    """A camera or a recording cannot be opened, or has stopped."""


class DetectorError(AssistantError, OSError):
    """OpenCV's cascade files are missing."""


class ModelError(AssistantError, ValueError):
    """A model or its card is missing, damaged, or not as this program needs it."""


class SpeechError(AssistantError, OSError):
    """A phrase could not be rendered or played."""


class VoiceError(SpeechError):
    """The engine does not have this voice: the settings are wrong, and waiting does not help."""

    exit_code = 2


class ButtonError(AssistantError, OSError):
    """A button's pin or library is missing."""


class OutputError(AssistantError, OSError):
    """The pin or the library of the light or a motor is missing."""


class BatteryError(AssistantError, OSError):
    """A battery does not say how full it is."""


class DisplayError(AssistantError, OSError):
    """A window or a video cannot be opened or written."""


class DataError(AssistantError, ValueError):
    """Training or test data cannot be read."""


LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """Return a value as a message shows it: cut where it is longer than `LONGEST_SHOWN` characters."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
