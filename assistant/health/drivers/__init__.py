"""The machine's own sensors, and its switch."""
