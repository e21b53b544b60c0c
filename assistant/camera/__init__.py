"""Frames: given the name of a camera, hands on one gray frame after the other, and a fault where none come."""
