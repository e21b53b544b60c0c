"""Tests of `assistant.cli.doctor`."""
