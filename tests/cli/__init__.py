"""Tests of `assistant.cli`."""
