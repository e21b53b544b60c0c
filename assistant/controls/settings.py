"""The settings of the buttons and of the remote."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.setting import setting


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """The wearer's buttons, each with the BCM number of its GPIO pin."""

    gpio: int = setting(
        -1, "The pin of the button that asks what is seen; -1: there is no such button", low=-1, high=27
    )
    louder_gpio: int = setting(-1, "The pin of the button for louder; -1: there is no such button", low=-1, high=27)
    quieter_gpio: int = setting(-1, "The pin of the button for quieter; -1: there is no such button", low=-1, high=27)


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """A Bluetooth or USB remote, with the kernel's names of its keys; a key whose name is empty is not used."""

    device: str = setting(
        "",
        "The remote's name as in /proc/bus/input/devices, or its path below /dev/input; empty: no remote",
        private=True,
    )
    tell: str = setting("KEY_PLAYPAUSE", "The key that acts as the button, pressed or held")
    repeat: str = setting("KEY_PREVIOUSSONG", "The key that repeats what was said last")
    mode: str = setting("KEY_NEXTSONG", "The key that chooses the next mode")
    louder: str = setting("KEY_VOLUMEUP", "The key that makes the voice louder")
    quieter: str = setting("KEY_VOLUMEDOWN", "The key that makes the voice quieter")
