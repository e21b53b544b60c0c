"""Tests of `assistant.cli.practice`."""
