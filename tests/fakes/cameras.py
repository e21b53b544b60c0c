"""Cameras that give what a script says, on a clock that a test moves."""

from __future__ import annotations

import numpy as np

from assistant.emotion.observation import Observation
from assistant.frame import Frame

BRIGHT = np.random.default_rng(1).integers(0, 255, (48, 64), dtype=np.uint8)


class ScriptedCamera:
    """Gives one item of its script at each read: a picture, None for no frame, or an error that is raised."""

    dropped = 1

    def __init__(self, clock, *script):
        self.clock, self.script, self.closed = clock, list(script), False
        self.rates = []

    def read(self, timeout_s):
        """Let the whole time pass, then give the next item of the script."""
        self.clock.wait(timeout_s)
        given = self.script.pop(0)
        if isinstance(given, Exception):
            raise given
        return None if given is None else Frame(given, self.clock.now())

    def set_rate(self, fps):
        """Keep the rate that was asked for."""
        self.rates.append(fps)

    @property
    def ended(self):
        """Whether the script is over."""
        return not self.script

    def close(self):
        """Keep that the camera was closed."""
        self.closed = True


class Nobody:
    """A perception that sees nobody in any picture."""

    def perceive(self, picture, now, *, still=False):
        """Observe nobody."""
        del picture, now, still
        return Observation(None)


def faults(looking, clock, until_s):
    """Turn the vision loop until this time, a second a turn; return (time, fault) for each fault."""
    told = []
    while clock.now() < until_s:
        told += [(each.t_s, each.fault) for each in looking.take(1.0) if each.fault]
    return told
