"""Plays the steps of a wearer's day to the service: presses, the battery's charge, viewers of the page."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.app.build import build_components
from assistant.app.command_handler import CommandHandler
from assistant.app.components import Components
from assistant.app.configuration.options import RunOptions
from assistant.app.configuration.settings import Settings
from assistant.app.service import Service
from assistant.controls.commands import Edge, Input
from assistant.controls.gestures import ControlPanel
from assistant.frame import Clock
from assistant.health.battery import BatteryReading, BatteryWatch, Charge

from .day_plan import Day

READ_EVERY_S = 10.0
"""The battery is read this often, as by the headset's own reader."""

SHORT, LONG = 0.15, 1.5
BETWEEN_S = 0.2
PRESSES: Mapping[str, Sequence[float]] = {
    "once": [SHORT],
    "twice": [SHORT] * 2,
    "three times": [SHORT] * 3,
    "four times": [SHORT] * 4,
    "hold": [LONG],
    "switch off": [8.0],
    "once, then hold": [SHORT, LONG],
}
"""For how many seconds the button is down in each press of a gesture."""


class Script:
    """A control that gives the steps of the day when they are due; the loop asks it in every turn."""

    def __init__(self, day: Day, clock: Clock) -> None:
        self._clock = clock
        self._edges = deque(sorted(_edges(day), key=lambda edge: edge.t_s))
        self._viewers = deque((step.at_s, step.viewers) for step in day.steps if step.viewers is not None)
        self._asked_s = 0.0
        self.service: Service | None = None
        self.spoken_s = 0.0
        """For how many seconds the headset has spoken."""

    def take(self) -> list[Input]:
        """Return the edges of the button that are due, and let viewers come and go."""
        now = self._clock.now()
        assert self.service is not None
        if self.service.components.voice.is_speaking():
            self.spoken_s += now - self._asked_s
        self._asked_s = now
        while self._viewers and self._viewers[0][0] <= now:
            self.service.requests.set_viewers(self._viewers.popleft()[1])
        due: list[Input] = []
        while self._edges and self._edges[0].t_s <= now:
            due.append(self._edges.popleft())
        return due

    def close(self) -> None:
        """Do nothing."""


class Draining:
    """The battery of the day."""

    def __init__(self, day: Day, clock: Clock) -> None:
        self._day, self._clock = day, clock

    def latest(self) -> BatteryReading:
        """Return the charge at the last time at which it was read."""
        read_s = self._clock.now() // READ_EVERY_S * READ_EVERY_S
        return BatteryReading(read_s, Charge(self._day.charge_at(read_s), is_charging=False))

    def close(self) -> None:
        """Do nothing."""


def _edges(day: Day) -> list[Edge]:
    edges = []
    for step in day.steps:
        at_s = step.at_s
        for down_s in PRESSES[step.press] if step.press is not None else ():
            edges += [Edge(True, at_s), Edge(False, at_s + down_s)]
            at_s += down_s + BETWEEN_S
    return edges


def scripted_service(day: Day, events: Path) -> tuple[Service, Script]:
    """Return the service of a day, and what plays the day to it; the events go to a file."""
    settings = Settings()
    for section, values in day.settings.items():
        settings = replace(settings, **{section: replace(getattr(settings, section), **values)})
    options = RunOptions(
        camera=f"simulated:{day.camera()}", voice="none", events=str(events), fps=day.plan["fps"], fast=True
    )
    components = build_components(options, settings)
    script = Script(day, components.clock)
    service = Service(_with(components, day, script))
    script.service = service
    return service, script


def _with(components: Components, day: Day, script: Script) -> Components:
    """Return the components with the day's button and battery, and with what a headset with a button says first."""
    settings = components.settings
    panel = ControlPanel([script], settings.gestures)
    worn = replace(RunOptions(camera="picamera", keys=True)).notices(settings)
    return replace(
        components,
        panel=panel,
        command_handler=CommandHandler(panel, components.announcer, components.voice),
        battery=Draining(day, components.clock),
        battery_watch=BatteryWatch(settings.battery),
        notices=worn,
        remarks=(),
    )
