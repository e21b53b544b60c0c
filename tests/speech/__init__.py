"""Tests of `assistant.speech`."""
