"""Tests of `assistant.camera.drivers.drawn`."""
