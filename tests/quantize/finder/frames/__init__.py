"""Tests of composing frames."""
