"""Tests of `assistant.health`."""
