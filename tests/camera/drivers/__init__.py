"""Tests of `assistant.camera.drivers`."""
