"""Tests of `assistant.outputs`."""
