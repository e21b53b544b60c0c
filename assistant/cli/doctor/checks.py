"""`assistant doctor`: tries each part on this machine, and says in words what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.app.configuration.card import CARD_FILE, CardSettings, card_path
from assistant.app.configuration.settings import Settings
from assistant.app.configuration.settings_files import Layers
from assistant.camera.choose import camera_opener
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import AssistantError, ButtonError, ConfigError, OutputError, SpeechError
from assistant.face.detectors.registry import build_detector
from assistant.health.build import examine_battery
from assistant.outputs.build import try_light, try_motors
from assistant.outputs.settings import HapticsSettings, LightSettings
from assistant.speech.announcer import NO_MOVEMENTS, Announcer
from assistant.speech.boards import NO_BOARD
from assistant.speech.build import load_phrases, voice_choice
from assistant.speech.drivers.alsa import check_sound_device
from assistant.speech.drivers.board_check import check_board
from assistant.speech.drivers.engine import check_engine

FIRST_FRAME_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding about one part."""

    part: str
    works: bool
    text: str

    @property
    def spoken(self) -> str:
        """The finding as it is said. Names of files are no use to the ear."""
        return f"{self.part}: {'works' if self.works else self.text}"

    def __str__(self) -> str:
        return f"{'ok  ' if self.works else 'FAIL'} {self.part}: {self.text}"


def examine(
    layers: Layers, camera: str, model: Path, parts: Sequence[str] = (), config: Path | None = None
) -> Iterator[Finding]:
    """Try each part, or only the named ones; ConfigError is raised for a wrong argument only."""
    settings = layers.settings
    checks: dict[str, Callable[[], str]] = {
        "camera": lambda: _camera(camera, settings),
        "detector": lambda: _detector(settings.search.detector),
        "model": lambda: _model(model, settings),
        "voice": lambda: _voice(settings, config),
        "sound": lambda: _sound(settings.voice.output),
        "battery": lambda: examine_battery(settings.battery),
    }
    if card_path() is not None or "card" in parts:
        checks["card"] = lambda: _card(layers.card)
    if settings.voice.board != NO_BOARD or "board" in parts:
        checks["board"] = lambda: _board(settings.voice.board)
    if settings.button.gpio >= 0 or "button" in parts:
        checks["button"] = lambda: _button(settings.button.gpio)
    if settings.light.gpio >= 0 or "light" in parts:
        checks["light"] = lambda: _light(settings.light)
    if settings.haptics.gpios() or "vibration" in parts:
        checks["vibration"] = lambda: _vibration(settings.haptics)
    for part, check in checks.items():
        if not parts or part in parts:
            yield _found(part, check)


PARTS = ("camera", "detector", "model", "voice", "sound", "battery", "card", "board", "button", "light", "vibration")


def _found(part: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, check())
    except ConfigError:
        raise
    except AssistantError as error:
        return Finding(part, False, str(error))


def _camera(name: str, settings: Settings) -> str:
    from assistant.camera.drivers.picamera import PicameraSource

    open_camera, _ = camera_opener(name, settings.camera, None, fast=False)
    camera = open_camera()
    try:
        frame = camera.read(FIRST_FRAME_TIMEOUT_S)
    finally:
        camera.close()
    if frame is None:
        raise AssistantError(f"{name} gives no frame within {FIRST_FRAME_TIMEOUT_S:g} seconds: check its cable")
    height, width = frame.gray.shape
    view = f"; {PicameraSource.view}" if PicameraSource.view else ""
    return f"{name} gives frames of {width}x{height}{view}"


def _detector(name: str) -> str:
    build_detector(name)
    return "the cascade and the finder can be used" if name == "both" else f"the {name} detector can be used"


def _model(path: Path, settings: Settings) -> str:
    classifier = TFLiteClassifier(path)
    announcer = Announcer(settings.announce, movements=classifier.movements)
    remark = f"; {NO_MOVEMENTS}" if announcer.lacks_movements else ""
    return f"{path.name} is the file that its card names (SHA-256 {classifier.card.sha256[:12]}...){remark}"


def _voice(settings: Settings, config: Path | None) -> str:
    choice = voice_choice(settings.voice, load_phrases(settings.voice, config))
    check_engine(choice)
    return f"{choice.engine} can be used"


def _sound(device: str) -> str:
    check_sound_device(device)
    return f"the sound device {device} opens"


def _card(card: CardSettings) -> str:
    if card.path is None:
        raise AssistantError(f"there are no settings on the card; a file for them is {CARD_FILE}")
    if card.faults:
        raise AssistantError(f"{card.path}: {'; '.join(map(str, card.faults))}")
    names = [f"{section}.{key}" for section, values in card.table.items() for key in values]
    return f"{card.path} sets {', '.join(names) or 'nothing'}"


def _board(name: str) -> str:
    if name == NO_BOARD:
        raise SpeechError("no board is set: give its name as board under [voice] in the settings")
    return check_board(name)


def _button(gpio: int) -> str:
    from assistant.controls.drivers.gpio_buttons import GpioButtons

    if gpio < 0:
        raise ButtonError("no button is set: give its pin as gpio under [button] in the settings")
    GpioButtons(gpio).close()
    return f"GPIO {gpio} can be used"


def _light(light: LightSettings) -> str:
    if light.gpio < 0:
        raise OutputError("no light is set: give its pin as gpio under [light] in the settings")
    try_light(light)
    return f"GPIO {light.gpio} can be used; the light was on for a second"


def _vibration(haptics: HapticsSettings) -> str:
    if not haptics.gpios():
        raise OutputError("no motor is set: give a pin under [haptics] in the settings")
    try_motors(haptics)
    pins = ", ".join(f"{side} on GPIO {gpio}" for side, gpio in haptics.gpios().items())
    return f"each motor vibrated once, one after the other: {pins}"
