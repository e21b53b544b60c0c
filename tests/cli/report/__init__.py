"""Tests of `assistant.cli.report`."""
