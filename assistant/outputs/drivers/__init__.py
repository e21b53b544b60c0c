"""The drivers of the GPIO pins that are outputs."""
