"""Trains, quantizes and measures the headset's models, on a desktop."""
