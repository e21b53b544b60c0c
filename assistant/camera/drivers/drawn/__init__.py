"""Draws what the simulated camera shows: given emotions and times, hands on gray pictures of a room with people."""
