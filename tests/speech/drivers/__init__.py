"""Tests of `assistant.speech.drivers`."""
