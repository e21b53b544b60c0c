"""Tests of `assistant.speech.guiding`."""
