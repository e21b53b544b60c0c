"""The parts that touch the world: cameras, detector, interpreter, voice, window, button."""
