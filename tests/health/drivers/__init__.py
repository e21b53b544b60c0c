"""Tests of `assistant.health.drivers`."""
