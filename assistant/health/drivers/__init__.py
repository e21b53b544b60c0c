"""The drivers of the machine: its sensors, and its switch."""
