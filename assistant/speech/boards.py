"""The sound boards that are known by name: what each needs, which pins it takes, and how its mixer is set.

The facts come from the makers' files and from lists that others have published; no board was tried with this program.

- wm8960: the overlay and the card's name from raspberrypi/linux, `wm8960-soundcard-overlay.dts`; the mixer from
  waveshareteam/WM8960-Audio-HAT, `wm8960_asound.state`; the pins from raspberrypi.stackexchange.com/questions/93789,
  that of its button from derekbez/bookplayer, `RPi-GPIO-Pin-Diagram.md`.
- respeaker-2mic: the card's name and the overlay from respeaker/seeed-voicecard, `README.md` and `seeed-voicecard`; for
  version 2 from Seeed-Studio/seeed-linux-dtoverlays, `respeaker-2mic-v2_0-overlay.dts`; the pins from the maker's page
  wiki.seeedstudio.com/ReSpeaker_2_Mics_Pi_HAT.
- voice-bonnet: the card's name from forums.adafruit.com, topic 197115; the driver from
  learn.adafruit.com/adafruit-voice-bonnet/audio-setup; the pins of its lights from
  OpenVoiceOS/ovos-PHAL-plugin-dotstar; that of its button only from programs of others.
- headphones: the card's name as `/proc/asound/cards` has it in jzucker2/boombox, `notes/ALSA.md`; the limits of its
  mixer from raspberrypi/linux, `bcm2835-ctl.c`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NO_BOARD = "none"

FIRST_USB = "usb"
"""This stands for the first USB sound card that can play, whose name differs from adapter to adapter."""

BLUEALSA = "bluealsa"
"""BlueALSA's output, to the Bluetooth earphone that connected last."""

_I2C = "it sets the board up (I2C)"
_I2S = "it carries the sound (I2S)"
_LIGHTS = "the board's lights are on it"
_BUTTON = "the board's own button is on it"
_CODEC_PINS = {2: _I2C, 3: _I2C, 18: _I2S, 19: _I2S, 20: _I2S, 21: _I2S}


@dataclass(frozen=True, slots=True)
class MixerValue:
    """What one control of the mixer is set to."""

    controls: tuple[str, ...]
    """The control's names, as `amixer scontrols` lists them; the first one that the card has is set."""
    values: tuple[str, ...]
    """What amixer's `sset` is given."""


_WM8960_MIXER = (
    MixerValue(("Left Output Mixer PCM",), ("on",)),
    MixerValue(("Right Output Mixer PCM",), ("on",)),
    MixerValue(("Playback",), ("255",)),
    MixerValue(("Headphone",), ("109",)),
    MixerValue(("Speaker",), ("109",)),
)
"""The sound is led to both outputs, at the loudness that Waveshare sets: -12 dB."""


@dataclass(frozen=True, slots=True)
class SoundBoard:
    """What is known of a sound board."""

    title: str
    device: str
    """ALSA's name of its output."""
    cards: tuple[str, ...] = ()
    """The card's names in square brackets in `/proc/asound/cards`."""
    lines: tuple[str, ...] = ()
    """Lines for config.txt, one of which is needed; none where the system needs no line."""
    driver: str = ""
    """Where the driver of the board comes from, when it is not part of the system."""
    pins: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    """The BCM numbers of the GPIO pins that the board takes, each with what for."""
    button_gpio: int = -1
    """The pin of a button that is on the board, which the headset may use as its own; -1: there is none."""
    mixer: tuple[MixerValue, ...] = ()


BOARDS: Mapping[str, SoundBoard] = {
    "wm8960": SoundBoard(
        title="Waveshare WM8960 Audio HAT",
        device="plughw:CARD=wm8960soundcard,DEV=0",
        cards=("wm8960soundcard",),
        lines=("dtoverlay=wm8960-soundcard",),
        pins={**_CODEC_PINS, 17: _BUTTON},
        button_gpio=17,
        mixer=_WM8960_MIXER,
    ),
    "respeaker-2mic": SoundBoard(
        title="Seeed ReSpeaker 2-Mics Pi HAT",
        device="plughw:CARD=seeed2micvoicec,DEV=0",
        cards=("seeed2micvoicec",),
        lines=("dtoverlay=seeed-2mic-voicecard", "dtoverlay=respeaker-2mic-v2_0"),
        driver="https://wiki.seeedstudio.com/ReSpeaker_2_Mics_Pi_HAT",
        pins={**_CODEC_PINS, 10: _LIGHTS, 11: _LIGHTS, 17: _BUTTON},
        button_gpio=17,
        mixer=_WM8960_MIXER,
    ),
    "voice-bonnet": SoundBoard(
        title="Adafruit Voice Bonnet",
        device="plughw:CARD=seeed2micvoicec,DEV=0",
        cards=("seeed2micvoicec",),
        lines=("dtoverlay=seeed-2mic-voicecard",),
        driver="https://learn.adafruit.com/adafruit-voice-bonnet/audio-setup",
        pins={**_CODEC_PINS, 5: _LIGHTS, 6: _LIGHTS, 17: _BUTTON},
        button_gpio=17,
        mixer=_WM8960_MIXER,
    ),
    "usb": SoundBoard(
        title="a USB sound adapter",
        device=FIRST_USB,
        mixer=(MixerValue(("PCM", "Headphone", "Speaker", "Headset", "Master"), ("unmute",)),),
    ),
    "headphones": SoundBoard(
        title="the headphone socket of the Raspberry Pi",
        device="plughw:CARD=Headphones,DEV=0",
        cards=("Headphones",),
        lines=("dtparam=audio=on",),
        mixer=(MixerValue(("PCM", "Headphone"), ("0dB", "unmute")),),
    ),
    "bluetooth": SoundBoard(title="a Bluetooth earphone", device=BLUEALSA),
}
"""The boards by their names for `voice.board` in the settings."""


def board_named(name: str) -> SoundBoard | None:
    """Return the board of a value of `voice.board`; None for no board."""
    return BOARDS.get(name)
