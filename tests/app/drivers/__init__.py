"""Tests of `assistant.app.drivers`."""
