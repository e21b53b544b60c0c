"""Tests of `assistant.outputs.drivers`."""
