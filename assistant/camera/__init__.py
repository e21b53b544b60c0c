"""Frames: given the name of a camera, hands on one gray picture after the other, and says when none come."""
