"""Says which way to turn the camera, so that the face is where it is classified best."""

from __future__ import annotations

from assistant.geometry import BoundingBox

AHEAD = 0.15
"""A face is well in view when its middle is at most this share of the frame's width off the frame's middle."""

HIGHEST, LOWEST = 0.25, 0.65
"""A face is well in view when its middle is between these shares of the frame's height.

People look a little down or up into a camera that is worn.
"""

NARROW, WIDE = 0.09, 0.6
"""A face is well in view when its width is between these shares of the frame's width; 0.09 is about two metres away."""

NOBODY = "No face is seen. Turn slowly to each side, then up and down."
GOOD = "The face is well in view."


def aim(box: BoundingBox | None, width: int, height: int) -> str:
    """Return what the helper should do, for a face in `box` of a frame of this size in pixels; None is no face."""
    if box is None:
        return NOBODY
    x, y = box.center[0] / width, box.center[1] / height
    across = "to the right" if x > 0.5 + AHEAD else "to the left" if x < 0.5 - AHEAD else ""
    down = "down" if y > LOWEST else "up" if y < HIGHEST else ""
    turns = " and ".join(turn for turn in (across, down) if turn)
    if turns:
        return f"Turn the camera {turns}."
    share = box.width / width
    if share < NARROW:
        return "The face is far away. Come nearer."
    return "The face is very near. Step back." if share > WIDE else GOOD
