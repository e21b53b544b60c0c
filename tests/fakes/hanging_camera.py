"""A headset whose camera's driver never returns; a program of its own."""

from __future__ import annotations

import threading
from dataclasses import replace

from assistant.app.build import build_components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.drivers.vision_thread import ThreadedVision
from assistant.app.service import Service
from assistant.app.wakeup import Wakeup
from assistant.cli.signals import Signals


class HangingVision:
    """A vision that hangs in every call."""

    dropped = 0
    opened = ended = False

    def open(self) -> None:
        """Hang for ever."""
        threading.Event().wait()

    def take(self, timeout_s: float) -> list[object]:
        """Fail: nothing is taken from a camera that never opens."""
        raise NotImplementedError

    def reduce_load(self, needed: bool) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Hang for ever."""
        threading.Event().wait()


def main() -> None:
    """Run the headset until a signal comes."""
    signals = Signals(reloads=True)
    options = RunOptions(camera="simulated:empty 1", voice="espeak-ng", waits_for_camera=True)
    components = build_components(options, Settings(), signals.stop)
    wakeup = Wakeup()
    signals.wake = wakeup.set
    hanging = replace(components, vision=ThreadedVision(HangingVision(), wakeup), wake=wakeup.set)
    Service(hanging, signals.stop).run()
    signals.leave()


if __name__ == "__main__":
    main()
