"""Tests of `assistant.controls.drivers`."""
